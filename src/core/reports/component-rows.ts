import type { ClockStep, Round, Verdict } from '../outage/verdict.ts'

/** The same rounds with the component's own results as verdicts; a round that it was not part of is UNKNOWN. */
export function* componentRows(rows: Iterable<Round | ClockStep>, id: string): Generator<Round | ClockStep> {
  for (const row of rows) yield row.kind === 'step' ? row : { ...row, verdict: ownVerdict(row, id) }
}

/** A failure in an UNKNOWN round may be our own. */
function ownVerdict(round: Round, id: string): Verdict {
  const result = round.components.find((component) => component.id === id)?.result
  if (result?.kind === 'ok') return 'ok'
  return result?.kind === 'failed' && round.verdict !== 'unknown' ? 'fail' : 'unknown'
}
