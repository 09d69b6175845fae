import type { Outage } from '../../../src/core/outage/outage.ts'
import { nameOf, outageId } from '../oracle/journal.ts'
import type { ExpectedOutage } from '../oracle/outages.ts'
import { type Driver, keyOf } from './driver.ts'

/** Everything in which the stores differ from what the oracle asks for; empty when nothing does. */
export async function check(driver: Driver): Promise<readonly string[]> {
  const { faults, outages, book, stored } = await driver.judge()
  const errors = driver.world.errors.filter((error) => !error.startsWith('A letter cannot be delivered'))
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
  return [...errors, ...faults, ...missing, ...surplus, ...letters]
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
