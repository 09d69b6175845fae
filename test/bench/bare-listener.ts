import { createServer } from 'node:net'
import { argv, stdout } from 'node:process'

// The reference: a listener that answers the first bytes of a connection with a fixed text and then only counts. Prints
// its port. Argument: the answer in hex.

const answer = Buffer.from(argv[2] ?? '', 'hex')
let bytes = 0
const server = createServer((socket) => {
  socket.setNoDelay()
  socket.once('data', () => socket.write(answer))
  socket.on('data', (chunk) => {
    bytes += chunk.length
  })
  socket.on('error', () => {})
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  stdout.write(`${typeof address === 'object' && address ? address.port : 0}\n`)
})
setInterval(() => void bytes, 60_000)
