import { availableParallelism, cpus } from 'node:os'
import process, { stdout, version } from 'node:process'
import type { Figure } from './figure.ts'

/** Parts of a benchmark by name. */
export type Parts = Readonly<Record<string, () => Promise<Record<string, Figure>>>>

/**
 * Measures the parts that are named and prints their figures as one JSON object, with the machine and the load. A part
 * that fails makes exit status 1; the other figures are worth having without it.
 */
export async function report(parts: Parts, only: string, load: Readonly<Record<string, number>>) {
  const figures: Record<string, Figure> = {}
  const failures: Record<string, string> = {}
  for (const name of only.split(',')) {
    const measure = parts[name]
    if (!measure)
      throw new Error(`--only: there is no part ${name}; there are ${Object.keys(parts).join(', ')}`)
    try {
      Object.assign(figures, await measure())
    } catch (error) {
      failures[name] = error instanceof Error ? error.message : String(error)
      process.exitCode = 1
    }
  }
  const machine = { node: version, cores: availableParallelism(), cpu: cpus()[0]?.model ?? '' }
  const made = { at: new Date().toISOString(), machine, load, figures, failures }
  stdout.write(`${JSON.stringify(made, null, 2)}\n`)
}
