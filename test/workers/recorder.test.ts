import { describe, expect, test } from 'vitest'
import { addSource, createFleet } from '../../src/core/fleet/fleet.ts'
import { beginBlind, createSourceWatch, endCause } from '../../src/core/freshness/source-watch.ts'
import { DAY, MINUTE, SECOND, toIso } from '../../src/core/time.ts'
import { createOnlineIntake } from '../../src/workers/online-intake.ts'
import { createRecorder, type Recording } from '../../src/workers/recorder.ts'
import { createFakeClock } from '../support/fake-clock.ts'
import { DEFAULTS, T0 } from '../support/fleet-scenario.ts'
import { polledWatch } from '../support/polled-scenario.ts'
import { createRecordingLog, createRecordingMetrics } from '../support/recorders.ts'

function createRig() {
  const clock = createFakeClock(T0)
  const fleet = createFleet(DEFAULTS, 2 * MINUTE)
  const gate = createSourceWatch({ id: 'gate', intervalMs: 30 * SECOND, liveLagMs: 2 * MINUTE }, T0, T0, [])
  addSource(fleet, gate)
  addSource(fleet, polledWatch())
  const recorder = createRecorder({ clock, fleet, log: createRecordingLog() })
  const open = (forMs = MINUTE): Recording => {
    const recording = recorder.open(forMs)
    if (recording === 'busy') throw new Error('busy')
    return recording
  }
  return { clock, fleet, gate, recorder, open }
}

async function rest(recording: Recording): Promise<unknown[]> {
  let text = ''
  for (let piece = await recording.next(); piece !== null; piece = await recording.next()) text += piece
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
}

const at = (ms: number): string => toIso(T0 + ms)
const observation = { terminalId: '1', source: 'gate', receivedAt: T0, kind: 'live' } as const
const observed = { ...observation, receivedAt: at(0) }

describe('a recorder', () => {
  test('is no work while nobody records', () => {
    const { recorder, open } = createRig()
    expect(recorder.tap.current).toBeNull()
    const recording = open()
    expect(recorder.tap.current).not.toBeNull()
    recording.stop()
    expect(recorder.tap.current).toBeNull()
  })

  test('gives what is taken in as lines, and ends at its time', async () => {
    const { clock, recorder, open } = createRig()
    const recording = open(10 * SECOND)
    recorder.tap.current?.observed(observation)
    recorder.tap.current?.observed({ ...observation, kind: 'snapshot' }, true)
    recorder.tap.current?.polled('online', { sentAt: T0, answeredAt: T0 + SECOND })
    recorder.tap.current?.missing('online', '9', T0)
    await clock.advance(20 * SECOND)
    expect(await rest(recording)).toEqual([
      observed,
      { ...observed, kind: 'snapshot', told: true },
      { poll: { source: 'online', at: at(SECOND), sentAt: at(0) } },
      { missing: { source: 'online', terminalId: '9', at: at(0) } },
      { end: at(10 * SECOND) },
    ])
    expect(recorder.tap.current).toBeNull()
  })

  test('gives an empty line while nothing is taken in, so that nobody on the way takes it for dead', async () => {
    const { clock, recorder, open } = createRig()
    const recording = open(10 * MINUTE)
    await clock.advance(19 * SECOND)
    recorder.tap.current?.observed(observation)
    await clock.advance(50 * SECOND)
    recorder.stop()
    const pieces: string[] = []
    for (let next = await recording.next(); next !== null; next = await recording.next()) pieces.push(next)
    expect(pieces.map((piece) => piece.slice(0, 3))).toEqual(['{"t', '\n', '\n', '{"e'])
  })

  test('tells a blind stretch at its beginning and once more at its end, clipped to the recording', async () => {
    const { clock, gate, open } = createRig()
    beginBlind(gate, 'link', T0 - MINUTE)
    const recording = open(10 * SECOND)
    await clock.advance(SECOND)
    endCause(gate, 'link', T0 + SECOND)
    await clock.advance(SECOND)
    beginBlind(gate, 'lag', T0 + 2 * SECOND)
    await clock.advance(10 * SECOND)
    expect(await rest(recording)).toEqual([
      { blind: { source: 'gate', from: at(0), to: null } },
      { blind: { source: 'gate', from: at(0), to: at(SECOND) } },
      { blind: { source: 'gate', from: at(2 * SECOND), to: null } },
      { end: at(10 * SECOND) },
    ])
  })

  test('tells of a polled source what changed, who is missing and who is back', async () => {
    const { clock, fleet, recorder, open } = createRig()
    const intake = createOnlineIntake(
      { clock, fleet, metrics: createRecordingMetrics(), recording: recorder.tap },
      'online',
    )
    const poll = async (rows: Readonly<Record<string, number>>): Promise<void> => {
      await clock.advance(SECOND)
      const answer = Object.entries(rows).map(([terminalId, lastDataAt]) => ({
        terminalId,
        uuid: '',
        lastDataAt,
      }))
      intake.polled(answer, clock.now())
      recorder.tap.current?.polled('online', { sentAt: clock.now(), answeredAt: clock.now() })
    }
    await poll({ a: T0, b: T0 })
    const recording = open()
    await poll({ a: T0, b: T0 })
    await poll({ a: T0 + 1500 })
    await poll({ a: T0 + 1500, b: T0 })
    recorder.stop()
    const value = (terminalId: string, second: number, eventAt: number) => ({
      terminalId,
      source: 'online',
      receivedAt: at(second * SECOND),
      eventAt: at(eventAt),
      kind: 'snapshot',
    })
    const polled = (second: number) => ({
      poll: { source: 'online', at: at(second * SECOND), sentAt: at(second * SECOND) },
    })
    expect(await rest(recording)).toEqual([
      ...[value('a', 2, 0), value('b', 2, 0), polled(2)],
      ...[
        { missing: { source: 'online', terminalId: 'b', at: at(3 * SECOND) } },
        value('a', 3, 1500),
        polled(3),
      ],
      ...[value('b', 4, 0), polled(4)],
      { end: at(4 * SECOND) },
    ])
  })

  test('makes two recordings at once and no third one, until one has ended', () => {
    const { recorder, open } = createRig()
    const first = open()
    open()
    expect(recorder.open(MINUTE)).toBe('busy')
    first.stop()
    expect(recorder.open(MINUTE)).not.toBe('busy')
  })

  test('gives the place of one that is over to another, although nobody reads it', async () => {
    const { clock, recorder, open } = createRig()
    const first = open(10 * SECOND)
    open(10 * SECOND)
    recorder.tap.current?.observed(observation)
    await clock.advance(9 * SECOND)
    expect(recorder.open(MINUTE)).toBe('busy')
    await clock.advance(SECOND)
    expect(recorder.tap.current).toBeNull()
    open()
    expect(await rest(first)).toEqual([observed, { end: at(10 * SECOND) }])
    expect(recorder.tap.current).not.toBeNull()
  })

  test('keeps what waits for its reader of the two that ended last', async () => {
    const { clock, recorder, open } = createRig()
    const recordings = []
    for (let count = 0; count < 3; count++) {
      recordings.push(open(10 * SECOND))
      recorder.tap.current?.observed(observation)
      await clock.advance(10 * SECOND)
    }
    await clock.advance(DAY)
    const pieces = await Promise.all(recordings.map((one) => one.next()))
    expect(pieces.map((piece) => piece === null)).toEqual([true, false, false])
  })

  test('says so when its reader is too slow, rather than leave something out', async () => {
    const { recorder, open } = createRig()
    const recording = open()
    const large = { ...observation, readings: { firmware: 'x'.repeat(10_000) } }
    for (let count = 0; count < 5000; count++) recorder.tap.current?.observed(large)
    const lines = await rest(recording)
    expect(lines.at(-1)).toEqual({ broken: 'the reader takes less than is recorded' })
    expect(lines.length).toBeGreaterThan(3000)
  })

  test('ends as a whole when the service stops', async () => {
    const { recorder, open } = createRig()
    const recording = open()
    recorder.tap.current?.observed(observation)
    recorder.stop()
    expect(await rest(recording)).toEqual([observed, { end: at(0) }])
  })

  test('wakes a reader that waits when it is stopped', async () => {
    const { open } = createRig()
    const recording = open()
    const waiting = recording.next()
    recording.stop()
    expect(await waiting).toBeNull()
  })
})
