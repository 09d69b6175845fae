import type { Language } from '../../letters/letter.ts'
import type { CauseCode } from './codes.ts'
import type { Confidence, Evidence, Finding } from './finding.ts'
import { configurator, smsSyntax } from './model.ts'
import type { CauseTexts, Sms } from './texts/advice.ts'
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
  const { step, tools } = stepView(finding, language, terminal)
  return {
    code: finding.code,
    text: typeof text === 'string' ? text : text(finding),
    confidence: finding.confidence,
    evidence: finding.evidence.map((fact) => evidenceText(texts, fact)),
    nextStep: [step, ...tools].join(' '),
  }
}

/** What to do, and sentences about the tools for it, which depend on the model. */
export type StepView = { readonly step: string; readonly tools: readonly string[] }

/** The next step of a finding in two parts, for whoever says it of several models. */
export function stepView(
  finding: Finding,
  language: Language,
  { model }: { readonly model: string },
): StepView {
  const texts = TEXTS[language]
  const advice = texts.causes[finding.code]
  const { sms, note } = smsAdvice(model, language)
  const step = advice.nextStep(sms, finding)
  // Whoever must only wait needs no tools.
  const staysHome = finding.evidence.some(({ kind }) => kind === 'not-heard')
  const tools = [note(), advice.visit && !staysHome ? texts.configurator[configurator(model)] : '']
  return { step, tools: tools.filter((tool) => tool !== '') }
}

/** How to name SMS commands to who has a model, and what is to be known of them once one was named; empty: nothing. */
export function smsAdvice(
  model: string,
  language: Language,
): { readonly sms: Sms; readonly note: () => string } {
  const syntax = smsSyntax(model)
  let isNamed = false
  return {
    sms: (...commands) => {
      isNamed = true
      return syntax === 'obd' ? '' : ` (SMS ${commands.join(', ')})`
    },
    note: () => (isNamed ? TEXTS[language].syntax[syntax] : ''),
  }
}

function evidenceText(texts: CauseTexts, fact: Evidence): string {
  const say = texts.evidence[fact.kind] as (fact: Evidence) => string
  return say(fact)
}
