import { connect, type Socket } from 'node:net'
import { argv, stdout } from 'node:process'
import {
  archivePayload,
  bytesField,
  general,
  identFrame,
  navigation,
  numberField,
  OMNICOMM_EPOCH,
  signedField,
  terminalFrame,
} from '../support/omnicomm.ts'

// Terminals that hold their connections and send a record now and then. Arguments: port, terminals, interval in s.
// Prints `connected` when all have said who they are, then `count`, the frames sent so far, each second.

const [port = '', terminalsText = '', intervalText = ''] = argv.slice(2)
const terminals = Number(terminalsText)
const intervalMs = Number(intervalText) * 1000
/** Connections that are being made at a time: more would overflow the listener's queue. */
const AT_ONCE = 200
const FIRST_TERMINAL = 500_000_000
/** Turns in which the terminals send, spread over the interval. */
const TURN_MS = 100

const sockets: Socket[] = []
let sent = 0

for (let first = 0; first < terminals; first += AT_ONCE) {
  const batch = Array.from({ length: Math.min(AT_ONCE, terminals - first) }, (_, i) => open(first + i))
  sockets.push(...(await Promise.all(batch)))
}
stdout.write('connected\n')

const turns = Math.max(1, Math.round(intervalMs / TURN_MS))
let turn = 0
let recordId = 1
setInterval(() => {
  const frame = liveFrame()
  for (let n = turn % turns; n < sockets.length; n += turns) {
    sockets[n]?.write(frame)
    sent += 1
  }
  turn += 1
  if (turn % turns === 0) recordId += 1
}, TURN_MS)
setInterval(() => stdout.write(`${sent}\n`), 1000)

function open(n: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), '127.0.0.1').setNoDelay()
    socket.once('error', reject)
    socket.once('connect', () => socket.write(identFrame(FIRST_TERMINAL + n, 308)))
    socket.once('data', () => {
      // The request for the archive: there is nothing in it.
      socket.write(terminalFrame(0x86))
      socket.on('data', () => {})
      resolve(socket)
    })
  })
}

/** What a moving vehicle sends: General and NAV with their usual fields. */
function liveFrame(): Uint8Array {
  const time = Math.floor((Date.now() - OMNICOMM_EPOCH) / 1000)
  const record = [
    ...bytesField(1, [1]),
    ...general(numberField(1, time), numberField(4, 7), numberField(8, 276), numberField(9, 90)),
    ...navigation(
      signedField(1, 562_500_000),
      signedField(2, 435_000_000),
      numberField(3, 420),
      numberField(4, 118),
      numberField(5, 11),
      signedField(6, 1500),
      numberField(7, time),
    ),
  ]
  return terminalFrame(0x95, archivePayload(recordId, time, [record]))
}
