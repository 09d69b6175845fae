import { once } from 'node:events'
import { connect } from 'node:net'
import { argv, stdout } from 'node:process'
import type { Duplex } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { PacedSocket } from '../../src/adapters/mqtt/paced-socket.ts'
import { sampleMessage, terminalId } from './sample.ts'

// Publishes as fast as the broker takes it, from packets made beforehand, so that the publisher costs next to nothing.
// Arguments: port, topic prefix, QoS, messages, terminals, id of a last message, at most so many messages a second.
// Prints when it began, in Unix ms.

/** Unacknowledged QoS 1 messages; well below the 65,535 ids that there are. */
const WINDOW = 5000
const PACKET_IDS = 65_000

const [
  port = '',
  prefix = '',
  qosText = '',
  messagesText = '',
  terminalsText = '',
  lastId = '',
  perSecond = 'Infinity',
] = argv.slice(2)
const qos = qosText === '1' ? 1 : 0
const messages = Number(messagesText)
/** What is written at once. At a rate that is given no more than a millisecond's: terminals speak each for itself. */
const BATCH = Math.max(1, Math.min(500, Math.round(Number(perSecond) / 1000)))
const batches = makeBatches(messages, Number(terminalsText))
/** Read once a millisecond: else the broker wakes this process for each acknowledgement. */
const socket = new PacedSocket((options) =>
  connect({ ...options, port: Number(port), host: '127.0.0.1' }).setNoDelay(),
)
socket.write(connectPacket(`load-${prefix}-${lastId}`))
await once(socket, 'data')
stdout.write(`${Date.now()}\n`)
await pour(socket)
socket.end(Buffer.from([0xe0, 0]))

async function pour(link: Duplex): Promise<void> {
  let acknowledged = 0
  let wake = (): void => {}
  link.on('data', (chunk) => {
    acknowledged += chunk.length / 4
    wake()
  })
  let sent = 0
  const startedAt = Date.now()
  for (const batch of batches) {
    const dueAt = startedAt + (1000 * sent) / Number(perSecond)
    if (dueAt > Date.now()) await delay(dueAt - Date.now())
    if (!link.write(batch)) await once(link, 'drain')
    sent += BATCH
    while (qos === 1 && sent - acknowledged > WINDOW) {
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
  }
  const last = publishPacket(`${prefix}/${lastId}`, `{"ident":"${lastId}","speed":1}`, PACKET_IDS + 1)
  if (!link.write(last)) await once(link, 'drain')
  while (qos === 1 && acknowledged < messages + 1) await once(link, 'data')
}

function makeBatches(count: number, terminals: number): Buffer[] {
  const made: Buffer[] = []
  const at = Date.now()
  for (let first = 0; first < count; first += BATCH) {
    const packets: Buffer[] = []
    for (let n = first; n < Math.min(count, first + BATCH); n++) {
      const terminal = n % terminals
      const topic = `${prefix}/${terminalId(terminal)}`
      packets.push(publishPacket(topic, sampleMessage(terminal, at), (n % PACKET_IDS) + 1))
    }
    made.push(Buffer.concat(packets))
  }
  return made
}

/** MQTT 3.1.1, section 3.3. */
function publishPacket(topic: string, payload: string, packetId: number): Buffer {
  const id = qos === 1 ? Buffer.from([packetId >> 8, packetId & 0xff]) : Buffer.alloc(0)
  return packet(0x30 | (qos << 1), Buffer.concat([text(topic), id, Buffer.from(payload)]))
}

/** MQTT 3.1.1, section 3.1: clean session, no keepalive. */
function connectPacket(clientId: string): Buffer {
  return packet(0x10, Buffer.concat([text('MQTT'), Buffer.from([4, 2, 0, 0]), text(clientId)]))
}

function packet(head: number, rest: Buffer): Buffer {
  const length: number[] = []
  for (let left = rest.length; ; ) {
    const low = left % 128
    left = Math.floor(left / 128)
    length.push(left > 0 ? low | 0x80 : low)
    if (left === 0) break
  }
  return Buffer.concat([Buffer.from([head, ...length]), rest])
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value)
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 0xff]), bytes])
}
