import type { Actor } from '../../core/audit.ts'
import type { Scope } from '../../core/fleet/scope.ts'
import type { Language } from '../../core/letters/letter.ts'
import type { Problem } from '../../core/request/check.ts'
import type { Asker, CheckFacts } from '../../core/request/check-facts.ts'
import type { FirmwareFault } from '../../core/request/firmware-entry.ts'
import type { FirmwareModel } from '../../core/request/firmware-model.ts'
import type { PastedList } from '../../core/request/pasted-list.ts'
import type { ReplyOutcome } from '../../core/request/sms-reply.ts'
import type { OfficialPoints, RequestTemplate } from '../../core/request/template.ts'

/** What the check before a ticket looks at, and what people paste for it. */
export type CheckDesk = {
  /**
   * Undefined: no such terminal, or none that he may see. `id`: or one of its aliases. `problem`: what the check is for;
   * absent: any problem of the terminal.
   */
  facts(id: string, who: Asker, problem?: Problem): Promise<CheckFacts | undefined>
  /** The terminals of a scope that a pasted text names. */
  find(text: string, scope: Scope): Promise<PastedList>
  /** Keeps a reply to an SMS command as a note of the terminal that it is of. */
  noteReply(id: string, text: string, who: Asker, actor: Actor): Promise<ReplyOutcome>
}

/** The firmware catalogue. Changes are stored with their audit entries. */
export type FirmwareEditor = {
  /** By name. */
  list(): readonly FirmwareModel[]
  get(model: string): FirmwareModel | undefined
  /** Adds or replaces models, all of them or none. */
  save(
    models: readonly FirmwareModel[],
    actor: Actor,
  ): Promise<'full' | { readonly created: number; readonly updated: number }>
  remove(model: string, actor: Actor): Promise<'removed' | 'missing'>
  /** A catalogue as a file: YAML, JSON or CSV. With faults, told in `language`, for programs in English, no models. */
  read(
    text: string,
    language?: Language,
  ): { readonly models: readonly FirmwareModel[]; readonly faults: readonly FirmwareFault[] }
}

/** The points of requests by kind of problem. Changes are stored with their audit entries. */
export type TemplateEditor = {
  list(): readonly RequestTemplate[]
  get(id: string): RequestTemplate | undefined
  /** The points that come with the program. */
  draft(id: string): RequestTemplate | undefined
  replace(id: string, official: OfficialPoints, actor: Actor): Promise<RequestTemplate | 'missing'>
  restore(id: string, actor: Actor): Promise<RequestTemplate | 'missing' | 'nothing'>
}
