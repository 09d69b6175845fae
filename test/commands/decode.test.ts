import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { decodeCommand } from '../../src/commands/decode.ts'
import { EGTS_JSON, FLESPI_MESSAGE, GENERIC_JSON } from '../support/payloads.ts'
import { TRACCAR_EVENT, TRACCAR_POSITION } from '../support/traccar-payloads.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'decode-'))
})
afterAll(() => rm(folder, { recursive: true }))

type Run = { readonly status: number; readonly lines: readonly unknown[]; readonly err: string }

async function run(args: readonly string[], input: readonly (string | Uint8Array)[] = []): Promise<Run> {
  const out: string[] = []
  const err: string[] = []
  const stdin = (async function* () {
    for (const chunk of input) yield typeof chunk === 'string' ? new TextEncoder().encode(chunk) : chunk
  })()
  const io = {
    out: (text: string) => out.push(text),
    err: (text: string) => err.push(text),
    stdin,
    env: {},
    cwd: folder,
  }
  const status = await decodeCommand(args, {
    ...io,
    out: (text) => void io.out(text),
    err: (text) => void io.err(text),
  })
  const lines = out.join('').split('\n')
  expect(lines.pop()).toBe('')
  return { status, lines: lines.map((line) => JSON.parse(line)), err: err.join('') }
}

const json = (value: unknown): string => `${JSON.stringify(value)}\n`

describe('decode', () => {
  test('prints an object per line with times in ISO 8601', async () => {
    expect(
      await run(['--format', 'json', '--received-at', '2026-01-15T10:20:40Z'], [json(EGTS_JSON)]),
    ).toEqual({
      status: 0,
      err: '',
      lines: [
        {
          observations: [
            {
              terminalId: '200000123',
              source: 'decode',
              receivedAt: '2026-01-15T10:20:40.000Z',
              heardAt: '2026-01-15T10:20:32.000Z',
              eventAt: '2026-01-15T10:20:30.000Z',
              kind: 'live',
              fix: { latitude: 56.25, longitude: 43.5, speedKmh: 42, course: 118, satellites: 11 },
              readings: { speedKmh: 42, satellites: 11 },
            },
          ],
        },
      ],
    })
  })

  test('reads flespi', async () => {
    const { lines } = await run(['--format', 'flespi'], [json(FLESPI_MESSAGE)])
    expect(lines).toMatchObject([
      { observations: [{ terminalId: '200000123', eventAt: '2026-01-15T10:20:30.250Z' }] },
    ])
  })

  test.each([
    ['the option', ['--received-at', '2026-01-15T13:21:00+03:00'], EGTS_JSON, '2026-01-15T10:21:00.000Z'],
    ["the payload's server time", [], EGTS_JSON, '2026-01-15T10:20:32.000Z'],
    ['the event time', [], GENERIC_JSON, '2026-01-15T10:20:30.000Z'],
    [
      'the event time, where the server has no clock',
      [],
      { ...EGTS_JSON, received_unix_time: 0 },
      '2026-01-15T10:20:30.000Z',
    ],
  ])('takes receivedAt from %s', async (_name, args, payload, receivedAt) => {
    const { lines } = await run(['--format', 'json', ...args], [json(payload)])
    expect(lines).toMatchObject([{ observations: [{ receivedAt }] }])
  })

  test('asks for --received-at when the payload has no time', async () => {
    const { lines } = await run(['--format', 'json'], [json({ imei: '1' })])
    expect(lines).toEqual([{ error: expect.stringContaining('--received-at') }])
  })

  test('judges the times as the service does', async () => {
    const at = ['--format', 'json', '--received-at', '2026-01-15T10:20:30Z']
    const { lines } = await run(at, [
      json({ imei: '1', ts: '2026-01-15T10:18:30Z' }),
      json({ imei: '1', ts: '2026-01-15T10:18:29Z' }),
      json({ imei: '1', ts: '2026-01-15T11:00:00Z' }),
      json({ imei: '1', ts: 0 }),
    ])
    const base = { terminalId: '1', source: 'decode', receivedAt: '2026-01-15T10:20:30.000Z' }
    expect(lines).toEqual([
      { observations: [{ ...base, eventAt: '2026-01-15T10:18:30.000Z', kind: 'live' }] },
      { observations: [{ ...base, eventAt: '2026-01-15T10:18:29.000Z', kind: 'archive' }] },
      { observations: [{ ...base, eventAt: '2026-01-15T10:20:30.000Z', kind: 'live', clock: 'ahead' }] },
      { observations: [{ ...base, kind: 'live', clock: 'lost' }] },
    ])
  })

  test('tells a bad line in its place and goes on', async () => {
    const { status, lines } = await run(
      ['--format', 'json'],
      ['oops\n', '\n  \n', '{"ts":1768472430}\n', Uint8Array.of(0xff, 0x0a), json(GENERIC_JSON)],
    )
    expect(status).toBe(0)
    expect(lines).toEqual([
      { error: expect.stringMatching(/^not-json: /) },
      { error: expect.stringMatching(/^no-terminal: /) },
      { error: 'the line is not UTF-8' },
      { observations: [expect.objectContaining({ terminalId: '200000123' })] },
    ])
  })

  test('takes a list on a line as several records', async () => {
    const { lines } = await run(
      ['--format', 'json'],
      [json([GENERIC_JSON, 5, EGTS_JSON]), json([]), json([1, 2])],
    )
    expect(lines).toEqual([
      {
        observations: [expect.anything(), expect.anything()],
        rejected: [{ index: 1, error: expect.stringMatching(/^unknown-shape/) }],
      },
      { observations: [] },
      { error: expect.stringMatching(/^\[0\] unknown-shape.*\[1\] unknown-shape/) },
    ])
  })

  test('puts lines together that came in pieces, down to single bytes', async () => {
    const bytes = new TextEncoder().encode(
      `\ufeff${json({ ...GENERIC_JSON, imei: 'грузовик' })}${json(GENERIC_JSON).trimEnd()}`,
    )
    const pieces = Array.from(bytes, (byte) => Uint8Array.of(byte))
    const { lines } = await run(['--format', 'json'], pieces)
    expect(lines).toMatchObject([
      { observations: [{ terminalId: 'грузовик' }] },
      { observations: [{ terminalId: '200000123' }] },
    ])
  })

  test('reads a file of many lines to its end', async () => {
    const file = join(folder, 'many.ndjson')
    await writeFile(file, json(GENERIC_JSON).repeat(20_000))
    const { status, lines } = await run(['--format', 'json', 'many.ndjson'])
    expect([status, lines.length]).toEqual([0, 20_000])
  })

  test('reads times without an offset in Europe/Moscow unless the configuration says otherwise', async () => {
    const local = json({ imei: '1', ts: '2026-01-15T13:20:30' })
    await writeFile(join(folder, 'zone.yaml'), 'timezone: Asia/Yekaterinburg\n')
    const moscow = await run(['--format', 'json'], [local])
    expect(moscow.lines).toMatchObject([{ observations: [{ eventAt: '2026-01-15T10:20:30.000Z' }] }])
    const urals = await run(['--format', 'json', '--config', 'zone.yaml'], [local])
    expect(urals.lines).toMatchObject([{ observations: [{ eventAt: '2026-01-15T08:20:30.000Z' }] }])
  })

  test('takes format, mapping and live lag from a source of the configuration', async () => {
    await writeFile(
      join(folder, 'source.yaml'),
      `sources:
  - { id: odd, kind: http, format: json, token: t, interval: 10m, mapping: { terminal: "topic:1", eventAt: "$.when" } }
`,
    )
    const args = [
      '--config',
      'source.yaml',
      '--source',
      'odd',
      '--topic',
      'fleet/77',
      '--received-at',
      '2026-01-15T10:40:30Z',
    ]
    expect((await run(args, [json({ when: 1_768_472_430 })])).lines).toMatchObject([
      {
        observations: [
          {
            terminalId: '77',
            source: 'odd',
            receivedAt: '2026-01-15T10:40:30.000Z',
            eventAt: '2026-01-15T10:20:30.000Z',
            kind: 'live',
          },
        ],
      },
    ])
  })

  test('reads Traccar, by its server time when nothing else says when it came', async () => {
    const { lines } = await run(['--format', 'traccar'], [json(TRACCAR_POSITION), json(TRACCAR_EVENT)])
    expect(lines).toEqual([
      {
        observations: [
          {
            terminalId: '200000123',
            source: 'decode',
            receivedAt: '2026-01-15T10:20:31.900Z',
            heardAt: '2026-01-15T10:20:31.900Z',
            eventAt: '2026-01-15T10:20:30.000Z',
            kind: 'live',
            fix: {
              latitude: 56.25,
              longitude: 43.5,
              at: '2026-01-15T10:20:30.000Z',
              speedKmh: 42,
              course: 118,
              satellites: 11,
              altitudeM: 150,
              valid: true,
            },
            readings: {
              voltage: 24.3,
              batteryPercent: 90,
              speedKmh: 42,
              satellites: 11,
              rpm: 900,
              fuel1: 2048,
              ignition: true,
            },
          },
        ],
      },
      { observations: [] },
    ])
  })

  test('reads Omnicomm frames from hex', async () => {
    const { lines } = await run(
      ['--format', 'omnicomm'],
      ['c080080061a61915340100001dec\nc08600004566\nc0860000ffff\nhello\n'],
    )
    expect(lines).toEqual([
      { frames: [{ command: '0x80', crc: 'ok', ident: expect.objectContaining({ firmware: 308 }) }] },
      { frames: [{ command: '0x86', crc: 'ok', archive: { drained: true, records: [] } }] },
      { frames: [{ command: '0x86', crc: 'bad' }] },
      { error: expect.stringContaining('not hex') },
    ])
  })

  const WIALON = `#L#2.0;200000123;NA;41B0
#D#150126;102030;5615.0000;N;04330.0000;E;42;118;150;11;0.9;0;0;;NA;pwr_ext:2:24.3,ign:1:1;CC32
#B#150126;101000;5614.0000;N;04329.0000;E;40;118;150;11|150126;101100;5614.5000;N;04329.5000;E;41;118;150;11|4FB3
`

  test('reads the lines of Wialon IPS as one connection, with the answers to them', async () => {
    const { lines } = await run(['--format', 'wialon-ips', '--received-at', '2026-01-15T10:20:31Z'], [WIALON])
    const receivedAt = '2026-01-15T10:20:31.000Z'
    expect(lines).toMatchObject([
      { observations: [{ terminalId: '200000123', receivedAt, kind: 'presence' }], replies: ['#AL#1'] },
      {
        observations: [
          {
            terminalId: '200000123',
            receivedAt,
            eventAt: '2026-01-15T10:20:30.000Z',
            kind: 'live',
            fix: { latitude: 56.25, longitude: 43.5 },
            readings: { voltage: 24.3 },
          },
        ],
        replies: ['#AD#1'],
      },
      {
        observations: [
          { eventAt: '2026-01-15T10:10:00.000Z', kind: 'archive' },
          { eventAt: '2026-01-15T10:11:00.000Z', kind: 'archive' },
        ],
        replies: ['#AB#2'],
      },
    ])
  })

  test('dates a line of Wialon IPS by its event time, and a login not at all', async () => {
    const { lines } = await run(['--format', 'wialon-ips'], [WIALON])
    expect(lines).toMatchObject([
      { observations: [{ kind: 'presence', receivedAt: null }] },
      { observations: [{ kind: 'live', receivedAt: '2026-01-15T10:20:30.000Z' }] },
      { observations: [{ receivedAt: '2026-01-15T10:10:00.000Z' }, expect.anything()] },
    ])
  })

  test('reads packets of EGTS from hex', async () => {
    const packet =
      '0100000b002300010001df18000100017bc2eb0b02021015006e842b1effffff9fdedddd3d1ba40176d2040000004a8f'
    const { lines } = await run(['--format', 'egts'], [`${packet}\nxyz\n`])
    expect(lines).toMatchObject([
      {
        observations: [
          {
            terminalId: '200000123',
            receivedAt: '2026-01-15T10:20:30.000Z',
            eventAt: '2026-01-15T10:20:30.000Z',
            kind: 'archive',
          },
        ],
        replies: [expect.stringMatching(/^01/)],
      },
      { error: expect.stringContaining('hex') },
    ])
  })

  test('takes format and trust in the device clock from a source of the configuration', async () => {
    await writeFile(
      join(folder, 'formats.yaml'),
      `sources:
  - { id: doubtful, kind: http, format: traccar, token: t, trustDeviceClock: false }
  - { id: trusted, kind: mqtt, url: "mqtt://127.0.0.1:1883", topics: ["positions"], format: traccar }
  - { id: raw, kind: mqtt, url: "mqtt://127.0.0.1:1883", topics: ["raw/+"], format: omnicomm }
  - { id: direct, kind: omnicomm-tcp }
`,
    )
    const by = async (source: string, input: string): Promise<unknown> =>
      (await run(['--config', 'formats.yaml', '--source', source], [input])).lines[0]
    const observations = [expect.not.objectContaining({ eventAt: expect.anything() })]
    expect(await by('doubtful', json(TRACCAR_POSITION))).toMatchObject({ observations })
    const dated = [{ source: 'trusted', eventAt: '2026-01-15T10:20:30.000Z' }]
    expect(await by('trusted', json(TRACCAR_POSITION))).toMatchObject({ observations: dated })
    for (const source of ['raw', 'direct']) {
      expect(await by(source, 'c08600004566')).toMatchObject({ frames: [{ command: '0x86' }] })
    }
    const other = await run(['--config', 'formats.yaml', '--source', 'raw', '--format', 'json'], [])
    expect([other.status, other.err]).toEqual([2, expect.stringContaining('source raw has format omnicomm')])
  })

  test.each([
    ['a missing format', [], /--format is missing/],
    ['to explain what is no JSON', ['--format', 'egts', '--explain'], /--explain is for the formats json/],
    ['an unknown format', ['--format', 'xml'], /"xml" is not known/],
    ['a time that is none', ['--format', 'json', '--received-at', 'noon'], /"noon" is not an ISO 8601 time/],
    [
      'a time without an offset',
      ['--format', 'json', '--received-at', '2026-01-15T10:20:30'],
      /with Z or an offset/,
    ],
    ['an unknown option', ['--format', 'json', '--fast'], /--fast/],
    ['two files', ['--format', 'json', 'a', 'b'], /only one FILE/],
    ['an unknown source', ['--format', 'json', '--source', 'nope'], /no source "nope"/],
    ['a configuration that is not there', ['--format', 'json', '--config', 'gone.yaml'], /gone\.yaml/],
  ])('refuses %s with status 2', async (_name, args, message) => {
    const { status, lines, err } = await run(args, [json(GENERIC_JSON)])
    expect([status, lines]).toEqual([2, []])
    expect(err).toMatch(message)
  })

  test('works beside an invalid default configuration and says so', async () => {
    const other = await mkdtemp(join(tmpdir(), 'decode-'))
    const home = folder
    try {
      folder = other
      await mkdir(join(other, 'config'))
      await writeFile(join(other, 'config', 'watch.yaml'), 'nonsense: 1\n')
      const { status, lines, err } = await run(['--format', 'json'], [json(GENERIC_JSON)])
      expect([status, lines.length]).toEqual([0, 1])
      expect(err).toMatch(/check-config/)
    } finally {
      folder = home
      await rm(other, { recursive: true })
    }
  })

  test('ends with status 1 when the file cannot be read', async () => {
    const { status, err } = await run(['--format', 'json', 'missing.ndjson'])
    expect(status).toBe(1)
    expect(err).toMatch(/cannot read missing\.ndjson/)
  })
})
