import { afterEach, describe, expect, test } from 'vitest'
import type { DialogueLine } from '../../../src/adapters/smtp/session.ts'
import { createSmtpTransport, type SmtpTransportOptions } from '../../../src/adapters/smtp/transport.ts'
import { EXPIRED_CERTIFICATE, TEST_CERTIFICATE, TEST_KEY } from '../../support/certificates.ts'
import { createFaultySmtp, type SmtpFault } from '../../support/faulty-smtp.ts'
import { createMailCatcher } from '../../support/mail-catcher.ts'
import { until } from '../../support/until.ts'

const mime = Buffer.from('Subject: test\r\n\r\n.leading dot\r\n..two\r\nend\r\n')
const mail = { from: 'watch@example.org', to: 'anna@example.org', mime, id: 'test-1' }
const PATIENT = { connectionMs: 10_000, greetingMs: 10_000, silenceMs: 10_000, attemptMs: 20_000 }
/** For servers that never answer. */
const SHORT = { connectionMs: 300, greetingMs: 300, silenceMs: 300, attemptMs: 5_000 }

const closers: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

function kept<T extends { close(): Promise<void> | void }>(thing: T): T {
  closers.push(() => thing.close())
  return thing
}

function transport(options: SmtpTransportOptions) {
  return kept(createSmtpTransport({ timeouts: PATIENT, ...options }))
}

describe('a server that takes letters', () => {
  test('receives exactly the stored bytes, for one recipient', async () => {
    const catcher = kept(await createMailCatcher())
    const delivery = await transport({ url: catcher.url }).deliver(mail)
    expect(delivery).toMatchObject({ kind: 'accepted', reply: expect.stringContaining('250') })
    expect(catcher.mails).toHaveLength(1)
    expect(catcher.mails[0]).toMatchObject({ from: mail.from, to: [mail.to] })
    expect(catcher.mails[0]?.bytes.equals(mime)).toBe(true)
  })

  test('refuses one recipient without harm to the next', async () => {
    const catcher = kept(await createMailCatcher())
    catcher.refuse(mail.to, 550, '5.1.1 no such user')
    const sender = transport({ url: catcher.url })
    expect(await sender.deliver(mail)).toEqual({
      kind: 'refused',
      stage: 'rcpt',
      code: 550,
      enhanced: '5.1.1',
      reply: expect.stringContaining('no such user'),
    })
    expect(await sender.deliver({ ...mail, to: 'bob@example.org' })).toMatchObject({ kind: 'accepted' })
    expect(catcher.mails.map(({ to }) => to)).toEqual([['bob@example.org']])
  })

  test('is spoken to in TLS when it offers STARTTLS, and over smtps', async () => {
    const tls = { key: TEST_KEY, cert: TEST_CERTIFICATE }
    for (const [scheme, options] of [
      ['smtp', { ...tls, disabledCommands: [] }],
      ['smtps', { ...tls, secure: true }],
    ] as const) {
      const secured: boolean[] = []
      const catcher = kept(
        await createMailCatcher({
          ...options,
          disabledCommands: [],
          onMailFrom: (_address, session, done) => {
            secured.push(session.secure)
            done()
          },
        }),
      )
      const url = `${scheme}://localhost:${catcher.port}`
      expect(await transport({ url }).deliver(mail)).toMatchObject({ kind: 'accepted' })
      expect(secured).toEqual([true])
    }
  })

  test('with an untrusted certificate gets no letter where certificates are checked', async () => {
    const catcher = kept(
      await createMailCatcher({ key: TEST_KEY, cert: TEST_CERTIFICATE, disabledCommands: [] }),
    )
    const url = `smtp://localhost:${catcher.port}?tls.rejectUnauthorized=true`
    expect(await transport({ url }).deliver(mail)).toMatchObject({ kind: 'broken', bodyHandedOver: false })
    expect(catcher.mails).toEqual([])
  })

  test.each(['PLAIN', 'LOGIN'])('lets us in with AUTH %s, in TLS only', async (method) => {
    const logins: unknown[] = []
    const catcher = kept(
      await createMailCatcher({
        key: TEST_KEY,
        cert: TEST_CERTIFICATE,
        disabledCommands: [],
        authMethods: [method],
        authOptional: false,
        onAuth: ({ username, password, ...auth }, session, done) => {
          logins.push([auth.method, username, password, session.secure])
          done(null, { user: username })
        },
      }),
    )
    const url = `smtp://watch%40example.org:s%3Acr%40t%20%D1%8F@localhost:${catcher.port}?requireTLS=true`
    expect(await transport({ url }).deliver(mail)).toMatchObject({ kind: 'accepted' })
    expect(logins).toEqual([[method, 'watch@example.org', 's:cr@t я', true]])
  })

  test.each([
    ['that has ended', EXPIRED_CERTIFICATE, /expired/],
    ['that nobody signed', TEST_CERTIFICATE, /self-signed/],
  ])(
    'with a certificate %s gets no letter over smtps, and the reason is told',
    async (_case, cert, words) => {
      const catcher = kept(await createMailCatcher({ key: TEST_KEY, cert, secure: true }))
      const url = `smtps://localhost:${catcher.port}?tls.rejectUnauthorized=true`
      const delivery = await transport({ url }).deliver(mail)
      expect(delivery).toMatchObject({
        kind: 'broken',
        bodyHandedOver: false,
        reason: expect.stringMatching(words),
      })
      expect(catcher.mails).toEqual([])
    },
  )

  test('that is spoken to without TLS although it wants it from the first byte gets no letter', async () => {
    const catcher = kept(await createMailCatcher({ key: TEST_KEY, cert: TEST_CERTIFICATE, secure: true }))
    const sender = transport({ url: `smtp://localhost:${catcher.port}`, timeouts: SHORT })
    expect(await sender.deliver(mail)).toMatchObject({ kind: 'broken', bodyHandedOver: false })
    expect(catcher.mails).toEqual([])
  })

  test('that refuses the login gets no letter, and the dialogue shows neither user nor password', async () => {
    const logins: unknown[] = []
    const catcher = kept(
      await createMailCatcher({
        allowInsecureAuth: true,
        authOptional: false,
        onAuth: (auth, _session, done) => {
          logins.push(auth.password)
          done(Object.assign(new Error('5.7.8 wrong'), { responseCode: 535 }))
        },
      }),
    )
    const lines: DialogueLine[] = []
    const url = `smtp://watcher:s%40cret@127.0.0.1:${catcher.port}`
    const delivery = await transport({ url, dialogue: (line) => lines.push(line) }).deliver(mail)
    expect(delivery).toMatchObject({ kind: 'refused', stage: 'auth', code: 535, enhanced: '5.7.8' })
    expect(logins).toEqual(['s@cret'])
    const text = lines.map((line) => line.text).join('\n')
    expect(text).toContain('AUTH PLAIN ***')
    for (const secret of ['s@cret', 'watcher', Buffer.from('\0watcher\0s@cret').toString('base64')]) {
      expect(text).not.toContain(secret)
    }
    expect(text).not.toMatch(/[A-Za-z0-9+/]{16,}={0,2}/)
  })
})

const refused = (stage: string, code: number, enhanced?: string) => ({
  kind: 'refused',
  stage,
  code,
  ...(enhanced !== undefined && { enhanced }),
})
const before = { kind: 'broken', bodyHandedOver: false }
const after = { kind: 'broken', bodyHandedOver: true }

const FAULTS: readonly (readonly [string, SmtpFault, object])[] = [
  ['421 as greeting', { at: 'greeting', answer: '421 4.3.2 busy' }, refused('greeting', 421, '4.3.2')],
  ['554 as greeting', { at: 'greeting', answer: '554 no service' }, refused('greeting', 554)],
  ['a drop before the greeting', { at: 'greeting', answer: 'drop' }, before],
  ['silence instead of the greeting', { at: 'greeting', answer: 'silence' }, before],
  ['421 to EHLO', { at: 'ehlo', answer: '421 later' }, refused('greeting', 421)],
  ['535 to the login', { at: 'auth', answer: '535 5.7.8 wrong' }, refused('auth', 535, '5.7.8')],
  ['454 to the login', { at: 'auth', answer: '454 4.7.0 later' }, refused('auth', 454, '4.7.0')],
  ['451 to MAIL', { at: 'mail', answer: '451 4.3.0 later' }, refused('mail', 451, '4.3.0')],
  ['550 5.1.1 to MAIL', { at: 'mail', answer: '550 5.1.1 no' }, refused('mail', 550, '5.1.1')],
  ['550 5.7.1 to MAIL', { at: 'mail', answer: '550 5.7.1 no' }, refused('mail', 550, '5.7.1')],
  ['bare 550 to MAIL', { at: 'mail', answer: '550 no' }, refused('mail', 550)],
  ['451 to RCPT', { at: 'rcpt', answer: '451 4.7.1 greylisted' }, refused('rcpt', 451, '4.7.1')],
  ['550 5.1.1 to RCPT', { at: 'rcpt', answer: '550 5.1.1 no' }, refused('rcpt', 550, '5.1.1')],
  ['550 5.7.1 to RCPT', { at: 'rcpt', answer: '550 5.7.1 no' }, refused('rcpt', 550, '5.7.1')],
  ['bare 550 to RCPT', { at: 'rcpt', answer: '550 no' }, refused('rcpt', 550)],
  [
    'several lines to RCPT',
    { at: 'rcpt', answer: '550-5.1.1 no\r\n550 5.1.1 such user' },
    { ...refused('rcpt', 550, '5.1.1'), reply: '550-5.1.1 no 550 5.1.1 such user' },
  ],
  ['451 to DATA', { at: 'data', answer: '451 4.3.0 later' }, refused('data', 451, '4.3.0')],
  ['550 to DATA', { at: 'data', answer: '550 5.7.1 no' }, refused('data', 550, '5.7.1')],
  ['a drop instead of the answer to DATA', { at: 'data', answer: 'drop' }, before],
  ['silence after DATA', { at: 'data', answer: 'silence' }, before],
  ['451 after the dot', { at: 'body', answer: '451 4.3.0 later' }, refused('body', 451, '4.3.0')],
  ['421 after the dot', { at: 'body', answer: '421 4.3.0 closing' }, refused('body', 421, '4.3.0')],
  ['554 after the dot', { at: 'body', answer: '554 5.7.1 spam' }, refused('body', 554, '5.7.1')],
  ['a drop after the dot', { at: 'body', answer: 'drop' }, after],
  ['silence after the dot', { at: 'body', answer: 'silence' }, after],
  ['354 after the dot', { at: 'body', answer: '354 go on' }, after],
  ['nonsense after the dot', { at: 'body', answer: 'what?' }, after],
]

describe.each([
  ['one command at a time', ['AUTH PLAIN LOGIN']],
  ['pipelining', ['AUTH PLAIN LOGIN', 'PIPELINING']],
])('a server that fails (%s)', (_name, extensions) => {
  test.each(FAULTS)('%s', async (_case, fault, expected) => {
    const server = kept(await createFaultySmtp(fault, extensions))
    const url = `smtp://user:password@127.0.0.1:${server.port}`
    const timeouts = fault.answer === 'silence' ? SHORT : PATIENT
    const delivery = await transport({ url, timeouts }).deliver(mail)
    expect(delivery).toMatchObject(expected)
    expect('enhanced' in delivery).toBe('enhanced' in expected)
    expect(server.bodies.length).toBe(fault.at === 'body' ? 1 : 0)
  })
})

describe('a server that fails otherwise', () => {
  test('that is not there was certainly given nothing', async () => {
    const server = await createFaultySmtp()
    await server.close()
    expect(await transport({ url: server.url }).deliver(mail)).toMatchObject(before)
  })

  test('STARTTLS refused: nothing is sent in the clear', async () => {
    const server = kept(
      await createFaultySmtp({ at: 'starttls', answer: '454 4.7.0 no TLS now' }, ['STARTTLS']),
    )
    expect(await transport({ url: server.url }).deliver(mail)).toMatchObject(refused('tls', 454, '4.7.0'))
    expect(server.commands).not.toContain('DATA')
  })

  test('a password is not sent in the clear over a network', async () => {
    const server = kept(await createFaultySmtp(undefined, ['AUTH PLAIN LOGIN']))
    const url = `smtp://user:password@127.0.0.1:${server.port}?requireTLS=true`
    const delivery = await transport({ url }).deliver(mail)
    expect(delivery.kind).not.toBe('accepted')
    expect(server.commands.filter((line) => line.startsWith('AUTH'))).toEqual([])
  })

  test('a connection that is lost before the body is safe to repeat', async () => {
    const server = kept(await createFaultySmtp())
    const sender = transport({ url: server.url, timeouts: { ...SHORT, silenceMs: 5_000 } })
    server.fail({ at: 'data', answer: 'silence' })
    const under = sender.deliver(mail)
    await until(() => server.commands.includes('DATA'))
    await server.close()
    expect(await under).toMatchObject(before)
  })

  test('the whole attempt is bounded, also when the server says something now and then', async () => {
    const server = kept(await createFaultySmtp({ at: 'rcpt', answer: '250-going on' }))
    const sender = transport({ url: server.url, timeouts: { ...SHORT, silenceMs: 60_000, attemptMs: 300 } })
    expect(await sender.deliver(mail)).toMatchObject(before)
  })

  test('closing the transport cuts what is under way, and says what it knows', async () => {
    const server = kept(await createFaultySmtp({ at: 'body', answer: 'silence' }))
    const sender = transport({ url: server.url, timeouts: { ...SHORT, silenceMs: 60_000 } })
    const under = sender.deliver(mail)
    await until(() => server.bodies.length === 1)
    sender.close()
    expect(await under).toMatchObject(after)
  })

  test('a reply is stored as one bounded line', async () => {
    const server = kept(await createFaultySmtp({ at: 'mail', answer: `550 \u001b[31m${'x'.repeat(2_000)}` }))
    const delivery = await transport({ url: server.url }).deliver(mail)
    if (delivery.kind !== 'refused') throw new Error(delivery.kind)
    expect(delivery.reply).toHaveLength(500)
    expect(delivery.reply).not.toContain('\u001b')
  })
})
