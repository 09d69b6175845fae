import { causeView, smsAdvice } from '../freshness/diagnosis/cause-view.ts'
import { span } from '../freshness/diagnosis/texts/units.ts'
import type { Language } from '../letters/letter.ts'
import { timeWords } from '../letters/words.ts'
import { type Instant, MINUTE } from '../time.ts'
import type { Check, ReasonCode, Verdict } from './check.ts'
import { type DocumentLink, documentFor } from './check-documents.ts'
import type { CheckFacts } from './check-facts.ts'
import { type CheckPoint, REGULATION } from './check-items.ts'
import { en } from './check-texts-en.ts'
import { ru } from './check-texts-ru.ts'
import type { CheckTexts, Telling } from './check-words.ts'

/** A check as people read it, in plain text that the pages escape. */
export type CheckView = {
  readonly verdict: Verdict
  readonly verdictText: string
  readonly reasons: readonly { readonly code: ReasonCode; readonly text: string }[]
  readonly items: readonly {
    readonly point: CheckPoint
    readonly regulation: number | null
    readonly ok: boolean | null
    readonly text: string
  }[]
  /** What to do first, and where to read on. */
  readonly step: { readonly text: string; readonly document: DocumentLink }
}

/** Who reads: his language, and the zone of the times. */
export type CheckReader = { readonly language: Language; readonly timezone: string }

const TEXTS: Readonly<Record<Language, CheckTexts>> = { ru, en }

/** Reasons for which the diagnosis knows the next step better. */
const DIAGNOSED: ReadonlySet<ReasonCode> = new Set<ReasonCode>([
  'incident',
  'never',
  'sleeping',
  'cause',
  'position',
  'backlog-stuck',
])

/** What a verdict is called. */
export function verdictWords(verdict: Verdict, language: Language): string {
  return TEXTS[language].verdicts[verdict]
}

/** Puts a check into words. */
export function checkView(facts: CheckFacts, found: Check, now: Instant, reader: CheckReader): CheckView {
  const texts = TEXTS[reader.language]
  const telling = tellingOf(facts, now, reader)
  return {
    verdict: found.verdict,
    verdictText: texts.verdicts[found.verdict],
    reasons: found.reasons.map((code) => ({ code, text: reasonText(code, texts, telling, reader) })),
    items: found.items.map(({ point, ok, found: which }) => ({
      point,
      regulation: REGULATION[point],
      ok,
      text: texts.items[point][which]?.(telling) ?? '',
    })),
    step: {
      text: stepText(facts, found, texts, telling, reader),
      document: documentFor(found.reasons[0], diagnosed(facts, found)?.code, reader.language),
    },
  }
}

function tellingOf(facts: CheckFacts, now: Instant, { language, timezone }: CheckReader): Telling {
  return {
    facts,
    now,
    time: (at) => timeWords(Math.floor(at / MINUTE) * MINUTE, now, timezone, language),
    span: (ms) => span(ms, language),
    sms: smsAdvice(facts.view.model, language).sms,
  }
}

/** The cause has words of its own. */
function reasonText(
  code: ReasonCode,
  texts: CheckTexts,
  telling: Telling,
  { language }: CheckReader,
): string {
  const { view } = telling.facts
  if (code !== 'cause' || !view.cause) return texts.reasons[code](telling)
  return causeView(view.cause, language, view).text
}

/** The cause, when it is what the first reason is about and something is known of it. */
function diagnosed({ view: { cause } }: CheckFacts, { reasons: [first] }: Check) {
  return first !== undefined && DIAGNOSED.has(first) && cause?.code !== 'unknown' ? cause : undefined
}

function stepText(
  facts: CheckFacts,
  found: Check,
  texts: CheckTexts,
  telling: Telling,
  { language }: CheckReader,
): string {
  const [first] = found.reasons
  if (first === undefined) return ''
  const cause = diagnosed(facts, found)
  if (cause) return causeView(cause, language, facts.view).nextStep
  const { sms, note } = smsAdvice(facts.view.model, language)
  const step = texts.steps[first]({ ...telling, sms })
  return [step, note()].filter((part) => part !== '').join(' ')
}
