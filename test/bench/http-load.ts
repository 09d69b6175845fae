import { Agent, request } from 'node:http'
import { argv, stdout } from 'node:process'
import { setTimeout as delay } from 'node:timers/promises'
import { sampleMessage } from './sample.ts'

// Pushes NDJSON batches over a few kept-alive connections. Arguments: address, token, messages, terminals, at most so
// many messages a second (else as fast as they are taken). Prints beginning and end in Unix ms.

const BATCH = 1000
const CONNECTIONS = 4

const [url = '', token = '', messagesText = '', terminalsText = '', perSecond = 'Infinity'] = argv.slice(2)
const bodies = makeBodies(Number(terminalsText))
const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS })
const total = Math.ceil(Number(messagesText) / BATCH)
let sent = 0

const startedAt = Date.now()
await Promise.all(Array.from({ length: CONNECTIONS }, pushAll))
stdout.write(`${startedAt} ${Date.now()}\n`)
agent.destroy()

async function pushAll(): Promise<void> {
  while (sent < total) {
    const number = sent++
    const dueAt = startedAt + (1000 * BATCH * number) / Number(perSecond)
    if (dueAt > Date.now()) await delay(dueAt - Date.now())
    const status = await push(bodies[number % bodies.length] ?? Buffer.alloc(0))
    if (status !== 202) throw new Error(`the service answered ${status}`)
  }
}

function push(body: Buffer): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${token}`,
      'content-type': 'application/x-ndjson',
      'content-length': body.length,
    }
    request(url, { method: 'POST', agent, headers }, (answer) => {
      answer.resume().on('end', () => resolve(answer.statusCode))
    })
      .on('error', reject)
      .end(body)
  })
}

function makeBodies(terminals: number): Buffer[] {
  const made: Buffer[] = []
  const at = Date.now()
  for (let first = 0; first < terminals; first += BATCH) {
    const lines = Array.from({ length: Math.min(BATCH, terminals - first) }, (_, n) =>
      sampleMessage(first + n, at),
    )
    made.push(Buffer.from(lines.join('\n')))
  }
  return made
}
