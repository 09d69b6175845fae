import { createHash, generateKeyPairSync } from 'node:crypto'
import { dkimVerify } from 'mailauth/lib/dkim/verify.js'
import { describe, expect, test } from 'vitest'
import { createMailBuilder } from '../../../src/adapters/smtp/build.ts'
import { createDkimSigner, dkimKeyFault, dkimRecord } from '../../../src/adapters/smtp/dkim.ts'
import { TEST_CERTIFICATE, TEST_KEY } from '../../support/certificates.ts'

const PKCS8 = { type: 'pkcs8', format: 'pem' } as const
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const shorter = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey
const tooShort = generateKeyPairSync('rsa', { modulusLength: 768 }).privateKey
const RSA = rsa.privateKey.export(PKCS8).toString()
const ED25519 = generateKeyPairSync('ed25519').privateKey.export(PKCS8).toString()

const mail = {
  from: 'Служба «Омником» <watch@example.org>',
  to: 'anna@example.org',
  subject: 'Omnicomm Online: недоступность сервиса с 23.11.2026, 11:04 по московскому времени',
  text: 'Сервис  недоступен. \n\nЗдравствуйте!\n\n\n',
  html: '<p>Сервис недоступен.</p>',
  messageId: '<20261123T080410Z-recovery-1-0123456789abcdef@example.org>',
  date: Date.UTC(2026, 10, 23, 9, 4, 12),
  inReplyTo: '<20261123T080410Z-initial-1-97ad0e116d2f7bcd@example.org>',
  references: ['<20261123T080410Z-initial-1-97ad0e116d2f7bcd@example.org>'],
}
const plain = 'Plain English text, long enough to be wrapped by quoted-printable: '.repeat(3)

async function signed(privateKeyPem: string, change: Partial<typeof mail> = {}): Promise<string> {
  const dkim = { domain: 'example.org', selector: 'watch', privateKeyPem }
  const bytes = await createMailBuilder({ dkim }).build({ ...mail, ...change })
  return Buffer.from(bytes).toString('latin1')
}

/** What a receiver says that finds the record of this key in DNS: `pass`, or why not. */
async function verdict(message: string, privateKeyPem: string): Promise<string> {
  const resolver = async (name: string, type: string) => {
    if (name !== 'watch._domainkey.example.org' || type !== 'TXT') throw new Error(`asked for ${name}`)
    return [[dkimRecord(privateKeyPem)]]
  }
  const { results } = await dkimVerify(Buffer.from(message, 'latin1'), { resolver })
  expect(results).toHaveLength(1)
  return results[0]?.status.result ?? ''
}

describe.each([
  ['RSA', RSA],
  ['Ed25519', ED25519],
])('a letter signed with %s', (_name, key) => {
  test.each([
    ['Russian', mail],
    ['English', { ...mail, text: plain, html: `<p>${plain}</p>` }],
    ['an initial letter without references', { ...mail, inReplyTo: '', references: [] }],
    ['a long subject', { ...mail, subject: 'word '.repeat(40) }],
  ])('is verified by somebody else (%s)', async (_case, input) => {
    expect(await verdict(await signed(key, input), key)).toBe('pass')
  })

  test('is the same for the same input', async () => {
    expect(await signed(key)).toBe(await signed(key))
  })

  test.each([
    ['From', 'From: eve@example.org'],
    ['To', 'To: eve@example.org'],
    ['Subject', 'Subject: all is well'],
    ['Date', 'Date: Mon, 23 Nov 2026 10:04:12 +0000'],
    ['Message-ID', 'Message-ID: <other@example.org>'],
    ['In-Reply-To', 'In-Reply-To: <other@example.org>'],
    ['References', 'References: <other@example.org>'],
    ['MIME-Version', 'MIME-Version: 1.1'],
    ['Content-Type', 'Content-Type: text/html'],
    ['Auto-Submitted', 'Auto-Submitted: no'],
  ])('breaks when %s is changed, and when another one is added', async (name, line) => {
    const message = await signed(key)
    const changed = message.replace(new RegExp(`^${name}:.*(\\r\\n[ \\t].*)*`, 'm'), line)
    expect(changed).toContain(line)
    expect(await verdict(changed, key)).not.toBe('pass')
    expect(await verdict(`${line}\r\n${message}`, key)).not.toBe('pass')
  })

  test.each(['Cc', 'Reply-To'])('breaks when a %s is added that it never had', async (name) => {
    expect(await verdict(`${name}: eve@example.org\r\n${await signed(key)}`, key)).not.toBe('pass')
  })

  test('breaks when the body is changed, and bears what relays do to white space', async () => {
    const message = await signed(key, { text: plain })
    expect(await verdict(message.replace('English', 'Finnish'), key)).not.toBe('pass')
    const refolded = message.replace(/^Subject: /m, 'Subject:\r\n\t ').replace(/$/, '\r\n\r\n')
    expect(await verdict(`Received: from a by b\r\n${refolded}`, key)).toBe('pass')
  })
})

describe('the signature of a letter', () => {
  test('stands first, in lines of bounded length, and has no signing time', async () => {
    const head = (await signed(RSA)).split('\r\n\r\n')[0] ?? ''
    const field = /^DKIM-Signature:[\s\S]*?\r\n(?![ \t])/.exec(head)?.[0] ?? ''
    expect(field).toMatch(/d=example\.org;\r\n\ts=watch;/)
    expect(field).not.toMatch(/[\s;][tx]=/)
    expect(Math.max(...field.split('\r\n').map((line) => line.length))).toBeLessThan(79)
    expect(field.replace(/\s/g, '')).toContain('h=From:From:Reply-To:To:To:Cc:Subject:Subject:')
  })

  test('of an empty body is the one that RFC 6376 3.4.4 gives', () => {
    const options = { domain: 'example.org', selector: 'watch', privateKeyPem: RSA }
    const bytes = createDkimSigner(options)(Buffer.from('From: a@example.org\r\n\r\n\r\n\r\n'))
    expect(Buffer.from(bytes).toString()).toContain(`bh=${createHash('sha256').update('').digest('base64')};`)
  })

  test('names an international domain as DNS does', () => {
    const options = { domain: 'пример.рф', selector: 'watch', privateKeyPem: RSA }
    const bytes = createDkimSigner(options)(Buffer.from('From: a@example.org\r\n\r\ntext\r\n'))
    expect(Buffer.from(bytes).toString()).toContain('d=xn--e1afmkfd.xn--p1ai;')
  })
})

describe('a DKIM key file', () => {
  test.each([
    ['RSA, PKCS 8', RSA],
    ['RSA, PKCS 1, as short as allowed', shorter.export({ ...PKCS8, type: 'pkcs1' }).toString()],
    ['Ed25519', ED25519],
    ['Windows line ends', RSA.replaceAll('\n', '\r\n')],
  ])('is usable: %s', (_case, pem) => {
    expect(dkimKeyFault(pem)).toBeNull()
  })

  test.each([
    ['empty', '', /PEM/],
    ['not PEM', 'MIIEvQIBADANBg', /PEM/],
    ['the public key', rsa.publicKey.export({ ...PKCS8, type: 'spki' }).toString(), /public/],
    ['a certificate', TEST_CERTIFICATE, /certificate/],
    ['another kind of key', TEST_KEY, /kind ec.*rsa and ed25519/],
    ['too short', tooShort.export(PKCS8).toString(), /768 bits.*1024/],
    [
      'encrypted',
      shorter.export({ ...PKCS8, cipher: 'aes-256-cbc', passphrase: 'secret' }).toString(),
      /passphrase/,
    ],
    ['cut off', RSA.slice(0, 400), /damaged/],
  ])('is refused in words: %s', (_case, pem, words) => {
    expect(dkimKeyFault(pem)).toMatch(words)
    const options = { domain: 'example.org', selector: 'watch', privateKeyPem: pem }
    expect(() => createMailBuilder({ dkim: options })).toThrow(/^The DKIM key /)
  })
})
