import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { Worker } from 'node:worker_threads'

const LISTEN_AND_FREEZE = `
  const { createServer } = require('node:net')
  const { parentPort, workerData } = require('node:worker_threads')
  const server = createServer()
  server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
    parentPort.postMessage(server.address().port)
    parentPort.once('message', () => Atomics.wait(workerData, 0, 0))
    parentPort.postMessage('freezing')
  })
`

/** A port whose queue is full and never emptied: connecting to it neither succeeds nor fails. */
export async function openDeafPort(): Promise<AsyncDisposable & { readonly port: number }> {
  const gate = new Int32Array(new SharedArrayBuffer(4))
  const worker = new Worker(LISTEN_AND_FREEZE, { eval: true, workerData: gate })
  const [port] = (await once(worker, 'message')) as [number]
  worker.postMessage('freeze')
  const sockets = await fillQueue(port)
  return {
    port,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy()
      Atomics.store(gate, 0, 1)
      Atomics.notify(gate, 0)
      await worker.terminate()
    },
  }
}

/** Connects until a connection is left hanging. */
async function fillQueue(port: number): Promise<readonly Socket[]> {
  const sockets: Socket[] = []
  for (let hanging = 0; hanging < 2; ) {
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => {})
    sockets.push(socket)
    const outcome = await Promise.race([
      once(socket, 'connect').then(() => 'connected'),
      new Promise((resolve) => setTimeout(resolve, 200, 'hanging')),
    ])
    if (outcome === 'hanging') hanging++
    if (sockets.length > 50) throw new Error('This system accepts connections that nobody accepts')
  }
  return sockets
}
