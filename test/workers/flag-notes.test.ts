import { describe, expect, test } from 'vitest'
import { readNoteState } from '../../src/core/flagging/note-state.ts'
import { HOUR, MINUTE } from '../../src/core/time.ts'
import { createFlagNotes } from '../../src/workers/flag-notes.ts'
import { createFlagProgress } from '../../src/workers/flag-progress.ts'
import { addTerminal, EIGHT } from '../support/flagged-fleet.ts'
import { createFlagRig, ENGLISH, READER } from './flag-rig.ts'

function setUp() {
  const rig = createFlagRig(EIGHT + HOUR)
  for (const id of ['1', '2', '3']) addTerminal(rig.fleet, id)
  const make = () =>
    createFlagNotes(
      {
        ...rig.base,
        digested: () => ({ silences: new Map(), at: 0 }),
        progress: createFlagProgress(rig.places, 'flagging.notes.north', readNoteState),
      },
      {
        id: 'north',
        scope: { dealer: '', client: 'Agro' },
        recipients: [READER, ENGLISH],
        holdMs: 10 * MINUTE,
        hours: { from: '08:00', to: '18:00', days: '1-5', zone: 'Europe/Moscow' },
      },
    )
  return { ...rig, make }
}

describe('immediate notes', () => {
  test('tell of a terminal that stays stale, and not of one that is back within the hold', async () => {
    const rig = setUp()
    const notes = rig.make()
    await notes.start()
    await rig.fallSilent('1')
    await rig.fallSilent('2')
    await rig.clock.advance(5 * MINUTE)
    await rig.comeBack('2')
    await rig.clock.advance(7 * MINUTE)
    const [russian, english, ...more] = await rig.letters()
    expect(more).toEqual([])
    expect(russian).toMatchObject({ recipient: READER.email, line: 'Нет данных: 1 терминал. Клиент «Agro»' })
    expect(russian?.text).toContain('• Truck 1 (1): молчит с 08:30')
    expect(english?.line).toBe('No data: 1 terminal. Client "Agro"')
    expect(notes.noted()).toEqual(new Set(['1']))
    expect(rig.wakes()).toBe(1)
    await rig.clock.advance(HOUR)
    expect(await rig.letters()).toHaveLength(2)
    await notes.stop()
  })

  test('forget what they told when it is over', async () => {
    const rig = setUp()
    const notes = rig.make()
    await notes.start()
    await rig.fallSilent('1')
    await rig.clock.advance(12 * MINUTE)
    await rig.comeBack('1')
    await rig.clock.advance(MINUTE)
    expect(notes.noted()).toEqual(new Set())
  })

  test('go on over a restart: what waited is told, and nothing twice', async () => {
    const rig = setUp()
    const first = rig.make()
    await first.start()
    await rig.fallSilent('1')
    await rig.clock.advance(5 * MINUTE)
    await first.stop()
    const second = rig.make()
    await second.start()
    await rig.clock.advance(7 * MINUTE)
    expect(await rig.letters()).toHaveLength(2)
    await second.stop()
    const third = rig.make()
    await third.start()
    expect(third.noted()).toEqual(new Set(['1']))
    await rig.clock.advance(HOUR)
    expect(await rig.letters()).toHaveLength(2)
  })

  test('of a new installation do not tell of what was silent before', async () => {
    const rig = setUp()
    await rig.fallSilent('1')
    const notes = rig.make()
    await notes.start()
    await rig.clock.advance(HOUR)
    expect(await rig.letters()).toEqual([])
  })

  test('are written when the store works again, and the trouble is logged once', async () => {
    const rig = setUp()
    const notes = rig.make()
    await notes.start()
    await rig.fallSilent('1')
    await rig.clock.advance(10 * MINUTE)
    rig.failures.add = 3
    await rig.clock.advance(5 * MINUTE)
    expect(await rig.letters()).toHaveLength(2)
    expect(rig.log.lines.map(({ level }) => level)).toEqual(['warn', 'info'])
  })
})
