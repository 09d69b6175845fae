import type { Poll } from '../freshness/polls.ts'
import type { Observation } from '../telemetry/observation.ts'
import { type Instant, toIso } from '../time.ts'

/** An observation as a line that `replay fleet` reads; the order of the fields is that of observation-scanner.ts. */
export function observationLine(observation: Observation, told: boolean): string {
  const { terminalId, aliases, source, receivedAt, heardAt, eventAt, kind, fix, readings } = observation
  return lineOf({
    terminalId,
    source,
    receivedAt: toIso(receivedAt),
    ...(heardAt === undefined ? {} : { heardAt: toIso(heardAt) }),
    ...(eventAt === undefined ? {} : { eventAt: toIso(eventAt) }),
    kind,
    ...(fix === undefined ? {} : { fix: fix.at === undefined ? fix : { ...fix, at: toIso(fix.at) } }),
    ...(readings === undefined ? {} : { readings }),
    ...(aliases === undefined || aliases.length === 0 ? {} : { aliases }),
    ...(told ? { told } : {}),
  })
}

/** A source is blind since `from`; null: it still is, and a later line with the same `from` tells its end. */
export function blindLine(source: string, from: Instant, to: Instant | null): string {
  return lineOf({ blind: { source, from: toIso(from), to: to === null ? null : toIso(to) } })
}

export function pollLine(source: string, { sentAt, answeredAt }: Poll): string {
  return lineOf({ poll: { source, at: toIso(answeredAt), sentAt: toIso(sentAt) } })
}

/** The next poll leaves the terminal out. */
export function missingLine(source: string, terminalId: string, at: Instant): string {
  return lineOf({ missing: { source, terminalId, at: toIso(at) } })
}

export function endLine(at: Instant): string {
  return lineOf({ end: toIso(at) })
}

/** The last line of a recording that is not whole; no recording that is kept has one. */
export function brokenLine(reason: string): string {
  return lineOf({ broken: reason })
}

/** How a recording ended, by its last line: at an instant, or because of something; null: it has not ended. */
export function endingOf(line: string): { readonly end: true } | { readonly broken: string } | null {
  const value: unknown = JSON.parse(line)
  if (typeof value !== 'object' || value === null) return null
  if ('end' in value) return { end: true }
  return 'broken' in value && typeof value.broken === 'string' ? { broken: value.broken } : null
}

function lineOf(value: object): string {
  return `${JSON.stringify(value)}\n`
}
