import { describe, expect, test } from 'vitest'
import { type DigestEvidence, decideDigest } from '../../../src/core/flagging/digest.ts'
import { type DigestState, newDigest } from '../../../src/core/flagging/digest-state.ts'
import type { FlaggedList } from '../../../src/core/flagging/flagged.ts'
import { type HappenedByRow, takeChanges } from '../../../src/core/flagging/happened.ts'
import type { Fleet } from '../../../src/core/fleet/fleet.ts'
import { mergeTerminals } from '../../../src/core/fleet/merge.ts'
import type { State, Transition } from '../../../src/core/freshness/state.ts'
import { DAY, HOUR, type Instant, MINUTE } from '../../../src/core/time.ts'
import {
  acknowledge,
  addTerminal,
  EIGHT,
  emptyFleet,
  massSilence,
  moveTo,
  openMass,
  put,
} from '../../support/flagged-fleet.ts'
import { transition } from '../../support/store-rows.ts'

const ANY = { dealer: '', client: '' }
const LAST = EIGHT - 15 * HOUR
const ONSET = EIGHT - 3 * HOUR
const STATE: DigestState = newDigest(0, LAST, EIGHT)
const NOTHING: DigestEvidence = { happened: new Map(), incidents: [], noted: new Set() }

const alert = (terminalId: string, contactAt = ONSET): Transition =>
  transition({ terminalId, contactAt, at: contactAt + 30 * MINUTE, alertId: `a-${terminalId}` })
const back = (terminalId: string, at: Instant): Transition =>
  transition({ terminalId, at, from: 'stale', to: 'fresh', contactAt: at })
const unstable = (terminalId: string): Transition =>
  transition({ terminalId, at: EIGHT - HOUR, note: 'unstable-link' })

function happenedIn(fleet: Fleet, changes: readonly Transition[], scope = ANY): HappenedByRow {
  const happened: HappenedByRow = new Map()
  takeChanges(fleet, scope, happened, changes)
  return happened
}

function decide(
  fleet: Fleet,
  changes: readonly Transition[],
  {
    state = STATE,
    scope = ANY,
    now = EIGHT,
    ...evidence
  }: Partial<DigestEvidence> & {
    state?: DigestState
    scope?: { dealer: string; client: string }
    now?: Instant
  } = {},
) {
  const all = { ...NOTHING, happened: happenedIn(fleet, changes, scope), ...evidence }
  const { content, ...remembered } = decideDigest(fleet, scope, state, all, now, () => null)
  const ids = (list?: FlaggedList): readonly string[] => list?.items.map(({ id }) => id) ?? []
  const lists = {
    silent: ids(content?.silent),
    brief: ids(content?.brief),
    back: ids(content?.back),
    unstable: ids(content?.unstable),
    never: ids(content?.never),
  }
  const spoken = Object.entries(lists).filter(([, list]) => list.length > 0)
  return {
    content,
    lists: Object.fromEntries(spoken),
    ...remembered,
    state: { ...state, ...remembered, at: now },
  }
}

type Case = {
  readonly state: State
  readonly changes?: readonly Transition[]
  readonly told?: boolean
  readonly held?: boolean
  readonly known?: boolean
  readonly explained?: boolean
}

describe('a terminal is', () => {
  const cases: readonly (readonly [
    string,
    Case,
    object,
    { readonly told: boolean; readonly held: boolean },
  ])[] = [
    [
      'news when an alert was raised and it still is silent',
      { state: 'stale', changes: [alert('1')] },
      { silent: ['1'] },
      { told: true, held: false },
    ],
    [
      'news when it is lost by now',
      { state: 'lost', changes: [alert('1')] },
      { silent: ['1'] },
      { told: true, held: false },
    ],
    ['quiet when it was silent before anybody looked', { state: 'stale' }, {}, { told: false, held: false }],
    [
      'quiet when it was told before and is silent still',
      { state: 'lost', told: true },
      {},
      { told: true, held: false },
    ],
    [
      'told short when it came back meanwhile',
      { state: 'fresh', changes: [alert('1'), back('1', EIGHT - HOUR)] },
      { brief: ['1'] },
      { told: false, held: false },
    ],
    [
      'told as back when its silence was told',
      { state: 'fresh', told: true, changes: [back('1', EIGHT - HOUR)] },
      { back: ['1'] },
      { told: false, held: false },
    ],
    [
      'told as back while it uploads its archive',
      { state: 'backlog', told: true, changes: [back('1', EIGHT - HOUR)] },
      { back: ['1'] },
      { told: false, held: false },
    ],
    [
      'quiet when it is back from a silence that nobody was told of',
      { state: 'fresh', changes: [back('1', EIGHT - HOUR)] },
      {},
      { told: false, held: false },
    ],
    [
      'told as back once, though it fell silent again in between',
      {
        state: 'fresh',
        told: true,
        changes: [back('1', EIGHT - 2 * HOUR), alert('1'), back('1', EIGHT - HOUR)],
      },
      { back: ['1'] },
      { told: false, held: false },
    ],
    [
      'news again when it came back and is silent anew',
      { state: 'stale', told: true, changes: [back('1', EIGHT - 5 * HOUR), alert('1')] },
      { silent: ['1'] },
      { told: true, held: false },
    ],
    [
      'quiet while somebody knows of it, and remembered',
      { state: 'stale', known: true, changes: [alert('1')] },
      {},
      { told: false, held: true },
    ],
    [
      'news when the time is over for which somebody knew',
      { state: 'stale', held: true },
      { silent: ['1'] },
      { told: true, held: false },
    ],
    [
      'quiet when it came back while somebody knew of it',
      { state: 'fresh', held: true, changes: [back('1', EIGHT - HOUR)] },
      {},
      { told: false, held: false },
    ],
    [
      'quiet while an incident explains it, and remembered',
      { state: 'stale', explained: true, changes: [alert('1')] },
      {},
      { told: false, held: true },
    ],
    [
      'not judged during planned work',
      { state: 'maintenance', changes: [alert('1')] },
      {},
      { told: false, held: true },
    ],
    [
      'not back only because planned work began',
      { state: 'maintenance', told: true },
      {},
      { told: true, held: false },
    ],
    ['not back only because we are blind', { state: 'unknown', told: true }, {}, { told: true, held: false }],
    [
      'forgotten when it is out of service',
      { state: 'decommissioned', told: true },
      {},
      { told: false, held: false },
    ],
    [
      'told as unstable and nothing else',
      { state: 'fresh', changes: [alert('1'), unstable('1')] },
      { unstable: ['1'] },
      { told: false, held: false },
    ],
    [
      'told as unstable, and its return is news when it is silent now',
      { state: 'stale', changes: [unstable('1')] },
      { unstable: ['1'] },
      { told: true, held: false },
    ],
    [
      'not told again when the silence that was told with an unstable link is alerted',
      { state: 'stale', told: true, changes: [alert('1')] },
      {},
      { told: true, held: false },
    ],
    [
      'quiet as unstable while somebody knows of it',
      { state: 'fresh', known: true, changes: [unstable('1')] },
      {},
      { told: false, held: false },
    ],
  ]
  test.each(cases)(
    '%s',
    (_name, { state, changes = [], told, held, known, explained }, expected, remembered) => {
      const fleet = emptyFleet()
      const row = addTerminal(fleet, '1')
      put(fleet, '1', state, ONSET)
      if (known) acknowledge(fleet, '1', EIGHT + DAY)
      if (explained) fleet.table.incident[row] = 1
      const silence = [['1', ONSET]] as const
      const before = { ...STATE, told: told ? silence : [], held: held ? silence : [] }
      const decided = decide(fleet, changes, { state: before })
      expect(decided.lists).toEqual(expected)
      expect({ told: decided.told.length > 0, held: decided.held.length > 0 }).toEqual(remembered)
      expect(decided.content === null).toBe(Object.keys(expected).length === 0)
    },
  )
})

describe('a digest', () => {
  test('knows of a note that was sent of the same silence', () => {
    const fleet = emptyFleet()
    addTerminal(fleet, '1')
    put(fleet, '1', 'stale', ONSET)
    const { content } = decide(fleet, [alert('1')], { noted: new Set(['1']) })
    expect(content?.silent.items[0]?.noted).toBe(true)
  })

  test('is about terminals as they are now: moved to another client, merged into another one', () => {
    const fleet = emptyFleet()
    addTerminal(fleet, '1', { client: 'Agro' })
    addTerminal(fleet, '2', { client: 'Agro' })
    addTerminal(fleet, '860', { client: '', discovered: true })
    put(fleet, '1', 'stale', ONSET)
    put(fleet, '2', 'stale', ONSET)
    put(fleet, '860', 'stale', ONSET)
    moveTo(fleet, '1', 'Beta')
    mergeTerminals(fleet, 2, 1)
    const changes = [alert('1'), alert('860')]
    expect(decide(fleet, changes, { scope: { dealer: '', client: 'Agro' } }).lists).toEqual({ silent: ['2'] })
    expect(decide(fleet, changes, { scope: { dealer: 'North', client: 'Beta' } }).lists).toEqual({
      silent: ['1'],
    })
    expect(decide(fleet, changes, { scope: { dealer: 'South', client: '' } }).content).toBeNull()
  })

  describe('about a terminal that was handed over', () => {
    const AGRO = { dealer: 'North', client: 'Agro' }
    const GIVEN = EIGHT - HOUR

    function given(state: State, at: Instant) {
      const fleet = emptyFleet()
      const row = addTerminal(fleet, '1', { handedOver: { client: GIVEN, group: [] } })
      put(fleet, '1', state, at)
      return { fleet, row }
    }

    test('tells its new client nothing that was over by then', () => {
      const { fleet, row } = given('fresh', GIVEN - 1)
      const rows = Uint32Array.of(row)
      const changes = [alert('1'), back('1', GIVEN - 1), { ...unstable('1'), at: GIVEN - 1 }]
      const incidents = [{ incident: massSilence({ closedAt: GIVEN - 1 }), rows }]
      expect(decide(fleet, changes, { scope: AGRO, incidents }).content).toBeNull()
      expect(decide(fleet, changes).lists).toEqual({ unstable: ['1'] })
      expect(decide(fleet, [], { incidents }).content?.incidents).toHaveLength(1)
    })

    test('tells him that it was silent then, whether or not it still is', () => {
      expect(decide(given('stale', ONSET).fleet, [alert('1')], { scope: AGRO }).lists).toEqual({
        silent: ['1'],
      })
      const returned = decide(given('fresh', GIVEN).fleet, [alert('1'), back('1', GIVEN)], { scope: AGRO })
      expect(returned.lists).toEqual({ brief: ['1'] })
    })
  })

  test('names the longest silence of each client first, and bounds what it names', () => {
    const fleet = emptyFleet()
    const ids = Array.from({ length: 200 }, (_, n) => `${n}`)
    for (const id of ids) {
      addTerminal(fleet, id, { client: Number(id) % 2 === 0 ? 'Beta' : 'Agro' })
      put(fleet, id, 'stale', ONSET - Number(id) * MINUTE)
    }
    const { content } = decide(
      fleet,
      ids.map((id) => alert(id, ONSET - Number(id) * MINUTE)),
    )
    expect(content?.silent.total).toBe(200)
    expect(content?.silent.items).toHaveLength(150)
    expect(content?.silent.items.slice(0, 2).map(({ id }) => id)).toEqual(['199', '197'])
    expect(content?.silent.items[100]).toMatchObject({ client: 'Beta', id: '198' })
  })

  test('counts those that are known to be silent, and says when the first is told of again', () => {
    const fleet = emptyFleet()
    for (const id of ['1', '2', '3', '4']) addTerminal(fleet, id)
    for (const id of ['1', '2', '3']) put(fleet, id, 'stale', ONSET)
    put(fleet, '4', 'decommissioned', ONSET)
    acknowledge(fleet, '2', EIGHT + 2 * DAY)
    acknowledge(fleet, '3', EIGHT + DAY)
    const { content } = decide(fleet, [alert('1')])
    expect(content?.tally).toEqual({ total: 3, silent: 3, known: 2, knownUntil: EIGHT + DAY })
  })

  test('names a terminal that was never heard once, when its time is over', () => {
    const fleet = emptyFleet()
    addTerminal(fleet, '1', { firstSeenAt: EIGHT - DAY - HOUR })
    addTerminal(fleet, '2', { firstSeenAt: EIGHT - 2 * DAY })
    addTerminal(fleet, '3', { firstSeenAt: EIGHT - DAY - HOUR })
    for (const id of ['1', '2', '3']) put(fleet, id, 'never', 0)
    acknowledge(fleet, '3', EIGHT + HOUR)
    const first = decide(fleet, [])
    expect(first.lists).toEqual({ never: ['1'] })
    const second = decide(fleet, [], { state: first.state, now: EIGHT + 5 * HOUR })
    expect(second.lists).toEqual({ never: ['3'] })
    expect(decide(fleet, [], { state: second.state, now: EIGHT + DAY }).content).toBeNull()
  })

  test('has a line for an incident that began or ended, none of its own accord for one that goes on', () => {
    const fleet = emptyFleet()
    const rows = Uint32Array.of(addTerminal(fleet, '1'), addTerminal(fleet, '2', { client: 'Beta' }))
    put(fleet, '1', 'stale', ONSET)
    const open = { incident: massSilence(), rows }
    openMass(fleet, open)
    const scope = { dealer: '', client: 'Agro' }
    const begun = decide(fleet, [], { incidents: [open], scope })
    expect(begun.content?.incidents).toMatchObject([
      { incident: { members: 1 }, stillSilent: 1, isNew: true },
    ])
    expect(
      decide(fleet, [], { incidents: [open], scope: { dealer: '', client: 'Gamma' } }).content,
    ).toBeNull()
    const later = { state: begun.state, scope, now: EIGHT + 5 * HOUR }
    expect(decide(fleet, [], { ...later, incidents: [open] }).content).toBeNull()
    const closed = { incident: massSilence({ closedAt: EIGHT + HOUR }), rows }
    expect(decide(fleet, [], { ...later, incidents: [closed] }).content?.incidents).toHaveLength(1)
  })

  test.each([
    ['none that is back and was part of a mass silence', massSilence().onsetAt, {}],
    ['one that is back and fell silent before a mass silence', massSilence().onsetAt - 1, { brief: ['1'] }],
    ['one that is back and fell silent after a mass silence', EIGHT - MINUTE + 1, { brief: ['1'] }],
  ])('names %s', (_name, onset, lists) => {
    const fleet = emptyFleet()
    const rows = Uint32Array.of(addTerminal(fleet, '1'))
    put(fleet, '1', 'fresh', EIGHT)
    const incidents = [{ incident: massSilence({ closedAt: EIGHT - MINUTE }), rows }]
    expect(decide(fleet, [alert('1', onset), back('1', EIGHT)], { incidents }).lists).toEqual(lists)
  })

  test('tells whoever joins an open incident later, once', () => {
    const fleet = emptyFleet()
    const rows = [addTerminal(fleet, '1', { client: 'Beta' }), addTerminal(fleet, '2')]
    const joined = (count: number) => {
      const open = { incident: massSilence(), rows: Uint32Array.from(rows.slice(0, count)) }
      openMass(fleet, open)
      return [open]
    }
    const scope = { dealer: '', client: 'Agro' }
    const first = decide(fleet, [], { incidents: joined(1), scope })
    expect(first.content).toBeNull()
    const second = decide(fleet, [], { incidents: joined(2), scope, state: first.state, now: EIGHT + HOUR })
    expect(second.content?.incidents).toMatchObject([{ stillSilent: 1, isNew: true }])
    const third = decide(fleet, [], { incidents: joined(2), scope, state: second.state, now: EIGHT + DAY })
    expect(third.content).toBeNull()
  })

  test('does not begin with an old incident from which all are back', () => {
    const fleet = emptyFleet()
    const open = {
      incident: massSilence({ openedAt: LAST - 1 }),
      rows: Uint32Array.of(addTerminal(fleet, '1')),
    }
    openMass(fleet, open, new Uint32Array())
    const scope = { dealer: '', client: 'Agro' }
    expect(decide(fleet, [], { incidents: [open], scope }).content).toBeNull()
    openMass(fleet, open)
    expect(decide(fleet, [], { incidents: [open], scope }).content?.incidents).toHaveLength(1)
  })

  test('counts who is silent in an open incident now, not when it was stored', () => {
    const fleet = emptyFleet()
    const rows = Uint32Array.of(addTerminal(fleet, '1'))
    fleet.incidents.set(1, massSilence({ silent: 7 }))
    const open = { incident: massSilence({ silent: 118 }), rows }
    const { content } = decide(fleet, [], { incidents: [open] })
    expect(content?.incidents).toMatchObject([{ incident: { silent: 7, members: 120 } }])
  })

  test('tells of single cases that remain when an incident is over', () => {
    const fleet = emptyFleet()
    const row = addTerminal(fleet, '1')
    put(fleet, '1', 'stale', ONSET)
    fleet.table.incident[row] = 1
    const during = decide(fleet, [])
    expect(during.content).toBeNull()
    fleet.table.incident[row] = 0
    const single = transition({ terminalId: '1', from: 'stale', to: 'stale', contactAt: ONSET, alertId: 'a' })
    expect(decide(fleet, [single], { state: during.state }).lists).toEqual({ silent: ['1'] })
  })
})
