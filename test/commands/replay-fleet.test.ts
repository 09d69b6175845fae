import { writeFile } from 'node:fs/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { replayFleetCommand } from '../../src/commands/replay-fleet.ts'
import { SECOND, toIso } from '../../src/core/time.ts'
import { T0 } from '../support/fleet-scenario.ts'
import { tempFolder } from '../support/temp-folder.ts'

const CONFIG = `
sources:
  - { id: gate, kind: http, token: t, interval: 30s }
  - { id: online, kind: omnicomm-online, baseUrl: "http://127.0.0.1:1", login: a, password: b, pollEvery: 60s }
freshness: { default: { moving: 5m } }
`

let folder: ReturnType<typeof tempFolder>
beforeEach(async () => {
  folder = tempFolder()
  await writeFile(folder.file('watch.yaml'), CONFIG)
})
afterEach(() => folder[Symbol.dispose]())

const at = (seconds: number): string => toIso(T0 + seconds * SECOND)
const live = (seconds: number, terminalId = '1'): string =>
  JSON.stringify({ terminalId, source: 'gate', receivedAt: at(seconds), kind: 'live' })
const end = (seconds: number): string => JSON.stringify({ end: at(seconds) })

async function run(
  args: readonly string[],
  pieces: Iterable<string | Uint8Array> = [],
  shutdown = new AbortController(),
) {
  const seen = { out: '', err: '' }
  const status = await replayFleetCommand(['--config', 'watch.yaml', ...args], {
    out: (text) => {
      seen.out += text
    },
    err: (text) => {
      seen.err += text
    },
    env: {},
    cwd: folder.path,
    stdin: (async function* () {
      for (const piece of pieces) yield typeof piece === 'string' ? Buffer.from(piece) : piece
    })(),
    shutdown: shutdown.signal,
  })
  return { status, ...seen }
}

async function replaying(lines: readonly string[], ...args: readonly string[]) {
  await writeFile(folder.file('fleet.ndjson'), lines.join('\n'))
  return run([...args, 'fleet.ndjson'])
}

const change = (seconds: number, terminalId: string, from: string | null, to: string, more = {}): string =>
  `${JSON.stringify({ at: at(seconds), terminalId, from, to, ...more })}\n`

describe('replay fleet', () => {
  test('prints changes in the order of time, and a summary for people on the standard error', async () => {
    const { status, out, err } = await replaying([live(0, '2'), live(0, '1'), live(60, '1'), end(3600)])
    expect(status).toBe(0)
    expect(out).toBe(
      change(0, '1', null, 'fresh') +
        change(0, '2', null, 'fresh') +
        change(300, '2', 'fresh', 'stale', { cause: 'unknown' }) +
        change(360, '1', 'fresh', 'stale', { cause: 'unknown' }),
    )
    expect(err).toContain('terminals           2\n')
    expect(err).toContain('flags               2, 0 of them explained by an incident\n')
  })

  test('with --summary prints one JSON object in place of the lines', async () => {
    const { status, out, err } = await replaying([live(0), end(600)], '--summary')
    expect({ status, err }).toEqual({ status: 0, err: '' })
    expect(JSON.parse(out)).toEqual({
      from: at(0),
      to: at(600),
      observations: 1,
      terminals: 1,
      flags: 1,
      days: [{ day: '2026-01-01', flags: 1 }],
      causes: [{ cause: 'unknown', flags: 1 }],
      incidents: [],
      explained: 0,
      mostFlagged: [{ terminalId: '1', flags: 1, silentSeconds: 300 }],
      silentShare: 0.5,
      unstable: 0,
      badLines: 0,
      lateLines: 0,
    })
  })

  test('registers the terminals of a file at the first line, so that one without data is never heard', async () => {
    await writeFile(
      folder.file('fleet.csv'),
      'terminal_id;imei;lifecycle\n1;356307042441013;\n5;;\n6;;suspended\n',
    )
    const observed = live(0, '356307042441013')
    const { status, out } = await replaying([observed, end(100)], '--terminals', 'fleet.csv')
    expect(status).toBe(0)
    expect(out).toBe(
      change(0, '1', null, 'fresh') +
        change(0, '5', null, 'unknown') +
        change(0, '6', null, 'suspended') +
        change(60, '5', 'unknown', 'never'),
    )
  })

  test('a bad row in the file of terminals is told, and nothing is replayed', async () => {
    await writeFile(folder.file('fleet.csv'), 'terminal_id\n1\n1\n')
    const { status, out, err } = await replaying([live(0)], '--terminals', 'fleet.csv')
    expect({ status, out }).toEqual({ status: 1, out: '' })
    expect(err).toContain('line 3: terminal 1 is already on line 2')
  })

  test('a bad line is told with its number and its reason, the others are replayed, and the status is 1', async () => {
    const bad = ['{', '{"a":1}', '{"terminalId":"1","source":"gate","receivedAt":"soon","kind":"live"}']
    const { status, out, err } = await replaying([live(0), ...bad, '', live(1, '2')])
    expect(status).toBe(1)
    expect(out).toBe(change(0, '1', null, 'fresh') + change(1, '2', null, 'fresh'))
    expect(err).toContain('fleet.ndjson:2: not a JSON object\n')
    expect(err).toContain('fleet.ndjson:3: one of "terminalId"')
    expect(err).toContain('fleet.ndjson:4: "receivedAt" must be an ISO 8601 time')
  })

  test('a first line by a clock that was not set yet is followed by all others but one, and the clock runs on to any end', async () => {
    const unset = JSON.stringify({
      terminalId: '1',
      source: 'gate',
      receivedAt: '2000-01-01T00:00:00Z',
      kind: 'live',
    })
    const lines = [unset, live(0, '2'), live(1, '3'), live(2, '2'), '{"end":"2199-01-01T00:00:00Z"}']
    const { status, out, err } = await replaying(lines, '--summary')
    expect(status).toBe(1)
    expect(err).toContain('fleet.ndjson:2: 2026-01-01T00:00:00.000Z is more than 400 days after')
    expect(JSON.parse(out)).toMatchObject({
      to: '2199-01-01T00:00:00.000Z',
      observations: 3,
      badLines: 1,
      flags: 3,
    })
  })

  test('of very many bad lines the first are told and the others counted', async () => {
    const { err } = await replaying(Array.from({ length: 50 }, () => 'x'))
    expect(err.match(/not a JSON object/g)).toHaveLength(20)
    expect(err).toContain('and 30 more bad lines')
  })

  test('the standard input is read without a file or for -, in whatever pieces it comes', async () => {
    const text = Buffer.from(`\uFEFF${live(0)}\r\n\r\n${live(1, 'Ж')}\n${end(2)}`)
    const expected = change(0, '1', null, 'fresh') + change(1, 'Ж', null, 'fresh')
    for (const size of [1, 7, 1000]) {
      const pieces = Array.from({ length: Math.ceil(text.length / size) }, (_, i) =>
        text.subarray(i * size, (i + 1) * size),
      )
      for (const args of [[], ['-']])
        expect(await run(args, pieces)).toMatchObject({ status: 0, out: expected })
    }
  })

  test('a line that is far too long is told and takes no memory, and the next one is read', async () => {
    const long = Array.from({ length: 30 }, () => 'x'.repeat(100_000))
    const { status, out, err } = await run([], [`${live(0)}\n`, ...long, `\n${live(1, '2')}\n`])
    expect(status).toBe(1)
    expect(err).toContain('standard input:2: the line is longer than 1 MiB')
    expect(out).toBe(change(0, '1', null, 'fresh') + change(1, '2', null, 'fresh'))
  })

  test('an interrupted replay tells what it has found so far, and no bad line for the piece that it read last', async () => {
    const shutdown = new AbortController()
    const pieces = (function* () {
      yield `${live(0)}\n${live(1).slice(0, 20)}`
      shutdown.abort()
      yield live(1).slice(20)
    })()
    const { status, out, err } = await run([], pieces, shutdown)
    expect({ status, out }).toEqual({ status: 1, out: change(0, '1', null, 'fresh') })
    expect(err).toContain('interrupted')
    expect(err).not.toContain('bad line')
  })

  test('a group that falls silent together is an incident, after the terminals of the same instant', async () => {
    const ids = Array.from({ length: 40 }, (_, i) => String(i + 1))
    const csv = ids.map((id) => `${id};${Number(id) <= 20 ? 'A' : 'B'}`).join('\n')
    await writeFile(folder.file('fleet.csv'), `terminal_id;operator\n${csv}\n`)
    const lines: string[] = []
    for (let second = 0; second < 3600; second += 30) {
      for (const id of ids) if (second < 1800 || Number(id) > 20) lines.push(live(second, id))
    }
    const { out } = await replaying([...lines, end(3600)], '--terminals', 'fleet.csv')
    const incidents = out.split('\n').filter((line) => line.includes('incident"'))
    const opened = incidents
      .map((line) => JSON.parse(line))
      .find(({ incident }) => incident?.action === 'open')
    expect(opened).toMatchObject({ incident: { dimension: 'operator', group: 'A', action: 'open' } })
    const times = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).at)
    expect(times).toEqual(times.toSorted())
  })

  test.each([
    [['--what', 'x'], 'Unknown option'],
    [['a', 'b'], 'only one FILE is read'],
  ])('%j is wrong usage', async (args, reason) => {
    const { status, err } = await run(args)
    expect(status).toBe(2)
    expect(err).toContain(reason)
    expect(err).toContain('usage: omnicomm-watch replay fleet')
  })

  test('an invalid configuration is status 2, a file that is not there status 1', async () => {
    expect(await run(['missing.ndjson'])).toMatchObject({ status: 1, out: '' })
    await writeFile(folder.file('watch.yaml'), 'sources: 7')
    expect(await run(['missing.ndjson'])).toMatchObject({ status: 2, out: '' })
  })
})
