import { expect, test } from 'vitest'
import { createJsonDecoder } from '../../../src/core/telemetry/json.ts'
import { createJsonPayloadDecoder } from '../../../src/core/telemetry/json-payload.ts'
import { SAMPLE_AT } from '../../support/payloads.ts'

const decode = createJsonPayloadDecoder(createJsonDecoder({ timezone: 'UTC' }))
const decoded = (text: string, topic = 'fleet/7') =>
  decode(new TextEncoder().encode(text), { source: 'gate', receivedAt: SAMPLE_AT, topic }).map((one) =>
    one.kind === 'rejected'
      ? one.reason
      : one.observations.map(({ terminalId, kind }) => `${terminalId} ${kind}`),
  )

test('a payload of several records gives each its own answer', () => {
  expect(decoded('[{"ident":"1"},7,{"ident":"2"}]')).toEqual([['1 live'], 'unknown-shape', ['2 live']])
})

test('the bare word of an availability topic is presence of the terminal that the topic names', () => {
  expect(decoded('online', 'fleet/truck12/availability')).toEqual([['truck12 presence']])
  expect(decoded('OFFLINE', 'fleet/truck12/availability')).toEqual([['truck12 presence']])
})

test('other words and cut JSON are told as such', () => {
  expect(decoded('hello')).toEqual(['not-json'])
  expect(decoded('{"ident":"1"')).toEqual(['not-json'])
})

test('no bytes, as they come when a retained message is cleared, are no record; blanks are a broken one', () => {
  expect(decoded('')).toEqual([])
  expect(decoded(' ')).toEqual(['not-json'])
})
