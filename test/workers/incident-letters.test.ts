import { describe, expect, test } from 'vitest'
import type { Reader } from '../../src/core/flagging/audience.ts'
import type { Incident } from '../../src/core/freshness/mass/incident.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../../src/core/time.ts'
import { createIncidentLetters } from '../../src/workers/incident-letters.ts'
import { addTerminal, EIGHT, massSilence, moveTo, put } from '../support/flagged-fleet.ts'
import { flushOf } from '../support/store-rows.ts'
import { createFlagRig, ENGLISH, READER } from './flag-rig.ts'

const ZONE = 'Europe/Moscow'
const OPERATOR: Reader = {
  recipient: { email: 'ops@example.org', name: '', language: 'ru' },
  scope: { dealer: '', client: '' },
  zone: ZONE,
}
const READERS: readonly Reader[] = [
  OPERATOR,
  { recipient: READER, scope: { dealer: '', client: 'Agro' }, zone: ZONE },
  { recipient: { ...READER, email: 'Fleet@example.org' }, scope: { dealer: '', client: 'Beta' }, zone: ZONE },
  { recipient: ENGLISH, scope: { dealer: '', client: 'Gamma' }, zone: ZONE },
  { recipient: ENGLISH, scope: { dealer: 'South', client: '' }, zone: 'UTC' },
]

function setUp(readers: readonly Reader[] = READERS) {
  const rig = createFlagRig()
  const rows = [
    addTerminal(rig.fleet, '1', { client: 'Agro' }),
    addTerminal(rig.fleet, '2', { client: 'Agro' }),
    addTerminal(rig.fleet, '3', { client: 'Beta' }),
    addTerminal(rig.fleet, '4', { client: 'Delta' }),
  ]
  for (const id of ['1', '2', '3', '4']) put(rig.fleet, id, 'stale', EIGHT - HOUR)
  const make = () => createIncidentLetters({ ...rig.base, readers: () => readers })
  const happens = (change: Partial<Incident> = {}, members: readonly number[] = rows, silent = members) =>
    rig.storeIncident(
      {
        incident: massSilence({ openedAt: EIGHT, onsetAt: EIGHT - 10 * MINUTE, ...change }),
        rows: Uint32Array.from(members),
      },
      Uint32Array.from(silent),
    )
  return { ...rig, rows, make, happens }
}

describe('letters about mass silence', () => {
  test('go once to operators and to all whose terminals are in it, with how many of theirs', async () => {
    const rig = setUp()
    const letters = rig.make()
    letters.start()
    await rig.happens()
    await rig.clock.advance(5 * MINUTE - 1)
    expect(await rig.letters()).toEqual([])
    await rig.clock.advance(HOUR)
    const written = await rig.letters()
    expect(written.map(({ subject, sequence, recipient }) => [subject, sequence, recipient])).toEqual([
      ['incident-1f2e', 1, 'ops@example.org'],
      ['incident-1f2e', 1, 'fleet@example.org'],
    ])
    expect(written[0]?.line).toBe('Массовое молчание терминалов: оператор связи «МТС», 26 ноября 2026 г.')
    expect(written[0]?.text).toContain('Сейчас молчат: 118 терминалов\nДолжны были передавать данные: 150\n')
    expect(written[0]?.text).not.toContain('ваши')
    expect(written[1]?.text).toContain('Сейчас молчат: 3 терминала\nПосчитаны только ваши терминалы.\n')
    expect(rig.metrics.value('watch_flag_letters_total', { kind: 'incident' })).toBe(2)
    expect(rig.wakes()).toBe(1)
    await letters.stop()
  })

  test('tell of the end in the same thread, with how many are still silent', async () => {
    const rig = setUp()
    const letters = rig.make()
    letters.start()
    await rig.happens()
    await rig.clock.advance(HOUR)
    for (const id of ['1', '3', '4']) put(rig.fleet, id, 'fresh', EIGHT + HOUR)
    await rig.happens({ closedAt: EIGHT + HOUR })
    await rig.clock.advance(2 * HOUR)
    const written = await rig.letters()
    expect(written).toHaveLength(4)
    const [begun, over] = written.filter(({ recipient }) => recipient === READER.email)
    expect(over?.inReplyTo).toBe(begun?.messageId)
    expect(over?.line).toBe(begun?.line)
    expect(over?.text).toContain('Продолжительность: около 1 ч 10 мин\n')
    expect(over?.text).toContain('Ещё молчат: 1 терминал.')
  })

  test('are not written of what is over within the hold', async () => {
    const rig = setUp()
    rig.make().start()
    await rig.happens()
    await rig.clock.advance(4 * MINUTE)
    await rig.happens({ closedAt: EIGHT + 4 * MINUTE })
    await rig.clock.advance(DAY)
    expect(await rig.letters()).toEqual([])
  })

  test('that were not written before a crash are written after the start, and no others again', async () => {
    const rig = setUp()
    const first = rig.make()
    first.start()
    await rig.happens()
    rig.failures.add = 1
    await rig.clock.advance(5 * MINUTE)
    await first.stop()
    expect(await rig.letters()).toEqual([])
    const second = rig.make()
    second.start()
    await rig.clock.advance(MINUTE)
    expect(await rig.letters()).toHaveLength(2)
    await second.stop()
    const third = rig.make()
    third.start()
    await rig.clock.advance(MINUTE)
    expect(await rig.letters()).toHaveLength(2)
    await third.stop()
    await rig.happens({ closedAt: EIGHT + HOUR })
    rig.make().start()
    await rig.clock.advance(MINUTE)
    expect(await rig.letters()).toHaveLength(4)
  })

  test('tell of the end of one that lasted while very many others came and went', async () => {
    const rig = setUp()
    rig.make().start()
    await rig.happens()
    await rig.clock.advance(6 * MINUTE)
    const others = Array.from({ length: 150 }, (_, n) => {
      const openedAt = EIGHT + n * SECOND
      const incident = massSilence({ id: `other ${n}`, openedAt, closedAt: openedAt + MINUTE })
      return { incident, rows: Uint32Array.of() }
    })
    await rig.stores.fleet.flush(flushOf({ incidents: others }))
    await rig.clock.advance(10 * HOUR)
    await rig.happens({ closedAt: EIGHT + 10 * HOUR })
    await rig.clock.advance(HOUR)
    expect((await rig.letters()).map(({ sequence }) => sequence)).toEqual([1, 1, 2, 2])
  })

  test('do not come of an end that is old when the service starts', async () => {
    const rig = setUp()
    const first = rig.make()
    first.start()
    await rig.happens()
    await rig.clock.advance(6 * MINUTE)
    await first.stop()
    await rig.happens({ closedAt: EIGHT + HOUR })
    await rig.clock.advance(2 * DAY)
    rig.make().start()
    await rig.clock.advance(HOUR)
    expect(await rig.letters()).toHaveLength(2)
  })

  test('go to whoever joins later, once and also after a restart, and then he is told of the end', async () => {
    const rig = setUp()
    const [first = 0] = rig.rows
    moveTo(rig.fleet, '1', 'Zeta')
    const letters = rig.make()
    letters.start()
    await rig.happens({}, [first])
    await rig.clock.advance(10 * MINUTE)
    expect((await rig.letters()).map(({ recipient }) => recipient)).toEqual([OPERATOR.recipient.email])
    await letters.stop()
    const later = rig.make()
    later.start()
    await rig.happens({}, rig.rows)
    await rig.clock.advance(10 * MINUTE)
    expect((await rig.letters()).map(({ recipient }) => recipient)).toEqual([
      OPERATOR.recipient.email,
      READER.email,
    ])
    await later.stop()
    rig.make().start()
    await rig.clock.advance(10 * MINUTE)
    expect(await rig.letters()).toHaveLength(2)
    await rig.happens({ closedAt: EIGHT + HOUR }, rig.rows)
    await rig.clock.advance(HOUR)
    expect((await rig.letters()).map(({ sequence }) => sequence)).toEqual([1, 1, 2, 2])
  })

  test('are not written to those whose terminals are back by then, unless they fall silent again', async () => {
    const rig = setUp()
    rig.make().start()
    await rig.happens({ silent: 0 }, rig.rows, [])
    await rig.clock.advance(10 * MINUTE)
    expect(await rig.letters()).toEqual([])
    await rig.happens({ silent: 1 }, rig.rows, rig.rows.slice(3))
    await rig.clock.advance(10 * MINUTE)
    expect((await rig.letters()).map(({ recipient }) => recipient)).toEqual([OPERATOR.recipient.email])
    await rig.happens({ silent: 0, closedAt: EIGHT + HOUR })
    await rig.clock.advance(HOUR)
    expect((await rig.letters()).map(({ sequence }) => sequence)).toEqual([1, 2])
  })

  test('do not begin with an incident that has just ended and is stored as an open one', async () => {
    const rig = setUp()
    rig.make().start()
    await rig.happens()
    rig.fleet.incidents.clear()
    await rig.clock.advance(HOUR)
    expect(await rig.letters()).toEqual([])
  })

  test('tell operators of a source that is blind, and do not name other clients to anybody else', async () => {
    const rig = setUp()
    rig.make().start()
    await rig.happens({
      dimension: 'ingest',
      group: 'gate',
      also: [
        { dimension: 'client', group: 'Delta' },
        { dimension: 'region', group: 'Тверь' },
      ],
    })
    await rig.clock.advance(6 * MINUTE)
    const [operator, reader] = await rig.letters()
    expect(operator?.text).toContain('Не поступают данные терминалов: источник данных «gate».')
    expect(operator?.text).toContain('Затронуты также: клиент «Delta», регион «Тверь»\n')
    expect(reader?.text).toContain('Затронуты также: регион «Тверь»\n')
  })

  test('are nobody’s when there are no readers', async () => {
    const rig = setUp([])
    rig.make().start()
    await rig.happens()
    await rig.clock.advance(HOUR)
    expect(await rig.letters()).toEqual([])
  })
})
