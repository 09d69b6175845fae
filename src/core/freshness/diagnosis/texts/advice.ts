import type { CauseCode } from '../codes.ts'
import type { Evidence, Finding } from '../finding.ts'
import type { Configurator, SmsSyntax } from '../model.ts'

/** ` (*GETLINK#)` after what is to be asked for, or nothing where the model takes other commands. */
export type Sms = (...commands: readonly SmsCommand[]) => string

/** Reference/omnicomm-domain.md 4. */
export type SmsCommand =
  | '*GETINFO#'
  | '*GETLINK#'
  | '*GETSTAT#'
  | '*CONNECT#'
  | '*RESET#'
  | '*SETAPN <apn>#'
  | '*GPSCOLD#'

/** What is said of a cause: one sentence, and what to do before a ticket is written. */
export type Advice = {
  readonly text: string | ((finding: Finding) => string)
  readonly nextStep: (sms: Sms, finding: Finding) => string
  /** A visit to the vehicle may follow, so the Configurator is named. */
  readonly visit: boolean
}

/** All that one language says. */
export type CauseTexts = {
  readonly causes: Readonly<Record<CauseCode, Advice>>
  readonly evidence: {
    readonly [Kind in Evidence['kind']]: (fact: Extract<Evidence, { kind: Kind }>) => string
  }
  /** After a step that names SMS; empty: nothing to add. */
  readonly syntax: Readonly<Record<SmsSyntax, string>>
  readonly configurator: Readonly<Record<Configurator, string>>
}

export function has(finding: Finding, kind: Evidence['kind']): boolean {
  return finding.evidence.some((fact) => fact.kind === kind)
}
