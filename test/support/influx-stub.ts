import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

export type StubAnswer =
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string }
  /** The request is taken, and no answer comes. */
  | 'hang'
  /** The connection is cut in place of an answer. */
  | 'cut'

export type StubWrite = {
  readonly path: string
  readonly token: string | undefined
  readonly lines: readonly string[]
}

/** An InfluxDB that answers as it is told to; what it takes well is kept. */
export async function startInfluxStub(answer: (write: StubWrite) => StubAnswer = () => ({ status: 204 })) {
  const asked: StubWrite[] = []
  const written: string[] = []
  let answering = answer
  const server = createServer(async (request, response) => {
    const text = await bodyOf(request)
    const write: StubWrite = {
      path: request.url ?? '',
      token: request.headers.authorization,
      lines: text === '' ? [] : text.split('\n'),
    }
    asked.push(write)
    const answered = answering(write)
    if (answered === 'hang') return
    if (answered === 'cut') return void request.socket.destroy()
    if (answered.status === 204) written.push(...write.lines)
    response.writeHead(answered.status, answered.headers).end(answered.body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    written,
    /** From now on it answers like this. */
    answer(next: (write: StubWrite) => StubAnswer): void {
      answering = next
    },
    async [Symbol.asyncDispose](): Promise<void> {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** An answer as InfluxDB 2 words it. */
export function influxError(status: number, message: string, headers: Readonly<Record<string, string>> = {}) {
  const body = JSON.stringify({ code: 'some code', message })
  return { status, headers: { 'content-type': 'application/json; charset=utf-8', ...headers }, body }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}
