import type { Outage } from '../../../src/core/outage/outage.ts'
import { type JournalEntry, nameOf, outageId } from '../oracle/journal.ts'
import type { ExpectedOutage } from '../oracle/outages.ts'
import { type Driver, keyOf } from './driver.ts'

/** Of what the auditor told operators, that which no specification asks for. */
export function falseAlarms({ world }: Driver): readonly string[] {
  return world.findings.filter((text) => !/there are no recipients|were given up/.test(text))
}

/** What the relay refuses, and what the auditor finds: `falseAlarms` looks at that. */
const EXPECTED_ERRORS = /^(?:A letter cannot be delivered|it is not proven that every due letter is sent)/

/** Everything in which the stores differ from what the oracle asks for; empty when nothing does. */
export async function check(driver: Driver): Promise<readonly string[]> {
  const { faults, outages, book, stored } = await driver.judge()
  const errors = driver.world.errors.filter((error) => !EXPECTED_ERRORS.test(error))
  const wanted = outages.map(expectedRow)
  const got = stored.outages.map(storedRow)
  const letters = stored.letters.flatMap((letter) => {
    const booked = book.get(keyOf(letter))
    const asBooked: readonly unknown[] = booked?.state === 'unsent' ? ['pending', 'retry'] : [booked?.state]
    return asBooked.includes(letter.state)
      ? []
      : [`${nameOf(keyOf(letter))} is ${letter.state}, not ${booked?.state}`]
  })
  const missing = wanted.filter((row) => !got.includes(row)).map((row) => `missing ${row}`)
  const surplus = got.filter((row) => !wanted.includes(row)).map((row) => `unexpected ${row}`)
  return [...errors, ...latenesses(driver, outages), ...faults, ...missing, ...surplus, ...letters]
}

/** A letter that became due later than 1 ms after the crossing although nothing kept the program from probing. */
function latenesses({ world }: Driver, outages: readonly ExpectedOutage[]): readonly string[] {
  const { journal, disturbances } = world
  const rows = journal.flatMap((entry, place) => (isRow(entry) ? [{ entry, place }] : []))
  return outages.flatMap(({ start, overdueMs, by }) => {
    if (by.due === null || overdueMs === null || overdueMs <= 1) return []
    const from = rows[by.due - 1]
    const to = rows[by.due]
    const before = from?.entry.kind === 'stored' && from.entry.row.kind === 'round' ? from.entry.row : null
    const isDisturbed = disturbances.some((place) => place > (from?.place ?? 0) && place <= (to?.place ?? 0))
    const late = before?.verdict === 'fail' && !isDisturbed
    return late ? [`the letter about ${outageId(start)} became due ${overdueMs} ms after the crossing`] : []
  })
}

/** What the oracle counts as a row of the trace. */
function isRow(entry: JournalEntry): boolean {
  return entry.kind === 'stored' || (entry.kind === 'commit' && entry.deed?.action === 'cancel')
}

function expectedRow(outage: ExpectedOutage): string {
  const { start, notBefore, end, downMs, possibleMs, cancelled, intermittent } = outage
  const { letterDueAt, operatorAlarmAt, warnedAt } = outage
  const marks = { letterDueAt, operatorAlarmAt, warnedAt, intermittent, cancelled }
  return JSON.stringify({ id: outageId(start), notBefore, end, downMs, possibleMs, ...marks })
}

function storedRow(outage: Outage): string {
  const { id, notBefore, end, downMs, possibleMs, state, intermittent } = outage
  const { letterDueAt, operatorAlarmAt, warnedAt } = outage
  const marks = { letterDueAt, operatorAlarmAt, warnedAt, intermittent, cancelled: state === 'cancelled' }
  return JSON.stringify({ id, notBefore, end, downMs, possibleMs, ...marks })
}
