import { createServer } from 'node:http'
import { stdout } from 'node:process'

// The reference: Node's HTTP server that answers `GET /N` with a fixed object of N characters and takes whatever is
// posted. Prints its port.

const AROUND = JSON.stringify({ text: '' }).length
const server = createServer((request, response) => {
  if (request.method === 'POST') {
    request.resume().on('end', () => response.writeHead(202).end())
    return
  }
  const length = Math.max(0, Number(request.url?.slice(1)) - AROUND)
  response.setHeader('content-type', 'application/json')
  response.end(`{"text":"${'x'.repeat(length)}"}`)
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  stdout.write(`${typeof address === 'object' && address ? address.port : 0}\n`)
})
