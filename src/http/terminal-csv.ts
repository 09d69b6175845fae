import type { TerminalView } from '../core/fleet/view.ts'
import type { Transition } from '../core/freshness/state.ts'
import { csvLine } from './csv.ts'
import { BYTE_ORDER_MARK, csvText } from './csv-file.ts'
import { iso } from './json/instant.ts'

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
  ['cause', (view) => view.cause?.code ?? null],
  ['firmware', (view) => view.firmware?.version ?? null],
  ['firmwareStatus', (view) => view.firmware?.status ?? null],
  ['incident', (view) => view.incident?.id ?? null],
]
const HEADER = COLUMNS.map(([name]) => name)
const cellsOf = (view: TerminalView) => COLUMNS.map(([, cell]) => cell(view))

/** Changes of state of one terminal as CSV with a header row. */
export function historyCsv(transitions: readonly Transition[]): string {
  const header = ['at', 'from', 'to', 'contactAt', 'source', 'cause', 'incident', 'note']
  return csvText([
    header,
    ...transitions.map(({ at, from, to, contactAt, source, cause, incident, note }) => [
      ...[iso(at), from, to, iso(contactAt), source],
      ...[cause ?? null, incident ?? null, note ?? null],
    ]),
  ])
}

/** Terminals as CSV with a header row. */
export function terminalsCsv(terminals: readonly TerminalView[]): string {
  return csvText([HEADER, ...terminals.map(cellsOf)])
}

/** The same of many, some at a time as the reader takes it. */
export function terminalsCsvStream(terminals: AsyncIterable<readonly TerminalView[]>): ReadableStream {
  const encoder = new TextEncoder()
  const pages = terminals[Symbol.asyncIterator]()
  return new ReadableStream({
    start(controller) {
      controller.enqueue(encoder.encode(BYTE_ORDER_MARK + csvLine(HEADER)))
    },
    async pull(controller) {
      const page = await pages.next()
      if (page.done) return controller.close()
      const lines = page.value.map((view) => csvLine(cellsOf(view)))
      controller.enqueue(encoder.encode(lines.join('')))
    },
    async cancel() {
      await pages.return?.()
    },
  })
}
