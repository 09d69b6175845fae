import type { Configurator, SmsSyntax } from '../freshness/diagnosis/model.ts'

/** What a check of a visit is about. `before` and `after` frame the others, whatever the cause. */
export const VISIT_AREAS = ['before', 'power', 'link', 'position', 'sensors', 'firmware', 'after'] as const

export type VisitArea = (typeof VISIT_AREAS)[number]

/** Commands by SMS that a visit needs (reference/omnicomm-domain.md 4). */
export const VISIT_COMMANDS = [
  '*GETINFO#',
  '*GETLINK#',
  '*GETSTAT#',
  '*CONNECT#',
  '*RESET#',
  '*GPSCOLD#',
  '*SETAPN <apn>#',
] as const

export type VisitCommand = (typeof VISIT_COMMANDS)[number]

/** What visits are told with, in one language. */
export type VisitTexts = {
  readonly always: readonly string[]
  readonly configurator: Readonly<Record<Configurator, string>>
  /** What a cause needs beside that. */
  readonly forArea: Readonly<Record<Exclude<VisitArea, 'before' | 'after'>, string>>
  readonly checks: Readonly<Record<VisitArea, readonly string[]>>
  readonly commands: Readonly<Record<VisitCommand, string>>
  readonly syntax: Readonly<Record<SmsSyntax, string>>
}
