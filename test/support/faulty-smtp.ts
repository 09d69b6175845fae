import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'

/**
 * Where a faulty server departs from the good way. A text is sent in place of the good reply (`\r\n` is added);
 * `drop` closes the connection instead of answering; `silence` never answers.
 */
export type SmtpFault = {
  readonly at: 'greeting' | 'ehlo' | 'starttls' | 'auth' | 'mail' | 'rcpt' | 'data' | 'body'
  readonly answer: string | 'drop' | 'silence'
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

  function serve(socket: Socket): void {
    let input = ''
    let inBody = false
    sockets.add(socket)
    socket.setEncoding('latin1')
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
    reply('greeting', '220 faulty.test ready')
    socket.on('data', (chunk: string) => {
      input += chunk
      while (inBody ? takeBody() : takeCommand());
    })

    function reply(at: SmtpFault['at'], good: string): boolean {
      const answer = current?.at === at ? current.answer : good
      if (answer === 'drop') socket.destroy()
      else if (answer !== 'silence') socket.write(`${answer}\r\n`, 'latin1')
      return answer === good
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
      else if (/^STARTTLS/i.test(line)) reply('starttls', '220 go on')
      else if (/^AUTH/i.test(line)) reply('auth', '235 2.7.0 welcome')
      else if (/^MAIL/i.test(line)) reply('mail', '250 2.1.0 ok')
      else if (/^RCPT/i.test(line)) reply('rcpt', '250 2.1.5 ok')
      else if (/^DATA/i.test(line)) inBody = reply('data', '354 go on')
      else socket.write('250 ok\r\n')
      return true
    }
  }

  const server = createServer(serve).listen(0, '127.0.0.1')
  await once(server, 'listening')
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
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function ehloReply(extensions: readonly string[]): string {
  const lines = ['faulty.test', ...extensions]
  return lines.map((line, i) => `250${i === lines.length - 1 ? ' ' : '-'}${line}`).join('\r\n')
}
