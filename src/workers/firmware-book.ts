import type { Actor, AuditEntry, AuditValue } from '../core/audit.ts'
import {
  catalogueOf,
  type FirmwareCatalogue,
  type FirmwareModel,
  modelKey,
} from '../core/request/firmware-model.ts'
import type { Clock, Log, RecordStore } from '../ports.ts'
import { createTurns } from './turns.ts'

export type FirmwareBookDeps = {
  readonly clock: Pick<Clock, 'now'>
  readonly store: RecordStore<FirmwareModel>
  readonly log: Log
  /** Called with the catalogue whenever there is another one. */
  readonly use: (catalogue: FirmwareCatalogue) => void
}

export type FirmwareBook = {
  /** Reads the stored models; rejects with StoreError. */
  load(): Promise<void>
  /** By name. */
  list(): readonly FirmwareModel[]
  get(model: string): FirmwareModel | undefined
  /** Adds or replaces models, all of them or none. `full`: there are as many as the program takes. */
  save(models: readonly FirmwareModel[], actor: Actor): Promise<'full' | { created: number; updated: number }>
  remove(model: string, actor: Actor): Promise<'removed' | 'missing'>
}

/** More models than any vendor has. */
export const MOST_MODELS = 1000

type Change = { readonly before: FirmwareModel | null; readonly after: FirmwareModel | null }

/**
 * The firmware catalogue. Changes happen one after the other, each in one transaction with its audit entries; they
 * reject with StoreError and then nothing has changed.
 */
export function createFirmwareBook({ clock, store, log, use }: FirmwareBookDeps): FirmwareBook {
  let catalogue: FirmwareCatalogue = new Map()
  const turns = createTurns()

  function take(next: FirmwareCatalogue): void {
    catalogue = next
    use(next)
  }

  async function commit(changes: readonly Change[], actor: Actor): Promise<void> {
    if (changes.length === 0) return
    const next = new Map(catalogue)
    for (const { before, after } of changes) {
      if (after) next.set(modelKey(after.id), after)
      else if (before) next.delete(modelKey(before.id))
    }
    await store.commit({
      save: changes.flatMap(({ after }) => after ?? []),
      // A model whose name is written in another way is another record.
      remove: changes.flatMap(({ before, after }) => (before && before.id !== after?.id ? before.id : [])),
      audit: changes.map((change) => auditOf(change, actor, clock.now())),
    })
    take(next)
    log.info('the firmware catalogue changed', { by: actor.name, changes: changes.length, models: next.size })
  }

  return {
    load: () => turns.take(async () => take(catalogueOf(await store.load()))),
    list: () => [...catalogue.values()].sort((a, b) => (modelKey(a.id) < modelKey(b.id) ? -1 : 1)),
    get: (model) => catalogue.get(modelKey(model)),
    save: (models, actor) =>
      turns.take(async () => {
        const wished = catalogueOf(models)
        const created = [...wished.keys()].filter((key) => !catalogue.has(key)).length
        if (catalogue.size + created > MOST_MODELS) return 'full'
        const changes = [...wished].map(([key, after]) => ({ before: catalogue.get(key) ?? null, after }))
        await commit(
          changes.filter(({ before, after }) => before === null || !isSame(before, after)),
          actor,
        )
        return { created, updated: wished.size - created }
      }),
    remove: (model, actor) =>
      turns.take(async () => {
        const before = catalogue.get(modelKey(model))
        if (!before) return 'missing'
        await commit([{ before, after: null }], actor)
        return 'removed'
      }),
  }
}

function isSame(one: FirmwareModel, other: FirmwareModel): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

function auditOf({ before, after }: Change, actor: Actor, at: number): AuditEntry {
  const action = before === null ? 'firmware.add' : after === null ? 'firmware.delete' : 'firmware.update'
  const subject = (after ?? before)?.id ?? ''
  return { at, actor, action, subject, before: auditValue(before), after: auditValue(after) }
}

function auditValue(model: FirmwareModel | null): AuditValue | null {
  if (!model) return null
  const { latest, criticalMin, broken, released, note } = model
  return { latest, criticalMin, broken: broken.map(String), released, note }
}
