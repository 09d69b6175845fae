import fc from 'fast-check'
import { ANNA, BOB } from '../support/letters.ts'
import { check, falseAlarms } from './harness/check.ts'
import { commands, OPTIONS } from './harness/commands.ts'
import { type Command, createDriver } from './harness/driver.ts'

/*
 * Long runs by hand: `node test/model/explore.ts [SECONDS] [SEED]`. Goes on after a failure, makes each kind of it as
 * short as it gets, and prints it with the seed of its trace. Exit status 1 when there was any.
 */

const MINUTE = 60_000
const SAMPLE = 20

const seconds = Number(process.argv[2] ?? 60)
let seed = Number(process.argv[3] ?? Date.now() % 2 ** 31)
const until = Date.now() + seconds * 1_000
const found = new Map<string, number>()
let traces = 0

for (; Date.now() < until; seed++) {
  for (const given of fc.sample(commands, { numRuns: SAMPLE, seed })) {
    traces++
    const faults = await faultsOf(given)
    const [first] = faults
    if (first === undefined) continue
    const kind = kindOf(first)
    found.set(kind, (found.get(kind) ?? 0) + 1)
    if (found.get(kind) === 1) print({ seed, ...(await shorten(given, kind)) })
  }
}
print({ traces, nextSeed: seed, found: Object.fromEntries(found) })
process.exitCode = found.size === 0 ? 0 : 1

async function faultsOf(given: readonly Command[]): Promise<readonly string[]> {
  const driver = await createDriver(OPTIONS, [ANNA, BOB])
  await driver.runAll([{ do: 'pass', verdict: 'ok', ms: MINUTE }, ...given])
  await driver.calmDown()
  return [...(await check(driver)), ...falseAlarms(driver)]
}

/** The fault without what is special to its trace. */
function kindOf(fault: string): string {
  return fault.replaceAll(/\S*\d\S*/g, '#').slice(0, 120)
}

/** Leaves out one command after the other as long as the fault stays. */
async function shorten(given: readonly Command[], kind: string) {
  let commands = given
  let faults: readonly string[] = []
  for (let i = 0; i < commands.length; ) {
    const fewer = commands.toSpliced(i, 1)
    const left = await faultsOf(fewer)
    if (left.some((fault) => kindOf(fault) === kind)) {
      commands = fewer
      faults = left
    } else i++
  }
  return { commands, faults: faults.length > 0 ? faults : await faultsOf(given) }
}

function print(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`)
}
