import type { Actor } from '../core/audit.ts'
import type { OfficialPoints, RequestTemplate } from '../core/request/template.ts'
import type { Clock, Log, RecordStore } from '../ports.ts'
import { createTurns } from './turns.ts'

export type TemplateBookDeps = {
  readonly clock: Pick<Clock, 'now'>
  readonly store: RecordStore<RequestTemplate>
  readonly log: Log
  /** The templates that come with the program, in the order in which people see them. */
  readonly drafts: readonly RequestTemplate[]
}

export type TemplateBook = {
  /** Reads what people changed; rejects with StoreError. */
  load(): Promise<void>
  /** One for each kind of problem. */
  list(): readonly RequestTemplate[]
  get(id: string): RequestTemplate | undefined
  /** The points that come with the program, whatever people put in their place. */
  draft(id: string): RequestTemplate | undefined
  replace(id: string, official: OfficialPoints, actor: Actor): Promise<RequestTemplate | 'missing'>
  /** Back to the draft. `nothing`: it is the draft. */
  restore(id: string, actor: Actor): Promise<RequestTemplate | 'missing' | 'nothing'>
}

/**
 * The templates of requests: drafts, until somebody puts the official points in their place (regulation, point 7). The
 * version counts up with every change, also back to the draft, so that a request tells what it was made from.
 */
export function createTemplateBook({ clock, store, log, drafts }: TemplateBookDeps): TemplateBook {
  let stored: ReadonlyMap<string, RequestTemplate> = new Map()
  const turns = createTurns()

  function draft(id: string): RequestTemplate | undefined {
    return drafts.find((template) => template.id === id)
  }

  /** A draft changes with the program; only its version is kept. */
  function get(id: string): RequestTemplate | undefined {
    const kept = stored.get(id)
    const own = draft(id)
    if (!own || !kept) return own
    return kept.status === 'draft' ? { ...own, version: kept.version } : kept
  }

  async function commit(before: RequestTemplate, after: RequestTemplate, actor: Actor): Promise<void> {
    const value = ({ version, status, source, points }: RequestTemplate) => ({
      version,
      status,
      source,
      points: points.map(({ label }) => label.ru),
    })
    await store.commit({
      save: [after],
      remove: [],
      audit: [
        {
          at: clock.now(),
          actor,
          action: after.status === 'draft' ? 'template.restore' : 'template.replace',
          subject: after.id,
          before: value(before),
          after: value(after),
        },
      ],
    })
    stored = new Map(stored).set(after.id, after)
    log.info('a request template changed', { by: actor.name, template: after.id, status: after.status })
  }

  return {
    load: () =>
      turns.take(async () => {
        stored = new Map((await store.load()).map((template) => [template.id, template]))
      }),
    list: () => drafts.flatMap(({ id }) => get(id) ?? []),
    get,
    draft,
    replace: (id, { points, source }, actor) =>
      turns.take(async () => {
        const before = get(id)
        if (!before) return 'missing'
        const after = { ...before, version: before.version + 1, status: 'official' as const, source, points }
        await commit(before, after, actor)
        return after
      }),
    restore: (id, actor) =>
      turns.take(async () => {
        const before = get(id)
        const own = draft(id)
        if (!before || !own) return 'missing'
        if (before.status === 'draft') return 'nothing'
        const after = { ...own, version: before.version + 1 }
        await commit(before, after, actor)
        return after
      }),
  }
}
