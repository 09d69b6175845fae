import { argv, stdout } from 'node:process'
import { connectAsync } from 'mqtt'

// The reference: mqtt.js as its documentation shows it, that only counts; without the library's debug formatting,
// which would cost more than the counting. Arguments: port, prefixes for QoS 0 and 1, messages per run. Prints the time
// (Unix ms) whenever a run is complete.

const [port = '', prefix0 = '', prefix1 = '', perRun = ''] = argv.slice(2)
const expected = Number(perRun)
let count = 0

const client = await connectAsync(`mqtt://127.0.0.1:${port}`, {
  protocolVersion: 5,
  clientId: 'bare-subscriber',
  log: () => {},
})
client.on('message', () => {
  count += 1
  if (count % expected === 0) stdout.write(`${Date.now()}\n`)
})
await client.subscribeAsync(`${prefix0}/#`, { qos: 0 })
await client.subscribeAsync(`${prefix1}/#`, { qos: 1 })
stdout.write('ready\n')
