import { availableParallelism, cpus } from 'node:os'
import process, { stdout, version } from 'node:process'
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
  messages: count('messages', values.messages),
  terminals: count('terminals', values.terminals),
  rounds: count('rounds', values.rounds),
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
const failures: Record<string, string> = {}
for (const name of values.only.split(',')) {
  const measure = PARTS[name]
  if (!measure)
    throw new Error(`--only: there is no part ${name}; there are ${Object.keys(PARTS).join(', ')}`)
  try {
    Object.assign(figures, await measure())
  } catch (error) {
    // The other figures are worth having without this one.
    failures[name] = error instanceof Error ? error.message : String(error)
    process.exitCode = 1
  }
}
const machine = { node: version, cores: availableParallelism(), cpu: cpus()[0]?.model ?? '' }
const report = { at: new Date().toISOString(), machine, load, figures, failures }
stdout.write(`${JSON.stringify(report, null, 2)}\n`)

function count(name: string, text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 1) throw new Error(`--${name} must be a whole number above 0`)
  return value
}
