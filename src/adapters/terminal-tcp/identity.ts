import type { Connection } from './connection.ts'
import { drop, getToKnow } from './ending.ts'
import type { Hub } from './hub.ts'

/**
 * The connection speaks for the terminal from now on. An older connection of the same terminal is closed: mostly
 * the network lost it and nobody told us. Where the protocol lets a connection become another terminal, it gives the
 * first one back.
 */
export function claim(hub: Hub, connection: Connection, terminalId: string): void {
  getToKnow(hub, connection)
  const { terminalId: before } = connection
  if (before !== null && before !== terminalId) hub.claims.release(before, connection)
  connection.terminalId = terminalId
  const older = hub.claims.claim(terminalId, connection)
  if (older === undefined) return
  drop(hub, older, 'replaced')
  if (older.use !== connection.use) handOver(hub, terminalId, older, connection)
}

function handOver(hub: Hub, terminalId: string, older: Connection, newer: Connection): void {
  const { isNew, isDue } = hub.handovers.passed(terminalId, hub.clock.monotonic())
  if (isNew) hub.metrics.add('watch_terminals_contested_total', hub.labels)
  if (!isDue) return
  hub.log.warn(
    'A terminal keeps changing hands between addresses: look for two devices with this number, or a second sender of its data',
    {
      source: hub.options.id,
      terminal: terminalId,
      remote: newer.use.address,
      before: older.use.address,
    },
  )
}
