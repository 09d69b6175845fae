import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { decodeCommand } from '../../src/commands/decode.ts'
import { EGTS_JSON, FLESPI_MESSAGE, GENERIC_JSON } from '../support/payloads.ts'
import { TRACCAR_POSITION } from '../support/traccar-payloads.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'decode-explain-'))
  await writeFile(
    join(folder, 'watch.yaml'),
    `sources:
  - { id: odd, kind: http, format: json, token: t, mapping: { terminal: "topic:1", eventAt: "$.when", voltage: "$.u" } }
`,
  )
})
afterAll(() => rm(folder, { recursive: true }))

type Line = Readonly<Record<string, unknown>> & {
  readonly explain: readonly Readonly<Record<string, unknown>>[]
  readonly unused: readonly string[]
}

async function decodeOne(args: readonly string[], payload: unknown): Promise<Line> {
  const out: string[] = []
  const stdin = (async function* () {
    yield new TextEncoder().encode(`${typeof payload === 'string' ? payload : JSON.stringify(payload)}\n`)
  })()
  const io = { out: (text: string) => void out.push(text), err: () => {}, stdin, env: {}, cwd: folder }
  expect(await decodeCommand(args, io)).toBe(0)
  return JSON.parse(out.join(''))
}

describe('decode with --source', () => {
  const odd = ['--config', 'watch.yaml', '--source', 'odd', '--topic', 'fleet/77']

  test('says where every value came from, what was refused and what was not used', async () => {
    const line = await decodeOne([...odd, '--received-at', '2026-01-15T10:25:30Z'], {
      when: '2026-01-15T13:20:30',
      u: 65_535,
      speed: 42,
      color: 'red',
    })
    expect(line).toEqual({
      observations: [
        {
          terminalId: '77',
          source: 'odd',
          receivedAt: '2026-01-15T10:25:30.000Z',
          eventAt: '2026-01-15T10:20:30.000Z',
          kind: 'archive',
          readings: { speedKmh: 42 },
        },
      ],
      explain: [
        { target: 'terminal', from: 'topic:1', raw: '77', value: '77' },
        {
          target: 'eventAt',
          from: '$.when',
          raw: '2026-01-15T13:20:30',
          value: '2026-01-15T10:20:30.000Z',
          how: 'ISO 8601 without an offset, read in Europe/Moscow',
        },
        { target: 'voltage', from: '$.u', raw: 65_535, refused: '65535 is outside 0..1000' },
        { target: 'speedKmh', from: 'speed', raw: 42, value: 42 },
        {
          target: 'kind',
          from: 'the message as a whole',
          value: 'archive',
          how: 'nothing marks it as archive or stored, but it was heard 5m after its event time, which is more than the live lag of 2m',
        },
        { target: 'receivedAt', from: '--received-at', value: '2026-01-15T10:25:30.000Z' },
      ],
      unused: ['color'],
    })
  })

  test('explains a rejected record, and one without a time, beside its error', async () => {
    const rejected = await decodeOne(odd, { when: 'soon' })
    expect(rejected).toMatchObject({ error: expect.stringMatching(/^bad-value/), unused: [] })
    expect(rejected.explain).toContainEqual(
      expect.objectContaining({ target: 'eventAt', from: '$.when', raw: 'soon', refused: expect.anything() }),
    )
    const timeless = await decodeOne(odd, { u: 12 })
    expect(timeless).toMatchObject({ error: expect.stringContaining('--received-at') })
    expect(timeless.explain).toContainEqual(expect.objectContaining({ target: 'voltage', value: 12 }))
  })

  test('says of a list which record is meant', async () => {
    const line = await decodeOne(odd, [{ when: 1_768_472_430, a: 1 }, 5, { when: 1_768_472_431, b: 1 }])
    expect(line).toMatchObject({
      observations: [expect.anything(), expect.anything()],
      rejected: [{ index: 1 }],
      unused: ['[0].a', '[2].b'],
    })
    const times = line.explain.filter(({ target }) => target === 'eventAt').map(({ record }) => record)
    expect(times).toEqual([0, 2])
  })
})

describe('decode with --explain', () => {
  test.each([
    ['json', EGTS_JSON, 'navigation_unix_time', 'ns'],
    ['flespi', FLESPI_MESSAGE, 'timestamp', 'movement.status'],
    ['traccar', TRACCAR_POSITION, 'position.deviceTime', 'position.accuracy'],
  ])('explains format %s without a configuration', async (format, payload, from, unused) => {
    const line = await decodeOne(['--format', format, '--explain'], payload)
    expect(line.explain).toContainEqual(expect.objectContaining({ target: 'eventAt', from }))
    expect(line.unused).toContain(unused)
  })

  test('says of a retained message that it is a snapshot, and of a lost clock that it is no time', async () => {
    const line = await decodeOne(['--format', 'json', '--explain', '--retained'], GENERIC_JSON)
    expect(line.explain).toContainEqual(
      expect.objectContaining({
        target: 'kind',
        value: 'snapshot',
        how: expect.stringContaining('retained'),
      }),
    )
    const lost = await decodeOne(['--format', 'json', '--explain'], { ...EGTS_JSON, navigation_unix_time: 0 })
    expect(lost.explain).toContainEqual(
      expect.objectContaining({ target: 'eventAt', raw: 0, refused: expect.stringContaining('2010') }),
    )
  })

  test('changes nothing of the observations', async () => {
    for (const [format, payload] of [
      ['json', EGTS_JSON],
      ['flespi', FLESPI_MESSAGE],
      ['traccar', TRACCAR_POSITION],
    ] as const) {
      const { explain: _, unused: __, ...line } = await decodeOne(['--format', format, '--explain'], payload)
      expect(line).toEqual(await decodeOne(['--format', format], payload))
    }
  })
})

test('the bare word of an availability topic is read, other words are not JSON', async () => {
  const args = ['--format', 'json', '--topic', 'fleet/7/status', '--received-at', '2026-01-15T10:20:30Z']
  expect(await decodeOne(args, 'online')).toMatchObject({
    observations: [{ terminalId: '7', kind: 'presence' }],
  })
  expect(await decodeOne(args, 'away')).toMatchObject({ error: expect.stringMatching(/^not-json: /) })
})
