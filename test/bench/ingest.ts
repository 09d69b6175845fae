import { availableParallelism, cpus } from 'node:os'
import { stdout, version } from 'node:process'
import { parseArgs } from 'node:util'
import type { Figure } from './figure.ts'
import { measureHttp } from './http-throughput.ts'
import { measureMqtt } from './mqtt-throughput.ts'
import { measureLetter, measureStale, measureStart } from './reactions.ts'

// `npm run bench:ingest`: the figures that the service promises, measured on this machine against real servers; one
// JSON object on standard output. --only=mqtt,http,start,stale,letter runs a part; --profile=FOLDER keeps CPU profiles.

const { values } = parseArgs({
  options: {
    messages: { type: 'string', default: '300000' },
    terminals: { type: 'string', default: '100000' },
    rounds: { type: 'string', default: '3' },
    only: { type: 'string', default: 'start,stale,letter,http,mqtt' },
    profile: { type: 'string', default: '' },
  },
})
const load = {
  messages: Number(values.messages),
  terminals: Number(values.terminals),
  rounds: Number(values.rounds),
}
const nodeOptions = values.profile === '' ? [] : ['--cpu-prof', `--cpu-prof-dir=${values.profile}`]
const PARTS: Readonly<Record<string, () => Promise<Record<string, Figure>>>> = {
  start: measureStart,
  stale: measureStale,
  letter: measureLetter,
  http: () => measureHttp(load, nodeOptions),
  mqtt: () => measureMqtt(load, nodeOptions),
}

const figures: Record<string, Figure> = {}
for (const part of values.only.split(',')) Object.assign(figures, await PARTS[part]?.())
const machine = { node: version, cores: availableParallelism(), cpu: cpus()[0]?.model ?? '' }
stdout.write(`${JSON.stringify({ at: new Date().toISOString(), machine, load, figures }, null, 2)}\n`)
