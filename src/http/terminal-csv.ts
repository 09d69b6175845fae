import type { TerminalQuery, TerminalView } from '../core/fleet/view.ts'
import { csvLine } from './csv.ts'
import { BYTE_ORDER_MARK } from './csv-file.ts'
import type { FleetReader } from './deps.ts'
import { iso } from './json/instant.ts'
import { MAX_LIMIT } from './json/list.ts'

const COLUMNS: readonly [string, (view: TerminalView) => string | number | null][] = [
  ['id', (view) => view.id],
  ['name', (view) => view.name],
  ['client', (view) => view.client],
  ['dealer', (view) => view.dealer],
  ['group', (view) => view.group],
  ['state', (view) => view.state],
  ['stateSince', (view) => iso(view.stateSince)],
  ['contactAt', (view) => iso(view.contactAt)],
  ['dataAt', (view) => iso(view.dataAt)],
  ['liveAt', (view) => iso(view.liveAt)],
  ['fixAt', (view) => iso(view.fixAt)],
  ['linkAt', (view) => iso(view.linkAt)],
  ['dataAgeSeconds', (view) => view.dataAgeSeconds],
  ['thresholdSeconds', (view) => view.threshold.seconds],
  ['thresholdFrom', (view) => view.threshold.from],
  ['source', (view) => view.source],
]

/** All terminals that match as CSV with a header row, a page at a time as the reader takes it. */
export function terminalsCsv(fleet: Pick<FleetReader, 'list'>, query: TerminalQuery): ReadableStream {
  const encoder = new TextEncoder()
  let next: TerminalQuery | null = { ...query, limit: MAX_LIMIT }
  return new ReadableStream({
    start(controller) {
      controller.enqueue(encoder.encode(BYTE_ORDER_MARK + csvLine(COLUMNS.map(([name]) => name))))
    },
    pull(controller) {
      const page = next === null ? 'bad-cursor' : fleet.list(next)
      if (page === 'bad-cursor') return controller.close()
      const lines = page.items.map((view) => csvLine(COLUMNS.map(([, cell]) => cell(view))))
      if (lines.length > 0) controller.enqueue(encoder.encode(lines.join('')))
      if (page.next === null) return controller.close()
      next = { ...query, limit: MAX_LIMIT, cursor: page.next }
    },
  })
}
