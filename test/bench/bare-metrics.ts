import { createServer } from 'node:http'
import { argv, stdout } from 'node:process'
import { Gauge, Registry } from 'prom-client'

// The reference: prom-client itself with so many series of two labels, behind Node's own HTTP server. Prints its port.

const STATES = 11
const registers = [new Registry()]
const gauge = new Gauge({ name: 'bare', help: 'Bare', labelNames: ['client', 'state'], registers })
for (let n = 0; n < Number(argv[2]); n++) {
  gauge.set({ client: `Client ${Math.floor(n / STATES)}`, state: `state-${n % STATES}` }, n)
}
const server = createServer((_request, response) => {
  void registers[0]?.metrics().then((text) => response.end(text))
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  stdout.write(`${typeof address === 'object' && address ? address.port : 0}\n`)
})
