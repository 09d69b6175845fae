import { setImmediate as turn } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { createMemoryStores } from '../../src/adapters/memory/stores.ts'
import type { NewLetter } from '../../src/core/letters/letter.ts'
import type { MaintenanceRule, MaintenanceWindow } from '../../src/core/outage/outage.ts'
import { DAY, HOUR, type Instant, MINUTE, SECOND } from '../../src/core/time.ts'
import { type PlannedWorkStore, StoreError, type Timetable } from '../../src/ports.ts'
import { createClaimHold } from '../../src/workers/claim-hold.ts'
import { createPlannedWork, type PlannedWork } from '../../src/workers/planned-work.ts'
import { createFakeClock } from '../support/fake-clock.ts'
import { newLetter } from '../support/letters.ts'
import { createRecordingLog } from '../support/recorders.ts'

const CLARA = { name: 'clara', via: 'session', address: '192.0.2.7' } as const
const SYSTEM = { name: 'system', via: 'system', address: '' }
/** `every N m`, counted from midnight of the zone; `Etc/GMT-3` is three hours ahead. */
const PACE = /^every (\d+) m$/

function createRig() {
  const clock = createFakeClock()
  const stores = createMemoryStores()
  const log = createRecordingLog()
  const announced: string[] = []
  const timetable: Pick<Timetable, 'fault' | 'next'> = {
    fault: (expression) => (PACE.test(expression) ? null : { code: 'fields', text: 'must be: every N m' }),
    next(expression, zone, count) {
      const paceMs = Number(PACE.exec(expression)?.[1]) * MINUTE
      const offset = zone === 'UTC' ? 0 : 17 * MINUTE
      const first = Math.floor((clock.now() - offset) / paceMs) + 1
      return Array.from({ length: count }, (_, index): Instant => (first + index) * paceMs + offset)
    },
  }
  const rig = {
    clock,
    stores,
    log,
    announced,
    store: stores.plannedWork as PlannedWorkStore,
    timetable,
    woken: 0,
    changes: 0,
    work: undefined as PlannedWork | undefined,
    async open(zone = 'UTC'): Promise<PlannedWork> {
      const work = await createPlannedWork(
        {
          clock,
          log,
          timetable: rig.timetable,
          holdClaims: (work) => work(),
          store: rig.store,
          announce: async (window, withdrawn, at) => {
            announced.push(`${withdrawn ? '-' : '+'}${minutes(window.from)}`)
            return { add: [letterOf(window, withdrawn, at)], supersede: [] }
          },
          lettersStored: () => {
            rig.woken++
          },
          changed: () => {
            rig.changes++
          },
        },
        { zone },
      )
      rig.work = work
      await work.start()
      return work
    },
    audit: async () => {
      const items = await stores.audit.list({ limit: 1000 })
      return items.toReversed().map(({ actor, action }) => `${actor.name} ${action}`)
    },
    letters: async () => (await stores.outbox.list({ limit: 100 })).items,
  }
  return rig
}

function letterOf({ id: subject }: MaintenanceWindow, withdrawn: boolean, dueAt: Instant): NewLetter {
  return newLetter({ subject, kind: 'announcement', sequence: withdrawn ? 2 : 1, dueAt })
}

const T0 = createFakeClock().now()
const minutes = (at: Instant): number => (at - T0) / MINUTE
const at = (minute: number): Instant => T0 + minute * MINUTE
const windowOf = (from: number, to: number, announce = false) => ({
  from: at(from),
  to: at(to),
  reason: 'a new switch',
  announce,
})
const ruleOf = (pace: number, change: Partial<MaintenanceRule> = {}) => ({
  cron: `every ${pace} m`,
  durationMs: 5 * MINUTE,
  reason: 'backups',
  announce: false,
  ...change,
})
const begins = (work: PlannedWork): readonly number[] => work.list().map(({ from }) => minutes(from))

let rig: ReturnType<typeof createRig>
afterEach(() => rig.work?.stop())

async function accepted(window: Promise<MaintenanceWindow | 'past'>): Promise<MaintenanceWindow> {
  const added = await window
  if (added === 'past') throw new Error('not past')
  return added
}

describe('a window', () => {
  test('cannot begin in the past, can be taken back before it begins, and ended while it lasts', async () => {
    rig = createRig()
    const work = await rig.open()
    expect(await work.add(windowOf(-1, 10), CLARA)).toBe('past')
    const now = await accepted(work.add(windowOf(0, 1), CLARA))
    expect(await work.remove(now.id, CLARA)).toBe('removed')
    const [first, second] = await Promise.all([
      accepted(work.add(windowOf(10, 20), CLARA)),
      accepted(work.add(windowOf(10, 30), CLARA)),
    ])
    expect(first.id).not.toBe(second.id)
    expect(work.merged()).toEqual([{ from: at(10), to: at(30) }])
    expect(await work.remove(first.id, CLARA)).toBe('removed')
    expect(await work.remove(first.id, CLARA)).toBe('missing')
    const arePlanned = () => [now, first, second].map(({ id }) => work.isPlanned(id))
    expect(arePlanned()).toEqual([false, false, true])
    await rig.clock.advance(15 * MINUTE)
    expect(arePlanned()).toEqual([false, false, true])
    expect(await work.remove(second.id, CLARA)).toBe('ended')
    expect(arePlanned()).toEqual([false, false, false])
    expect(await work.remove(second.id, CLARA)).toBe('over')
    expect(work.list()).toMatchObject([{ id: second.id, to: at(15) }])
    expect((await rig.stores.plannedWork.load()).windows).toEqual(work.list())
    expect(rig.changes).toBe(6)
  })

  test('is in the audit trail from its beginning to its end', async () => {
    rig = createRig()
    const work = await rig.open()
    const { id } = await accepted(work.add(windowOf(10, 30), CLARA))
    await rig.clock.advance(20 * MINUTE)
    await work.remove(id, CLARA)
    const told = { from: '2026-01-01T00:10:00.000Z', reason: 'a new switch', announced: false }
    expect(await rig.stores.audit.list({ subject: id, limit: 9 })).toMatchObject([
      {
        actor: CLARA,
        action: 'maintenance.end',
        before: { ...told, to: '2026-01-01T00:30:00.000Z' },
        after: { ...told, to: '2026-01-01T00:20:00.000Z' },
      },
      { at: T0, actor: CLARA, action: 'maintenance.add', before: null, after: told },
    ])
  })

  test('that was over long ago is removed when retention asks for it, and nothing else is', async () => {
    rig = createRig()
    const work = await rig.open()
    const rule = await work.addRule(ruleOf(30), CLARA)
    if ('fault' in rule) throw new Error(rule.fault.text)
    await work.add(windowOf(10, 20), CLARA)
    await work.add(windowOf(10, 500), CLARA)
    await work.add(windowOf(300, 310), CLARA)
    const taken = work.list().find(({ rule: id }) => id !== undefined)
    await work.remove(taken?.id ?? '', CLARA)
    await rig.clock.advance(120 * MINUTE)
    const before = work.list()
    const over = before.filter(({ to }) => to < at(100))
    const { changes } = rig
    // The one that was taken back is there no more, either.
    expect(await work.removeOver(at(100))).toBe(over.length + 1)
    expect(await work.removeOver(at(100))).toBe(0)
    expect(over.length).toBeGreaterThan(1)
    expect(work.list()).toEqual(before.filter((window) => !over.includes(window)))
    expect((await rig.stores.plannedWork.load()).windows).toEqual(work.list())
    expect(rig.changes).toBe(changes + 1)
  })

  test('is announced on request, and the announcement is taken back with it, but not when it ends early', async () => {
    rig = createRig()
    const work = await rig.open()
    await work.add(windowOf(5, 6), CLARA)
    const first = await accepted(work.add(windowOf(10, 30, true), CLARA))
    const second = await accepted(work.add(windowOf(40, 60, true), CLARA))
    expect(rig.announced).toEqual(['+10', '+40'])
    await work.remove(second.id, CLARA)
    await rig.clock.advance(20 * MINUTE)
    await work.remove(first.id, CLARA)
    expect(rig.announced).toEqual(['+10', '+40', '-40'])
    expect((await rig.letters()).map(({ subject, sequence }) => [subject, sequence])).toEqual([
      [second.id, 2],
      [second.id, 1],
      [first.id, 1],
    ])
    expect(rig.woken).toBe(3)
  })

  test('that comes again at the same time is another one: its letters go out too', async () => {
    rig = createRig()
    const work = await rig.open()
    const first = await accepted(work.add(windowOf(10, 30, true), CLARA))
    await rig.clock.advance(SECOND)
    await work.remove(first.id, CLARA)
    const second = await accepted(work.add(windowOf(10, 30, true), CLARA))
    expect(second.id).not.toBe(first.id)
    expect(await rig.letters()).toHaveLength(3)
  })

  test('that cannot be stored is none', async () => {
    rig = createRig()
    rig.store = {
      ...rig.stores.plannedWork,
      commit: () => Promise.reject(new StoreError('full', 'no space')),
    }
    const work = await rig.open()
    await expect(work.add(windowOf(10, 30, true), CLARA)).rejects.toThrow('no space')
    expect(work.list()).toEqual([])
    expect(rig.changes).toBe(0)
  })
})

describe('a rule', () => {
  test('always has its next two windows, also after a restart and a long stop', async () => {
    rig = createRig()
    const work = await rig.open()
    expect(await work.addRule(ruleOf(30), CLARA)).toMatchObject({ id: expect.stringMatching(/^r/) })
    expect(begins(work)).toEqual([30, 60])
    await rig.clock.advance(30 * MINUTE)
    expect(begins(work)).toEqual([30, 60, 90])
    await rig.clock.advance(31 * MINUTE)
    expect(begins(work)).toEqual([30, 60, 90, 120])
    work.stop()
    await rig.clock.advance(DAY)
    expect(begins(await rig.open()).slice(4)).toEqual([1530, 1560])
    expect(await rig.audit()).toEqual([
      'clara maintenance-rule.add',
      ...Array.from({ length: 6 }, () => 'system maintenance.add'),
    ])
    const [newest] = await rig.stores.audit.list({ limit: 1 })
    expect(newest).toMatchObject({ actor: SYSTEM, after: { rule: expect.any(String), reason: 'backups' } })
  })

  test('announces each of its windows when it is asked to', async () => {
    rig = createRig()
    const work = await rig.open()
    await work.addRule(ruleOf(30, { announce: true }), CLARA)
    await rig.clock.advance(30 * MINUTE)
    expect(rig.announced).toEqual(['+30', '+60', '+90'])
    expect(work.list().every(({ announced }) => announced)).toBe(true)
  })

  test('leaves out a window that somebody took back', async () => {
    rig = createRig()
    const work = await rig.open()
    await work.addRule(ruleOf(30, { announce: true }), CLARA)
    const [first] = work.list()
    expect(await work.remove(first?.id ?? '', CLARA)).toBe('removed')
    expect(await work.remove(first?.id ?? '', CLARA)).toBe('missing')
    work.stop()
    const again = await rig.open()
    expect(begins(again)).toEqual([60, 90])
    expect(again.merged()).toHaveLength(2)
    await rig.clock.advance(31 * MINUTE)
    expect(begins(again)).toEqual([60, 90])
    expect(rig.announced).toEqual(['+30', '+60', '-30', '+90'])
  })

  test('goes with the windows that have not begun', async () => {
    rig = createRig()
    const work = await rig.open()
    const rule = await work.addRule(ruleOf(30, { announce: true }), CLARA)
    if ('fault' in rule) throw new Error(rule.fault.text)
    await work.add(windowOf(45, 50), CLARA)
    await rig.clock.advance(32 * MINUTE)
    expect(await work.removeRule(rule.id, CLARA)).toBe('removed')
    expect(await work.removeRule(rule.id, CLARA)).toBe('missing')
    expect(work.rules()).toEqual([])
    expect(begins(work)).toEqual([30, 45])
    expect(rig.announced.slice(3)).toEqual(['-60', '-90'])
    await rig.clock.advance(DAY)
    expect(begins(work)).toEqual([30, 45])
    const stored = await rig.stores.plannedWork.load()
    expect([stored.windows.length, stored.rules.length]).toEqual([2, 0])
  })

  test('is read anew in another time zone, with what it had announced', async () => {
    rig = createRig()
    const work = await rig.open()
    await work.addRule(ruleOf(60, { announce: true }), CLARA)
    expect(begins(work)).toEqual([60, 120])
    work.stop()
    const there = await rig.open('Asia/Kathmandu')
    expect(begins(there)).toEqual([17, 77])
    expect(rig.announced).toEqual(['+60', '+120', '-60', '-120', '+17', '+77'])
    there.stop()
    expect(begins(await rig.open('UTC'))).toEqual([60, 120])
  })

  test('keeps what it planned when the wall clock is set back', async () => {
    rig = createRig()
    const work = await rig.open()
    await rig.clock.advance(DAY)
    await work.addRule(ruleOf(30), CLARA)
    rig.clock.step(-2 * HOUR)
    await rig.clock.advance(HOUR)
    expect(begins(work)).toEqual(expect.arrayContaining([1440 + 30, 1440 + 60]))
    expect(rig.announced).toEqual([])
  })

  test.each([
    ['a cron expression that is none', { cron: 'now' }, 'fields', /every N m/],
    ['less than a minute', { durationMs: MINUTE - 1 }, 'duration', /between 1m and 7d/],
    ['more than a week', { durationMs: 7 * DAY + 1, cron: 'every 99999 m' }, 'duration', /between 1m and 7d/],
    [
      'windows that overlap',
      { durationMs: 30 * MINUTE + 1 },
      'overlap',
      /duration is too long: at 2026-01-01T01:00/,
    ],
  ])('is refused with %s', async (_name, change, code, reason) => {
    rig = createRig()
    const work = await rig.open()
    expect(await work.addRule(ruleOf(30, change), CLARA)).toEqual({
      fault: { code, text: expect.stringMatching(reason) },
    })
    expect(await rig.audit()).toEqual([])
  })

  test('may have windows that touch', async () => {
    rig = createRig()
    const work = await rig.open()
    expect(await work.addRule(ruleOf(30, { durationMs: 30 * MINUTE }), CLARA)).not.toHaveProperty('fault')
  })

  test('that cannot be planned is tried again, and keeps no other from it', async () => {
    rig = createRig()
    const { next } = rig.timetable
    let broken = false
    rig.timetable = {
      ...rig.timetable,
      next(expression, zone, count) {
        if (broken && expression === 'every 30 m') throw new Error('no such zone')
        return next(expression, zone, count)
      },
    }
    const work = await rig.open()
    await work.addRule(ruleOf(30), CLARA)
    await work.addRule(ruleOf(31), CLARA)
    broken = true
    await rig.clock.advance(40 * MINUTE)
    const lacking = begins(work)
    expect(lacking.filter((begin) => begin % 30 === 0)).toEqual([30, 60])
    expect(lacking.length).toBeGreaterThan(4)
    expect(rig.log.lines.filter(({ level }) => level === 'error').length).toBeGreaterThan(1)
    broken = false
    await rig.clock.advance(MINUTE)
    expect(begins(work)).toContain(90)
  })
})

test('an announcement is taken back at once while letters are being sent', async () => {
  rig = createRig()
  const { commit } = rig.stores.plannedWork
  const claims = createClaimHold()
  let taken = 0
  const work = await createPlannedWork(
    {
      clock: rig.clock,
      log: rig.log,
      timetable: rig.timetable,
      holdClaims: claims.hold,
      lettersStored: () => {},
      changed: () => {},
      store: {
        ...rig.stores.plannedWork,
        async commit(change) {
          if (change.letters.supersede.length === 0) return commit(change)
          // A courier that goes on claiming.
          void claims
            .claim(() => rig.stores.outbox.claim(rig.clock.now(), 9))
            .then((claimed) => {
              taken += claimed.length
            })
          await turn()
          return commit(change)
        },
      },
      announce: async (window, withdrawn, now) => {
        const waiting = (await rig.letters()).filter(({ state }) => state === 'pending')
        return withdrawn && waiting.length > 0
          ? { add: [], supersede: waiting.map(({ id }) => id) }
          : { add: [letterOf(window, withdrawn, now)], supersede: [] }
      },
    },
    { zone: 'UTC' },
  )
  rig.work = work
  const { id } = await accepted(work.add(windowOf(10, 30, true), CLARA))
  expect(await work.remove(id, CLARA)).toBe('removed')
  expect((await rig.letters()).map(({ sequence, state }) => [sequence, state])).toEqual([[1, 'superseded']])
  expect(taken).toBe(0)
})
