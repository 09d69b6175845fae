import type { Language } from '../core/letters/letter.ts'
import { check } from '../core/request/check.ts'
import type { Asker, CheckFacts } from '../core/request/check-facts.ts'
import { type CheckView, checkView } from '../core/request/check-view.ts'
import { type PointField, pointFields } from '../core/request/points.ts'
import { type RequestDraft, requestText } from '../core/request/request-text.ts'
import type { RequestTemplate } from '../core/request/template.ts'
import type { AppDeps } from './deps.ts'

/** A check with the request that may follow from it. */
export type Checked = {
  readonly facts: CheckFacts
  readonly check: CheckView
  readonly template: RequestTemplate
  readonly fields: readonly PointField[]
  readonly draft: RequestDraft
  /** As it was asked for, with answers to points that this kind of problem does not have. */
  readonly typed: CheckWish['typed']
}

/** What a check is asked for. */
export type CheckWish = {
  readonly problem: string
  readonly language: Language
  readonly timezone: string
  /** What a person filled in, by name of the answer (core/request/points.ts). */
  readonly typed: ReadonlyMap<string, string>
}

/** Checks a terminal for somebody; `missing`: there is none that he may see. */
export async function checkTerminal(
  deps: Pick<AppDeps, 'check' | 'clock' | 'templates'>,
  id: string,
  who: Asker,
  { problem, typed, ...reader }: CheckWish,
): Promise<Checked | 'missing' | 'unknown-problem'> {
  const template = deps.templates.get(problem)
  const facts = await deps.check.facts(id, who, template)
  if (!facts) return 'missing'
  if (!template) return 'unknown-problem'
  const now = deps.clock.now()
  const view = checkView(facts, check(facts, template, now), now, reader)
  const fields = pointFields(template, facts, typed, now, reader)
  const draft = requestText({ template, fields, terminal: facts.view, checked: view }, now, reader)
  return { facts, check: view, template, fields, draft, typed }
}
