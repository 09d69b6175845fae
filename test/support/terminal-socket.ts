import { once } from 'node:events'
import { connect } from 'node:net'
import type { ServiceProcess } from './service-process.ts'
import { until } from './until.ts'

/** A terminal's side of a connection to the service. */
export type TerminalSocket = Disposable & {
  send(data: string | Uint8Array): void
  /** Everything that has come so far. */
  received(): Buffer
  isClosed(): boolean
}

/** The port at which a source listens, as the log tells. */
export async function portOf(service: ServiceProcess, source: string): Promise<number> {
  const line = () =>
    service.log.findLast(({ message, ...fields }) => message === LISTENING && fields['source'] === source)
  await until(() => line() !== undefined, 10_000, `source ${source} listens`)
  return Number(line()?.['port'])
}

const LISTENING = 'Listening for terminals'

export async function openTerminal(port: number): Promise<TerminalSocket> {
  const socket = connect(port, '127.0.0.1').setNoDelay()
  const chunks: Buffer[] = []
  let closed = false
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  socket.on('error', () => {})
  socket.on('close', () => {
    closed = true
  })
  await once(socket, 'connect')
  return {
    send: (data) => void socket.write(data),
    received: () => Buffer.concat(chunks),
    isClosed: () => closed,
    [Symbol.dispose]: () => socket.destroy(),
  }
}
