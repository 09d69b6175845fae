import { argv } from 'node:process'
import { openSqliteStores } from '../../../src/adapters/sqlite/stores.ts'
import { bytes, flushOf, letter, outage, round, terminalRow } from '../../support/store-rows.ts'

// Writes for ever, printing the number of each step whose calls have all resolved: crash.test.ts kills it.

const [path = '', first = '0'] = argv.slice(2)
const stores = await openSqliteStores({ path })
for (let n = Number(first); ; n++) {
  const subject = `outage-${n}`
  await Promise.all([
    stores.fleet.flush(flushOf({ at: n, journal: [bytes(String(n))], terminals: [terminalRow(n)] })),
    stores.outages.append(round(n)),
    stores.outages.commit({
      outages: [outage(subject, n)],
      letters: { add: [letter('initial', 'a@example.test', { subject })], supersede: [] },
      audit: [],
    }),
  ])
  process.stdout.write(`${n}\n`)
}
