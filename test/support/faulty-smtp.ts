import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { TEST_CERTIFICATE, TEST_KEY } from './certificates.ts'

/**
 * Where a faulty server departs from the good way. A text is sent in place of the good reply (`\r\n` is added);
 * `drop` closes the connection instead of answering; `silence` never answers; `good` is the good reply.
 */
export type SmtpFault = {
  readonly at: 'greeting' | 'ehlo' | 'starttls' | 'auth' | 'mail' | 'rcpt' | 'data' | 'body'
  readonly answer: string | 'drop' | 'silence' | 'good'
  /** Milliseconds before the answer. */
  readonly afterMs?: number
  /** Only letters to this address. */
  readonly to?: string
}

export type FaultySmtp = {
  readonly port: number
  readonly url: string
  /** Messages that arrived complete with their final dot, unstuffed. */
  readonly bodies: readonly string[]
  /** Commands as they came. */
  readonly commands: readonly string[]
  /** Changes what goes wrong from the next step on; undefined: nothing. */
  fail(fault: SmtpFault | undefined): void
  /** Connections are refused from now on. */
  vanish(): Promise<void>
  /** Listens again, on the same port. */
  appear(): Promise<void>
  close(): Promise<void>
}

/** A small SMTP server on a free loopback port that fails at a chosen stage, byte for byte as told. */
export async function createFaultySmtp(
  fault?: SmtpFault,
  extensions: readonly string[] = ['AUTH PLAIN LOGIN', 'ENHANCEDSTATUSCODES'],
): Promise<FaultySmtp> {
  let current = fault
  const bodies: string[] = []
  const commands: string[] = []
  const sockets = new Set<Socket>()

  function serve(connection: Socket): void {
    let socket = connection
    let input = ''
    let inBody = false
    let recipient = ''
    sockets.add(connection)
    connection.on('close', () => sockets.delete(connection))
    listenTo(connection)
    reply('greeting', '220 faulty.test ready')

    function listenTo(stream: Socket): void {
      stream.on('error', () => {})
      stream.on('data', (chunk: Buffer) => {
        input += chunk.toString('latin1')
        while (inBody ? takeBody() : takeCommand());
      })
    }

    function startTls(): void {
      connection.removeAllListeners('data')
      socket = new TLSSocket(connection, { isServer: true, key: TEST_KEY, cert: TEST_CERTIFICATE })
      listenTo(socket)
    }

    function reply(at: SmtpFault['at'], good: string): boolean {
      const fault = current?.at === at && (current.to ?? recipient) === recipient ? current : undefined
      const answer = fault === undefined || fault.answer === 'good' ? good : fault.answer
      if (fault?.afterMs === undefined) say(answer)
      else setTimeout(say, fault.afterMs, answer)
      return answer === good
    }

    function say(answer: string): void {
      if (answer === 'drop') socket.destroy()
      else if (answer !== 'silence' && socket.writable) socket.write(`${answer}\r\n`, 'latin1')
    }

    function takeBody(): boolean {
      // A client that pipelined DATA behind a refused recipient ends with an empty message (RFC 2920 3.1).
      if (input.startsWith('.\r\n')) {
        input = input.slice(3)
        inBody = false
        socket.write('554 5.5.1 no valid recipients\r\n')
        return true
      }
      const end = input.indexOf('\r\n.\r\n')
      if (end < 0) return false
      bodies.push(input.slice(0, end + 2).replace(/^\.\./gm, '.'))
      input = input.slice(end + 5)
      inBody = false
      reply('body', '250 2.0.0 queued')
      return true
    }

    function takeCommand(): boolean {
      const end = input.indexOf('\r\n')
      if (end < 0) return false
      const line = input.slice(0, end)
      input = input.slice(end + 2)
      commands.push(line)
      if (/^EHLO/i.test(line)) reply('ehlo', ehloReply(extensions))
      else if (/^STARTTLS/i.test(line)) {
        const offered = extensions.includes('STARTTLS')
        if (reply('starttls', offered ? '220 go on' : '502 5.5.1 not here') && offered) startTls()
      } else if (/^AUTH/i.test(line)) reply('auth', '235 2.7.0 welcome')
      else if (/^MAIL/i.test(line)) reply('mail', '250 2.1.0 ok')
      else if (/^RCPT/i.test(line)) {
        recipient = /<(.*)>/.exec(line)?.[1] ?? ''
        reply('rcpt', '250 2.1.5 ok')
      } else if (/^DATA/i.test(line)) inBody = reply('data', '354 go on')
      else socket.write('250 ok\r\n')
      return true
    }
  }

  const server = createServer(serve)

  async function listen(port: number): Promise<void> {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
  }

  async function vanish(): Promise<void> {
    const closed = new Promise((resolve) => server.close(resolve))
    for (const socket of sockets) socket.destroy()
    await closed
  }

  await listen(0)
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the faulty server has no port')
  return {
    port: address.port,
    url: `smtp://127.0.0.1:${address.port}`,
    bodies,
    commands,
    fail(next) {
      current = next
    },
    vanish,
    appear: () => listen(address.port),
    close: vanish,
  }
}

function ehloReply(extensions: readonly string[]): string {
  const lines = ['faulty.test', ...extensions]
  return lines.map((line, i) => `250${i === lines.length - 1 ? ' ' : '-'}${line}`).join('\r\n')
}
