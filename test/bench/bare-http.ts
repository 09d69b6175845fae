import { createServer } from 'node:http'
import { stdout } from 'node:process'

// The reference: Node's HTTP server that answers everything with a fixed object of the size of one terminal. Prints its port.

const answer = JSON.stringify({ text: 'x'.repeat(600) })
const server = createServer((_request, response) => {
  response.setHeader('content-type', 'application/json')
  response.end(answer)
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  stdout.write(`${typeof address === 'object' && address ? address.port : 0}\n`)
})
