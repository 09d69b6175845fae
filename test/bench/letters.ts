import { availableParallelism, cpus } from 'node:os'
import process, { stdout, version } from 'node:process'
import { parseArgs } from 'node:util'
import type { Figure } from './figure.ts'
import { measureFlood } from './letter-flood.ts'
import { measureYears } from './ten-years.ts'

// `npm run bench:letters`: what the service promises of its letters and of years of rounds, measured on this machine
// against real servers; one JSON object on standard output. --only=flood,years runs a part; --years=1 makes it short.

const { values } = parseArgs({
  options: {
    years: { type: 'string', default: '10' },
    only: { type: 'string', default: 'flood,years' },
  },
})
const years = Number(values.years)
if (!(years > 0)) throw new Error('--years must be a number above 0')
const PARTS: Readonly<Record<string, () => Promise<Record<string, Figure>>>> = {
  flood: measureFlood,
  years: () => measureYears(years),
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
const report = { at: new Date().toISOString(), machine, years, figures, failures }
stdout.write(`${JSON.stringify(report, null, 2)}\n`)
