import { expect, test } from 'vitest'
import { addressOf, userKey, withoutSecrets } from '../../../src/adapters/omnicomm-online/account.ts'

const account = { id: 'a', baseUrl: 'https://online.example/', login: 'l', password: 'p w"ö' }

test.each([
  ['https://online.example', 'https://online.example/auth/login?jwt=1'],
  ['https://online.example/', 'https://online.example/auth/login?jwt=1'],
  [
    'https://user:pass@online.example:8443/white/label//?x=y#z',
    'https://online.example:8443/white/label/auth/login?jwt=1',
  ],
])('%s: %s', (baseUrl, address) => {
  expect(addressOf({ ...account, baseUrl }, '/auth/login?jwt=1')).toBe(address)
})

test('one user is one, however the account is written', () => {
  const claims = Buffer.from(JSON.stringify({ login: 'L' })).toString('base64url')
  const key = userKey(account)
  expect(userKey({ ...account, id: 'b', login: ' L ', baseUrl: 'http://ONLINE.example/x' })).toBe(key)
  expect(userKey({ id: 'c', baseUrl: account.baseUrl, token: `h.${claims}.s` })).toBe(key)
  expect(userKey({ ...account, login: 'other' })).not.toBe(key)
  expect(userKey({ ...account, baseUrl: 'https://kz.example' })).not.toBe(key)
})

test('a text of the server loses what we sent, in every form, and whatever looks like a token', () => {
  const text = `bad ${account.password}, ${encodeURIComponent(account.password)}, ${JSON.stringify(account.password)}, sent-token, eyJhbGciOiJI.eyJsb2dpbiI6.c2lnbmF0dXJl!`
  expect(withoutSecrets(text, account, 'sent-token')).toBe('bad ***, ***, "***", ***, ***!')
})

test('a text of the server is one short line', () => {
  expect(withoutSecrets(`a\r\nb${'c'.repeat(1000)}`, account, undefined)).toHaveLength(120)
})
