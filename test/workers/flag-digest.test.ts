import { describe, expect, test } from 'vitest'
import { readDigestState } from '../../src/core/flagging/digest-state.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../../src/core/time.ts'
import { createFlagDigest } from '../../src/workers/flag-digest.ts'
import { createFlagProgress } from '../../src/workers/flag-progress.ts'
import { addTerminal, EIGHT, massSilence, put } from '../support/flagged-fleet.ts'
import { flushOf } from '../support/store-rows.ts'
import { createFlagRig, ENGLISH, READER } from './flag-rig.ts'

function setUp(start = EIGHT + HOUR) {
  const rig = createFlagRig(start)
  for (const id of ['1', '2', '3']) addTerminal(rig.fleet, id)
  const make = (cron = '0 8,13 * * *') =>
    createFlagDigest(
      {
        ...rig.base,
        noted: () => new Set(),
        progress: createFlagProgress(rig.places, 'flagging.digest.north', readDigestState),
      },
      {
        id: 'north',
        scope: { dealer: 'North', client: '' },
        recipients: [READER, ENGLISH],
        cron,
        zone: 'Europe/Moscow',
      },
    )
  /** Up to a time of day in Moscow, of this day or the next. */
  const until = async (hour: number): Promise<void> => {
    const at = EIGHT + (hour - 8) * HOUR
    await rig.clock.advance(at + (at < rig.clock.now() ? DAY : 0) - rig.clock.now())
  }
  return { ...rig, make, until }
}

const subjects = async (rig: ReturnType<typeof setUp>) =>
  (await rig.letters()).map(({ subject, recipient }) => `${subject} ${recipient}`)

describe('a digest', () => {
  test('is written at its times to each recipient in his language, and leaves at once', async () => {
    const rig = setUp()
    const digest = rig.make()
    await digest.start()
    await rig.fallSilent('1')
    await rig.until(12)
    expect(await rig.letters()).toEqual([])
    await rig.until(13)
    const [russian, english, ...more] = await rig.letters()
    expect(more).toEqual([])
    expect(russian).toMatchObject({
      subject: 'digest-north-1',
      recipient: READER.email,
      line: 'Дилер «North»: замолчали: 1',
    })
    expect(russian?.text).toContain(
      '• Truck 1 (1): молчит с 08:30 (4 ч 30 мин), последние данные: 08:30. Отключено питание.',
    )
    expect(english?.text).toContain('silent since 08:30 (4 h 30 min), last data: 08:30. The power is cut.')
    expect(rig.wakes()).toBe(1)
    expect(rig.metrics.value('watch_flag_letters_total', { kind: 'digest' })).toBe(2)
    await digest.stop()
  })

  test('is not written when nothing changed, and tells of a return once', async () => {
    const rig = setUp()
    const digest = rig.make()
    await digest.start()
    await rig.fallSilent('1')
    await rig.until(13)
    await rig.until(8)
    expect(await rig.letters()).toHaveLength(2)
    await rig.comeBack('1')
    await rig.until(13)
    expect((await rig.letters()).slice(2).map(({ line }) => line)).toEqual([
      'Дилер «North»: снова на связи: 1',
      'Dealer "North": back: 1',
    ])
    await rig.until(8)
    expect(await rig.letters()).toHaveLength(4)
  })

  test('of a new installation begins with what changes from then on', async () => {
    const rig = setUp()
    await rig.fallSilent('1')
    const digest = rig.make()
    await digest.start()
    await rig.until(13)
    expect(await rig.letters()).toEqual([])
    await rig.fallSilent('2')
    await rig.until(8)
    expect((await rig.letters())[0]?.text).not.toContain('Truck 1')
  })

  test('that was missed is made up for once after the start, when terminals had time to speak', async () => {
    const rig = setUp()
    const first = rig.make()
    await first.start()
    await rig.fallSilent('1')
    await rig.until(12)
    await first.stop()
    await rig.clock.advance(DAY)
    const second = rig.make()
    await second.start()
    await rig.clock.advance(5 * MINUTE - SECOND)
    expect(await rig.letters()).toEqual([])
    await rig.clock.advance(SECOND)
    expect(await subjects(rig)).toEqual([
      'digest-north-1 fleet@example.org',
      'digest-north-1 bob@example.org',
    ])
    await second.stop()
    const third = rig.make()
    await third.start()
    await rig.clock.advance(30 * MINUTE)
    expect(await rig.letters()).toHaveLength(2)
  })

  test('is not owed for a time that was none when it passed', async () => {
    const rig = setUp()
    const first = rig.make('0 13 * * *')
    await first.start()
    await rig.fallSilent('1')
    await first.stop()
    const second = rig.make('0 18 * * *')
    await second.start()
    await second.stop()
    await rig.until(14)
    const third = rig.make('0 18 * * *')
    await third.start()
    await rig.clock.advance(10 * MINUTE)
    expect(await rig.letters()).toEqual([])
    await rig.until(18)
    expect(await rig.letters()).toHaveLength(2)
  })

  test('that cannot be stored is tried again every minute', async () => {
    const rig = setUp()
    const digest = rig.make()
    await digest.start()
    await rig.fallSilent('1')
    rig.failures.add = 2
    await rig.until(13)
    expect(await rig.letters()).toEqual([])
    await rig.clock.advance(2 * MINUTE)
    expect(await rig.letters()).toHaveLength(2)
    expect(rig.log.lines.filter(({ level }) => level === 'warn')).toHaveLength(2)
  })

  test('is neither repeated nor lost by a crash between the letters and what is remembered of them', async () => {
    const rig = setUp()
    const first = rig.make()
    await first.start()
    await rig.fallSilent('1')
    await rig.until(12)
    await rig.clock.advance(HOUR - 1)
    // The intention is stored and so are the letters; then the process dies.
    const set = rig.places.settings.set
    let calls = 0
    rig.places.settings.set = async (key, value) => {
      if (++calls > 1) throw new Error('dead')
      await set(key, value)
    }
    await rig.clock.advance(1)
    expect(await rig.letters()).toHaveLength(2)
    await first.stop()
    rig.places.settings.set = set
    await rig.fallSilent('2')
    const second = rig.make()
    await second.start()
    await rig.until(8)
    const later = (await rig.letters()).slice(2)
    expect(later.map(({ subject }) => subject)).toEqual(['digest-north-2', 'digest-north-2'])
    expect(later[0]?.text).toContain('Truck 2')
    expect(later[0]?.text).not.toContain('Truck 1')
  })

  test('is not lost by a crash between the intention and the letters', async () => {
    const rig = setUp()
    const first = rig.make()
    await first.start()
    await rig.fallSilent('1')
    rig.failures.add = 1
    await rig.until(13)
    await first.stop()
    const second = rig.make()
    await second.start()
    await rig.clock.advance(5 * MINUTE)
    expect(await subjects(rig)).toEqual([
      'digest-north-1 fleet@example.org',
      'digest-north-1 bob@example.org',
    ])
  })

  test('never has the subject of an earlier one, though no change was stored in between', async () => {
    const rig = setUp()
    const digest = rig.make()
    await digest.start()
    await rig.fallSilent('1')
    await rig.until(13)
    const row = addTerminal(rig.fleet, '4', { firstSeenAt: rig.clock.now() - DAY + HOUR })
    put(rig.fleet, '4', 'never', 0)
    expect(row).toBe(3)
    await rig.until(8)
    expect(new Set((await rig.letters()).map(({ subject }) => subject))).toEqual(
      new Set(['digest-north-1', 'digest-north-2']),
    )
  })

  test('tells of an incident that goes on although very many began after it', async () => {
    const rig = setUp()
    const others = Array.from({ length: 250 }, (_, n) => {
      const openedAt = EIGHT - DAY + n * SECOND
      const incident = massSilence({ id: `other ${n}`, openedAt, closedAt: openedAt + MINUTE })
      return { incident, rows: Uint32Array.of() }
    })
    await rig.stores.fleet.flush(flushOf({ incidents: others }))
    const digest = rig.make()
    await digest.start()
    await rig.storeIncident({
      incident: massSilence({ openedAt: EIGHT - 30 * DAY, onsetAt: EIGHT - 30 * DAY }),
      rows: Uint32Array.of(0, 1),
    })
    await rig.until(13)
    expect((await rig.letters())[0]?.text).toContain('МТС')
  })

  test('begins anew, and says so, when what was remembered cannot be read', async () => {
    const rig = setUp()
    await rig.stores.settings.set('flagging.digest.north', '{"state":{"after":"x"}}')
    const digest = rig.make()
    await digest.start()
    expect(rig.log.lines.map(({ message }) => message)).toEqual([
      'what was told of silent terminals cannot be read; it begins anew',
    ])
    await rig.fallSilent('1')
    await rig.until(13)
    expect(await rig.letters()).toHaveLength(2)
  })
})
