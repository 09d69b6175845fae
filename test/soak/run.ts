import { mkdirSync, writeFileSync } from 'node:fs'
import process, { stdout } from 'node:process'
import { parseArgs } from 'node:util'
import { lineOf, runSoak } from './soak.ts'

// `npm run soak -- [--minutes=60] [--terminals=3000] [--json=FILE]`: a line for each phase while it runs, then figures,
// and everything that is not as it must be; exit status 1 when there is any.

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '60' },
    terminals: { type: 'string', default: '3000' },
    json: { type: 'string', default: '.artifacts/soak.json' },
  },
})
const startedAt = Date.now()
const tell = (line: string): void => {
  stdout.write(`${String(Math.round((Date.now() - startedAt) / 1000)).padStart(5)} s  ${line}\n`)
}
const report = await runSoak({ minutes: Number(values.minutes), terminals: Number(values.terminals), tell })
mkdirSync('.artifacts', { recursive: true })
writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`)
stdout.write(`\n${report.phases.map(lineOf).join('\n')}\n\n`)
const { faults: _faults, ...figures } = report.figures
for (const [name, value] of Object.entries(figures)) stdout.write(`${name.padEnd(30)} ${value}\n`)
stdout.write(report.faults.length === 0 ? '\nAll is well.\n' : `\n${report.faults.join('\n')}\n`)
process.exitCode = report.faults.length === 0 ? 0 : 1
