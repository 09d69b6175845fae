import { parseArgs } from 'node:util'
import { measureFlood } from './letter-flood.ts'
import { type Parts, report } from './report.ts'
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
const PARTS: Parts = {
  flood: measureFlood,
  years: () => measureYears(years),
}

await report(PARTS, values.only, { years })
