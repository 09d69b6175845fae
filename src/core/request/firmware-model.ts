/**
 * What the catalogue knows of the firmware of one terminal model (reference/omnicomm-domain.md 5.2). Versions are whole
 * build numbers, comparable within one model only. Kept by hand: no list of releases is public.
 */
export type FirmwareModel = {
  /** Name of the model, as the inventory says it. */
  readonly id: string
  readonly latest: number
  /** Versions below it lack a critical release; 0: none was critical. */
  readonly criticalMin: number
  /** Versions that must not be used. */
  readonly broken: readonly number[]
  /** Day of the latest release, `2026-01-15`; empty: not known. */
  readonly released: string
  /** Where it was announced. */
  readonly note: string
}

/** The models that the catalogue knows, by `modelKey`. */
export type FirmwareCatalogue = ReadonlyMap<string, FirmwareModel>

/** Two spellings of a model that differ only in case and blanks are one model. */
export function modelKey(model: string): string {
  return model.trim().replace(/\s+/g, ' ').toLowerCase()
}

/** The models as a catalogue; of two spellings of one model the last counts. */
export function catalogueOf(models: Iterable<FirmwareModel>): FirmwareCatalogue {
  return new Map(Array.from(models, (model) => [modelKey(model.id), model]))
}
