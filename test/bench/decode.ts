import { parseArgs } from 'node:util'
import { SAMPLES, type Sample } from './decode-samples.ts'
import { type Figure, median, round } from './figure.ts'
import { type Parts, report } from './report.ts'

// `npm run bench:decode`: records/s on one core of each decoder, from the bytes of the wire to observations, beside
// JSON.parse of the same observations in the same run. --only=NAME,NAME runs some, --rounds=N repeats.

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: Object.keys(SAMPLES).join(',') },
    rounds: { type: 'string', default: '5' },
  },
})
const rounds = Number(values.rounds)
const ROUND_MS = 400

const parts: Parts = Object.fromEntries(
  Object.entries(SAMPLES).map(([name, sample]) => [name, async () => ({ [name]: measure(sample) })]),
)
await report(parts, values.only, { rounds })

function measure({ decode }: Sample): Figure {
  const observations = decode()
  if (observations.length === 0) throw new Error('nothing was decoded')
  const texts = observations.map((observation) => JSON.stringify(observation))
  const runs: number[] = []
  const referenceRuns: number[] = []
  // The first round makes both warm.
  for (let round = 0; round <= rounds; round++) {
    const own = perSecond(() => decode().length)
    const reference = perSecond(() => {
      for (const text of texts) JSON.parse(text)
      return texts.length
    })
    if (round === 0) continue
    runs.push(own)
    referenceRuns.push(reference)
  }
  return {
    value: median(runs),
    unit: 'records/s',
    reference: median(referenceRuns),
    ratio: round(median(runs) / median(referenceRuns)),
    runs,
    referenceRuns,
  }
}

/** `once` does its work and tells how many records that were. */
function perSecond(once: () => number): number {
  const end = performance.now() + ROUND_MS
  const started = performance.now()
  let records = 0
  let now = started
  while (now < end) {
    for (let i = 0; i < 50; i++) records += once()
    now = performance.now()
  }
  return round((1000 * records) / (now - started))
}
