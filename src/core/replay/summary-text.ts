import { formatDuration, SECOND } from '../time.ts'
import type { FlagSummary } from './flag-summary.ts'

/** The summary of a replay as lines for people. */
export function summaryText(summary: FlagSummary): string {
  const { from, to, terminals, observations, flags, explained, unstable, silentShare } = summary
  const share = silentShare === null ? '-' : `${(silentShare * 100).toFixed(2)} %`
  return [
    ...table('', [
      ['recorded', from === null ? 'nothing' : `${from} to ${to}`],
      ['terminals', String(terminals)],
      ['observations', String(observations)],
      ['flags', `${flags}, ${explained} of them explained by an incident`],
      ['time stale or lost', share],
      ['unstable links', String(unstable)],
    ]),
    ...table(
      'flags by day',
      summary.days.map(({ day, flags: number }) => [day, String(number)]),
    ),
    ...table(
      'flags by cause',
      summary.causes.map(({ cause, flags: number }) => [cause, String(number)]),
    ),
    ...table(
      'incidents',
      summary.incidents
        .slice(0, MOST_SHOWN)
        .map(({ dimension, group, from: since, to: until, terminals: members }) => [
          `${dimension} ${group}`,
          `${since} to ${until ?? 'the end'}`,
          `${members} terminals`,
        ]),
    ),
    ...table(
      'most flagged',
      summary.mostFlagged.map(({ terminalId, flags: number, silentSeconds }) => [
        terminalId,
        String(number),
        `silent for ${formatDuration(silentSeconds * SECOND)}`,
      ]),
    ),
  ].join('')
}

const MOST_SHOWN = 50

function table(title: string, rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return []
  const widths = rows.reduce<number[]>(
    (widest, row) => row.map((cell, column) => Math.max(cell.length, widest[column] ?? 0)),
    [],
  )
  const lines = rows.map((row) => {
    const cells = row.map((cell, column) => cell.padEnd(widths[column] ?? 0))
    return `  ${cells.join('  ').trimEnd()}\n`
  })
  return title === '' ? lines : [`${title}\n`, ...lines]
}
