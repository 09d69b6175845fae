import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createObservationScanner, SCANNER_SLACK } from '../../../src/core/replay/observation-scanner.ts'
import { observationLine } from '../../../src/core/replay/recorded-line.ts'
import { readReplayLine } from '../../../src/core/replay/replay-line.ts'
import type { Observation } from '../../../src/core/telemetry/observation.ts'

const T = '2026-01-15T10:20:30'
const MINIMAL = `"terminalId":"7","source":"gate","receivedAt":"${T}Z","kind":"live"`

/** What the scanner reads of a text and where it then stands; undefined: it leaves the line to JSON.parse. */
function scanned(text: string): Observation | undefined {
  const bytes = new Uint8Array(Buffer.byteLength(text) + SCANNER_SLACK)
  const length = Buffer.from(text).copy(bytes)
  const scanner = createObservationScanner(bytes)
  const observation = scanner.scan(0, length)
  if (observation !== undefined) expect(scanner.next()).toBe(text.indexOf('\n') + 1)
  return structuredClone(observation)
}

function parsed(text: string): unknown {
  const line = readReplayLine(JSON.parse(text))
  if (typeof line === 'string') return line
  return line.kind === 'observation' ? line.observation : line
}

const instant = fc.integer({ min: 946_684_800_000, max: 4_102_444_800_000 })
const number = fc.oneof(
  { weight: 20, arbitrary: fc.integer({ min: -1000, max: 1000 }) },
  { weight: 1, arbitrary: fc.double({ min: -1e6, max: 1e6, noNaN: true }) },
  { weight: 20, arbitrary: fc.integer({ min: -9e8, max: 9e8 }).map((n) => n / 1e6) },
)
const id = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 9_999_999_999 }).map(String) },
  { weight: 1, arbitrary: fc.string({ minLength: 1, maxLength: 70 }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('007', '123456789012345', '1234567890123456', 'a b', 'Привет', '0'),
  },
)
const observation: fc.Arbitrary<Observation> = fc.record(
  {
    terminalId: id,
    source: fc.constantFrom('gate', 'hub', '7'),
    receivedAt: instant,
    heardAt: instant,
    eventAt: fc.oneof(instant, fc.constantFrom(0, -1, 315_964_800_000)),
    kind: fc.constantFrom('live', 'archive', 'snapshot', 'presence'),
    fix: fc.record(
      {
        latitude: fc.integer({ min: -9e6, max: 9e6 }).map((n) => n / 1e5),
        longitude: fc.integer({ min: -180_000, max: 180_000 }).map((n) => n / 1000),
        at: instant,
        speedKmh: number,
        course: number,
        satellites: fc.nat(20),
        altitudeM: number,
        valid: fc.boolean(),
      },
      { requiredKeys: ['latitude', 'longitude'] },
    ),
    readings: fc.record(
      {
        ignition: fc.boolean(),
        speedKmh: number,
        voltage: number,
        satellites: fc.nat(20),
        gsmPercent: fc.nat(100),
        gsmJamming: fc.boolean(),
        batteryVoltage: number,
        batteryPercent: number,
        rpm: number,
      },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: ['terminalId', 'source', 'receivedAt', 'kind'] },
)

test('a line that the recorder wrote is read as JSON.parse and its checks read it, or left to them', () => {
  let read = 0
  fc.assert(
    fc.property(observation, fc.constantFrom('', '\r'), (given, ending) => {
      const line = observationLine(given, false)
      const seen = scanned(line.replace('\n', `${ending}\n`))
      if (seen === undefined) return
      read += 1
      expect(seen).toEqual(parsed(line))
    }),
    { numRuns: 2000 },
  )
  expect(read).toBeGreaterThan(300)
})

test('a line that was damaged at any place is read as JSON.parse reads it, or left to it', () => {
  const whole = `{${MINIMAL},"eventAt":"${T}.250Z","fix":{"latitude":55.75,"longitude":-3.5,"at":"${T}Z"},"readings":{"ignition":true,"voltage":13.8}}`
  const damage = fc.tuple(fc.nat(whole.length - 1), fc.nat(2), fc.constantFrom(...'{}",:0129.-eEtZ \\'))
  fc.assert(
    fc.property(damage, ([place, removed, char]) => {
      const text = whole.slice(0, place) + char + whole.slice(place + removed)
      const seen = scanned(`${text}\n`)
      if (seen !== undefined) expect(seen).toEqual(parsed(text))
    }),
    { numRuns: 5000 },
  )
})

test.each([
  [
    'the order of the fields does not matter',
    `{"kind":"live","receivedAt":"${T}Z","source":"gate","terminalId":"7"}`,
  ],
  ['a blank after colons and commas is read', `{${MINIMAL.replaceAll(':"', ': "').replaceAll(',"', ', "')}}`],
  ['empty readings are read', `{${MINIMAL},"readings":{}}`],
])('%s', (_name, text) => {
  expect(scanned(`${text}\n`)).toEqual(parsed(text))
})

test.each([
  ['another key', `{${MINIMAL},"told":true}`],
  ['a key that comes twice', `{${MINIMAL},"kind":"archive"}`],
  ['a null', `{${MINIMAL},"eventAt":null}`],
  ['an escape', `{${MINIMAL.replace('"7"', '"\\u0037"')}}`],
  ['a text that is not ASCII', `{${MINIMAL.replace('"7"', '"\u0418"')}}`],
  ['an exponent', `{${MINIMAL},"readings":{"voltage":1e1}}`],
  ['a number of too many digits', `{${MINIMAL},"readings":{"voltage":0.12345678901234567}}`],
  ['a time with an offset', `{${MINIMAL.replace('30Z', '30+03:00')}}`],
  ['a blank within', `{ ${MINIMAL}}`],
  ['a line without its end', `{${MINIMAL}`],
  ['another kind of line', `{"end":"${T}Z"}`],
  ['an id with a blank around it', `{${MINIMAL.replace('"7"', '" 7"')}}`],
])('%s is left to JSON.parse', (_name, text) => {
  expect(scanned(`${text}\n`)).toBeUndefined()
})

test('what stands behind the end is not read', () => {
  const text = `{${MINIMAL}}\n`
  const bytes = new Uint8Array(text.length + SCANNER_SLACK)
  Buffer.from(text).copy(bytes)
  const scanner = createObservationScanner(bytes)
  for (let end = 0; end < text.length; end++) expect(scanner.scan(0, end)).toBeUndefined()
  expect(scanner.scan(0, text.length)).toBeDefined()
})

test('ids of the same terminal have one number, and those of others have others', () => {
  const lines = ['7', '8', 'a', '7', 'a'].map((name) => `{${MINIMAL.replace('"7"', `"${name}"`)}}\n`)
  const text = lines.join('')
  const bytes = new Uint8Array(text.length + SCANNER_SLACK)
  Buffer.from(text).copy(bytes)
  const scanner = createObservationScanner(bytes)
  const seen: string[] = []
  for (let from = 0; from < text.length; from = scanner.next()) {
    const observation = scanner.scan(from, text.length)
    seen.push(`${observation?.terminalId} ${scanner.idIndex()}`)
  }
  expect(seen).toEqual([seen[0], seen[1], seen[2], seen[0], seen[2]])
  expect(new Set(seen).size).toBe(3)
})
