import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parsePolicy, replayOutages, replayOutagesCommand } from '../../src/commands/replay-outages.ts'
import { MINUTE, toIso } from '../../src/core/time.ts'

const T0 = 1_767_225_600_000
let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'replay-outages-'))
})
afterAll(() => rm(folder, { recursive: true }))

const verdict = (minute: number, verdict: string): string =>
  JSON.stringify({ at: toIso(T0 + minute * MINUTE), verdict })
const span = (from: number, to: number, verdict_: string): string[] =>
  Array.from({ length: to - from + 1 }, (_, index) => verdict(from + index, verdict_))

async function run(...args: string[]): Promise<{ status: number; out: string; err: string }> {
  let out = ''
  let err = ''
  const status = await replayOutagesCommand(args, {
    out: (text) => {
      out += text
    },
    err: (text) => {
      err += text
    },
    cwd: folder,
  })
  return { status, out, err }
}

async function file(name: string, text: string): Promise<string> {
  await writeFile(join(folder, name), text)
  return name
}

describe('replay outages', () => {
  test('prints the outages and the uptime of a trace as one JSON object', async () => {
    const lines = [...span(-10, -1, 'ok'), ...span(0, 62, 'fail'), ...span(63, 70, 'ok')]
    const { status, out, err } = await run(await file('plain.ndjson', `${lines.join('\n')}\n`))
    expect({ status, err }).toEqual({ status: 0, err: '' })
    expect(JSON.parse(out)).toEqual({
      outages: [
        {
          start: toIso(T0),
          end: toIso(T0 + 63 * MINUTE),
          downMs: 62 * MINUTE,
          possibleMs: 63 * MINUTE,
          letterDueAt: toIso(T0 + 61 * MINUTE),
          operatorAlarmAt: null,
          intermittent: false,
        },
      ],
      // 80 minutes: 16 up, 62 down, and one minute on either side in which the change lies.
      uptime: { ratio: 17 / 80, coverage: 1, lower: 17 / 80, upper: 17 / 80 },
    })
  })

  test('a window at the end of the file counts, and so does the policy', async () => {
    const maintenance = { from: toIso(T0 + 10 * MINUTE), to: toIso(T0 + 40 * MINUTE) }
    const trace = await file(
      'w.ndjson',
      [...span(0, 100, 'fail'), JSON.stringify({ maintenance })].join('\r\n'),
    )
    const paused = JSON.parse((await run(trace)).out)
    expect(paused.outages).toMatchObject([{ downMs: 70 * MINUTE, letterDueAt: toIso(T0 + 91 * MINUTE) }])
    expect(paused.uptime).toEqual({ ratio: 0, coverage: 1, lower: 0, upper: 0 })
    const policy = await file('policy.json', '{"noticeAfterMs":1200000,"maintenancePauses":false}')
    const counted = JSON.parse((await run('--policy', policy, trace)).out)
    expect(counted.outages).toMatchObject([{ downMs: 100 * MINUTE, letterDueAt: toIso(T0 + 21 * MINUTE) }])
  })

  test('files of an editor that marks UTF-8 with a byte order mark are read', async () => {
    const trace = await file('bom.ndjson', `\uFEFF${span(0, 3, 'fail').join('\r\n\r\n')}`)
    const policy = await file('bom.json', '\uFEFF{"noticeAfterMs":1}')
    const { status, out, err } = await run('--policy', policy, trace)
    expect({ status, err }).toEqual({ status: 0, err: '' })
    expect(JSON.parse(out).outages).toMatchObject([{ start: toIso(T0), letterDueAt: toIso(T0 + MINUTE) }])
  })

  test('unknown verdicts at the ends are time of which nothing is known', () => {
    const lines = [...span(0, 4, 'unknown'), ...span(5, 95, 'ok'), ...span(96, 100, 'unknown')]
    expect(replayOutages(lines)).toEqual({
      outages: [],
      uptime: { ratio: 1, coverage: 0.9, lower: 0.9, upper: 1 },
    })
    expect(replayOutages([...lines, verdict(101, 'unknown')])).toMatchObject({ uptime: { ratio: null } })
  })

  test.each([
    ['an empty file', []],
    ['one verdict', [verdict(0, 'fail')]],
    ['no known verdict', span(0, 10, 'unknown')],
  ])('of %s nothing is known', (_name, lines) => {
    expect(replayOutages(lines)).toEqual({
      outages: [],
      uptime: { ratio: null, coverage: 0, lower: 0, upper: 1 },
    })
  })

  test('a recorded step back leaves no outage and no order of lines broken', () => {
    const stepped = { step: { at: toIso(T0 - 119 * MINUTE), deltaMs: -120 * MINUTE } }
    const lines = [verdict(0, 'fail'), JSON.stringify(stepped), verdict(-118, 'ok'), verdict(-117, 'ok')]
    expect(replayOutages(lines)).toEqual({
      outages: [],
      uptime: { ratio: null, coverage: 1 / 3, lower: 1 / 3, upper: 1 },
    })
  })

  test('every bad line is named with its number, and nothing is printed', async () => {
    const lines = [
      verdict(0, 'ok'),
      '{"at":',
      verdict(1, 'OK'),
      '[]',
      '',
      '{"at":"2026-01-01 10:00","verdict":"ok"}',
      '{"maintenance":{"from":"2026-01-02T00:00:00Z","to":"2026-01-01T00:00:00Z"}}',
      verdict(-1, 'ok'),
      '{"step":{"at":"2026-01-02T00:00:00Z","deltaMs":1.5}}',
      `{"verdict":"ok","at":"${'x'.repeat(20_000)}"}`,
    ]
    const { status, out, err } = await run(await file('bad.ndjson', lines.join('\n')))
    expect({ status, out }).toEqual({ status: 1, out: '' })
    expect(
      err
        .trim()
        .split('\n')
        .map((line) => line.slice(0, 40).replace(/: .*/, '')),
    ).toEqual([2, 3, 4, 6, 7, 8, 9, 10].map((number) => `bad.ndjson:${number}`))
    expect(err).toContain('bad.ndjson:3: "verdict" must be "ok", "fail" or "unknown"')
    expect(err).toContain('put the lines in order of time')
  })

  test('a trace that is not there fails; wrong usage and a bad policy are status 2', async () => {
    const trace = await file('one.ndjson', verdict(0, 'ok'))
    expect(await run('absent.ndjson')).toMatchObject({ status: 1, out: '' })
    expect(await run()).toMatchObject({ status: 2, err: expect.stringContaining('usage:') })
    expect(await run('--speed', '2', trace)).toMatchObject({ status: 2 })
    expect(await run(trace, trace)).toMatchObject({ status: 2 })
    expect(await run('--policy', 'absent.json', trace)).toMatchObject({ status: 2 })
    const policy = await file('bad.json', '{"intervalMs":"1m","speed":1,"noticeAfterMs":-1}')
    const bad = await run('--policy', policy, trace)
    expect(bad).toMatchObject({ status: 2, out: '' })
    for (const key of ['intervalMs', 'speed', 'noticeAfterMs']) expect(bad.err).toContain(`bad.json: ${key} `)
  })

  test('zero is a policy where it makes sense', () => {
    expect(parsePolicy({ recoveryPeriodMs: 0, noticeAfterMs: 0 })).toMatchObject({ recoveryPeriodMs: 0 })
    expect(parsePolicy({ intervalMs: 0 })).toEqual([expect.stringContaining('intervalMs')])
    expect(parsePolicy([])).toEqual(['must be a JSON object'])
  })
})
