import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readReply } from '../../../src/core/online/reply.ts'

test.each([
  ['{"code":5,"message":"bad"}', 5, 'bad'],
  ['{"code":0,"errorCode":7}', 7, ''],
  ['{"status":{"code":0,"message":"OK"},"events":[]}', 0, 'OK'],
  ['{"error":{"code":"14","message":"m"}}', 14, 'm'],
  ['{"timestamp":1,"status":404,"error":"Not Found"}', null, 'Not Found'],
  ['{"status":true,"voltage":1}', null, ''],
  ['{"error":null,"err":false,"code":"ok"}', null, ''],
  ['[{"code":1}]', null, ''],
  ['\ufeff{"code":2}', 2, ''],
  ['null', null, ''],
  ['"text"', null, ''],
])('%s: code %s, message "%s"', (body, code, message) => {
  expect(readReply(body)).toMatchObject({ kind: 'json', code, message })
})

test('what is no JSON is told in words, and a page by its title', () => {
  expect(readReply('<html><title>Ой</title>')).toEqual({ kind: 'other', looks: 'a page "Ой"' })
  expect(readReply('{"cut":')).toEqual({ kind: 'other', looks: 'no JSON' })
  expect(readReply('\n')).toEqual({ kind: 'other', looks: 'an empty body' })
})

test('a message is one bounded line', () => {
  const reply = readReply(JSON.stringify({ code: 1, message: `a\n${'b'.repeat(5_000)}` }))
  expect(reply.kind === 'json' && reply.message.length).toBe(1000)
})

test('nothing that comes makes it throw', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (body) => void readReply(body)),
    { endOnFailure: true },
  )
})
