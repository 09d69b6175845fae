import { createCase, type OutageCase } from './case.ts'
import { type JournalEntry, type Moment, nameOf, outageId } from './journal.ts'
import { createLetterBook, isOnItsWay, type LetterBook } from './letter-book.ts'
import { type OperatorLetters, operatorLetters } from './operator-letters.ts'
import { type ExpectedOutage, outagesOf } from './outages.ts'
import { agrees, provenAt } from './proven.ts'
import type { LetterPolicy, Span, TraceEvent } from './trace.ts'

export type Judgement = {
  readonly outages: readonly ExpectedOutage[]
  readonly book: LetterBook
  /** What contradicts the specification, in words; empty when nothing does. */
  readonly faults: readonly string[]
}

/**
 * Reads the whole journal against both specifications. `over`: the relay had time enough at the end, so that
 * nothing may still be on its way.
 */
export function judge(
  journal: readonly JournalEntry[],
  windows: readonly Span[],
  policy: LetterPolicy,
  over: boolean,
): Judgement {
  const faults: string[] = []
  const told = new Set<string>()
  const book = createLetterBook((text) => faults.push(text))
  const trace = traceOf(journal)
  const outages = outagesOf(trace, windows, policy)
  const tell =
    (moment: Moment) =>
    (text: string): void => {
      // What goes on missing is told once.
      if (told.has(text)) return
      told.add(text)
      faults.push(`entry ${moment.entry} at ${new Date(moment.at).toISOString()}: ${text}`)
    }
  const cases = outages.map((outage) => createCase(outage, book, policy))
  const operators = operatorLetters(cases, policy)
  const claimedAt = new Map<string, number>()
  const present = new Set<string>()
  let place = 0
  let runSince: number | null = null
  journal.forEach((item, entry) => {
    const moment = { at: item.at, entry, place, runSince, present }
    if (item.kind === 'started') runSince = place
    if (item.kind === 'killed') {
      runSince = null
      book.orphan()
    }
    if (item.kind === 'recipient') present[item.present ? 'add' : 'delete'](item.address)
    read(item, moment, { trace, book, cases, operators, claimedAt }, tell(moment))
    place += rowsIn(item)
  })
  if (over)
    for (const letter of book.all()) if (isOnItsWay(letter)) faults.push(`never ended: ${nameOf(letter)}`)
  return { outages, book, faults }
}

/** The rows of the trace, with the cancellations where they were committed. */
export function traceOf(journal: readonly JournalEntry[]): TraceEvent[] {
  return journal.flatMap((item): TraceEvent[] => {
    if (item.kind === 'stored') return [item.row]
    return isCancel(item) ? [{ kind: 'cancel' }] : []
  })
}

function isCancel(item: JournalEntry): boolean {
  return item.kind === 'commit' && item.deed?.action === 'cancel'
}

function rowsIn(item: JournalEntry): number {
  return item.kind === 'stored' || isCancel(item) ? 1 : 0
}

type Known = {
  readonly trace: readonly TraceEvent[]
  readonly book: LetterBook
  readonly cases: readonly OutageCase[]
  readonly operators: OperatorLetters
  /** Rows of the trace when a letter was last claimed, by its name. */
  readonly claimedAt: Map<string, number>
}

function read(item: JournalEntry, moment: Moment, known: Known, tell: (text: string) => void): void {
  const { trace, book, cases, operators, claimedAt } = known
  switch (item.kind) {
    case 'started':
      for (const one of cases) one.started(item.at)
      return
    case 'killed':
    case 'recipient':
      return
    case 'stored':
      for (const one of cases) one.row(item.row, moment)
      return
    case 'commit':
      readCommit(item, moment, known, tell)
      return
    case 'said': {
      const expected = provenAt(trace.slice(0, moment.place), item.at)
      if (!agrees(item.proven, expected)) {
        tell(`${JSON.stringify(item.proven)} said to be proven, not ${JSON.stringify(expected)}`)
      }
      return
    }
    case 'claimed':
      claimedAt.set(nameOf(item.letter), moment.place)
      book.claim(item.letter)
      return
    case 'opened':
      if (!moment.present.has(item.letter.recipient) && !operators.owns(item.letter)) {
        tell(`offered to one who was removed: ${nameOf(item.letter)}`)
      }
      for (const one of [...cases, operators])
        one.opened(item.letter, claimedAt.get(nameOf(item.letter)) ?? 0, tell)
      return
    case 'offered':
      book.offer(item)
      return
    case 'settled':
      book.settle(item.letter, item.state)
      return
    case 'calm':
      for (const one of cases) one.calm(moment, tell)
      operators.calm(moment, tell)
  }
}

function readCommit(
  item: Extract<JournalEntry, { kind: 'commit' }>,
  moment: Moment,
  { book, cases, operators }: Known,
  tell: (text: string) => void,
): void {
  for (const key of item.superseded) book.supersede(key)
  for (const one of cases) one.commit(item, moment, tell)
  for (const key of item.written) {
    if (operators.owns(key)) operators.written(key, moment, tell)
    else if (!cases.some(({ outage }) => outageId(outage.start) === key.subject)) {
      tell(`a letter about no outage: ${nameOf(key)}`)
    }
    book.write(key, moment.entry)
  }
}
