import { expect, test } from 'vitest'
import { MASK, maskSecrets, maskUrl } from '../../src/config/mask.ts'

test.each([
  ['smtp://user:secret@mail.example.org:587', 'smtp://***:***@mail.example.org:587'],
  ['mqtts://token@h', 'mqtts://***@h'],
  ['https://h.example/x?key=secret&b=1#c', 'https://h.example/x?key=***&b=***#c'],
  ['https://h.example/ping?secret&a=1&', 'https://h.example/ping?***&a=***&***'],
  ['https://h.example/x', 'https://h.example/x'],
  ['smtp://user:p@ss/wo:rd@mail.example.org:587', 'smtp://***'],
  ['no address', MASK],
])('%s is shown as %s', (url, shown) => {
  expect(maskUrl(url)).toBe(shown)
})

/** Things that people named as secrets are. */
const NAMED = Object.fromEntries(
  ['users', 'username', 'password', 'token', 'broker'].map((name) => [name, { moving: '2h' }]),
)

test('secrets are masked wherever they stand, and an empty one shows that it is not set', () => {
  const tree = {
    http: { metricsToken: 's1', port: 80 },
    broker: { users: { gate: 's2', eye: 's3' } },
    sources: [
      { id: 'a', url: 'mqtt://u:s4@h', username: 'u', password: 's5' },
      { id: 'b', url: 'mqtt://h', username: 's6' },
      { id: 'c', url: 'mqtt://h', username: 's6', password: '' },
      { id: 'd', token: 's7' },
    ],
    accounts: [{ login: 'l', password: 's8', token: 's9', refresh: 's10' }],
    letters: { smtp: '', watchdogUrl: 'https://hc.example/s11', from: 'A <a@b.c>' },
    influx: { token: '', url: 'http://h:8086' },
    freshness: { groups: NAMED, profiles: NAMED },
  }
  expect(maskSecrets(tree)).toEqual({
    http: { metricsToken: MASK, port: 80 },
    broker: { users: { gate: MASK, eye: MASK } },
    sources: [
      { id: 'a', url: 'mqtt://***:***@h', username: 'u', password: MASK },
      { id: 'b', url: 'mqtt://h', username: MASK },
      { id: 'c', url: 'mqtt://h', username: MASK, password: '' },
      { id: 'd', token: MASK },
    ],
    accounts: [{ login: 'l', password: MASK, token: MASK, refresh: MASK }],
    letters: { smtp: '', watchdogUrl: 'https://hc.example/***', from: 'A <a@b.c>' },
    influx: { token: '', url: 'http://h:8086' },
    freshness: { groups: NAMED, profiles: NAMED },
  })
  expect(JSON.stringify(maskSecrets(tree))).not.toMatch(/s\d/)
})
