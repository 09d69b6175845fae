import { createSocket } from 'node:dgram'
import { once } from 'node:events'

/** A name server that knows IPv4 addresses of some names and says of all others that they do not exist. */
export async function startNameServer(
  names: Readonly<Record<string, string>>,
): Promise<AsyncDisposable & { readonly address: string; asked(): readonly string[] }> {
  const socket = createSocket('udp4')
  const asked: string[] = []
  socket.on('message', (query, peer) => {
    const { name, type, end } = readQuestion(query)
    asked.push(name)
    const address = type === 1 ? names[name] : undefined
    socket.send(reply(query.subarray(0, end), names[name] !== undefined, address), peer.port, peer.address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  return {
    address: `127.0.0.1:${socket.address().port}`,
    asked: () => asked,
    [Symbol.asyncDispose]: async () => {
      socket.close()
      await once(socket, 'close')
    },
  }
}

function readQuestion(query: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = []
  let at = 12
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length))
    at += 1 + length
  }
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 }
}

function reply(question: Buffer, known: boolean, address: string | undefined): Buffer {
  const head = Buffer.from(question)
  head.writeUInt16BE(known ? 0x8180 : 0x8183, 2)
  head.writeUInt16BE(address === undefined ? 0 : 1, 6)
  head.fill(0, 8, 12)
  if (address === undefined) return head
  const answer = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, ...address.split('.').map(Number)])
  return Buffer.concat([head, answer])
}
