import type { Language } from '../../letters/letter.ts'
import type { CauseCode } from './codes.ts'
import type { Confidence, Evidence, Finding } from './finding.ts'
import { configurator, smsSyntax } from './model.ts'
import type { CauseTexts, SmsCommand } from './texts/advice.ts'
import { en } from './texts/en.ts'
import { ru } from './texts/ru.ts'

/** A finding as people read it, in plain text that the pages escape. */
export type CauseView = {
  readonly code: CauseCode
  /** One sentence. */
  readonly text: string
  readonly confidence: Confidence
  readonly evidence: readonly string[]
  /** What to do now, before a ticket is written. */
  readonly nextStep: string
}

const TEXTS: Readonly<Record<Language, CauseTexts>> = { ru, en }

/** Puts a finding into words, with the SMS commands and the Configurator that fit the model ('' when not known). */
export function causeView(
  finding: Finding,
  language: Language,
  terminal: { readonly model: string },
): CauseView {
  const texts = TEXTS[language]
  const { text } = texts.causes[finding.code]
  return {
    code: finding.code,
    text: typeof text === 'string' ? text : text(finding),
    confidence: finding.confidence,
    evidence: finding.evidence.map((fact) => evidenceText(texts, fact)),
    nextStep: nextStep(texts, finding, terminal.model),
  }
}

function evidenceText(texts: CauseTexts, fact: Evidence): string {
  const say = texts.evidence[fact.kind] as (fact: Evidence) => string
  return say(fact)
}

function nextStep(texts: CauseTexts, finding: Finding, model: string): string {
  const advice = texts.causes[finding.code]
  const syntax = smsSyntax(model)
  let isAsked = false
  const sms = (...commands: readonly SmsCommand[]): string => {
    isAsked = true
    return syntax === 'obd' ? '' : ` (SMS ${commands.join(', ')})`
  }
  const steps = [advice.nextStep(sms, finding)]
  if (isAsked) steps.push(texts.syntax[syntax])
  // Whoever must only wait needs no tools.
  const staysHome = finding.evidence.some(({ kind }) => kind === 'not-heard')
  if (advice.visit && !staysHome) steps.push(texts.configurator[configurator(model)])
  return steps.filter((step) => step !== '').join(' ')
}
