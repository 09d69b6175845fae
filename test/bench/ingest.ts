import { parseArgs } from 'node:util'
import { measureHttp } from './http-throughput.ts'
import { measureMqtt } from './mqtt-throughput.ts'
import { measureLetter, measureStale, measureStart } from './reactions.ts'
import { type Parts, report } from './report.ts'
import { measureConnections } from './terminal-connections.ts'

// `npm run bench:ingest`: the figures that the service promises, measured on this machine against real servers; one
// JSON object on standard output. --only=mqtt,http,tcp,start,stale,letter runs a part; --profile=FOLDER keeps CPU profiles.

const { values } = parseArgs({
  options: {
    messages: { type: 'string', default: '300000' },
    terminals: { type: 'string', default: '100000' },
    rounds: { type: 'string', default: '3' },
    connections: { type: 'string', default: '10000' },
    seconds: { type: 'string', default: '60' },
    only: { type: 'string', default: 'start,stale,letter,http,tcp,mqtt' },
    profile: { type: 'string', default: '' },
  },
})
const load = {
  messages: count('messages', values.messages),
  terminals: count('terminals', values.terminals),
  rounds: count('rounds', values.rounds),
  connections: count('connections', values.connections),
  seconds: count('seconds', values.seconds),
}
const nodeOptions = values.profile === '' ? [] : ['--cpu-prof', `--cpu-prof-dir=${values.profile}`]
const PARTS: Parts = {
  start: measureStart,
  stale: measureStale,
  letter: measureLetter,
  http: () => measureHttp(load, nodeOptions),
  tcp: () => measureConnections(load),
  mqtt: () => measureMqtt(load, nodeOptions),
}

await report(PARTS, values.only, load)

function count(name: string, text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 1) throw new Error(`--${name} must be a whole number above 0`)
  return value
}
