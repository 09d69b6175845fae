import type { Instant } from '../time.ts'
import { type FirmwareCatalogue, modelKey } from './firmware-model.ts'

/** In the order in which they are looked for (reference/omnicomm-domain.md 5.3). */
export const FIRMWARE_STATUSES = ['unknown', 'broken', 'critical_old', 'old', 'green'] as const

export type FirmwareStatus = (typeof FIRMWARE_STATUSES)[number]

/** Why a status is unknown. `catalogue-old`: the terminal has a newer version than the catalogue knows. */
export const FIRMWARE_REASONS = [
  'no-version',
  'no-number',
  'no-model',
  'not-in-catalogue',
  'catalogue-old',
] as const

export type FirmwareReason = (typeof FIRMWARE_REASONS)[number]

export type FirmwareStanding = {
  readonly status: FirmwareStatus
  /** Of an unknown status only. */
  readonly reason?: FirmwareReason
  /** The version that the catalogue recommends; absent: it has none for the model. */
  readonly latest?: number
}

/** The firmware of a terminal with what the catalogue says of it. */
export type FirmwareView = FirmwareStanding & {
  /** As the terminal or a person wrote it. */
  readonly version: string
  /** When the terminal told it; null: it stands in the inventory, which keeps no date. */
  readonly at: Instant | null
}

/**
 * How the firmware of a model stands (reference/omnicomm-domain.md 5.3): unknown, broken, critical_old, old, green. A
 * version that the catalogue calls broken is so however new it is: releases are taken back.
 */
export function firmwareStatus(
  model: string,
  version: string,
  catalogue: FirmwareCatalogue,
): FirmwareStanding {
  const known = catalogue.get(modelKey(model))
  const latest = known ? { latest: known.latest } : {}
  const unknown = (reason: FirmwareReason): FirmwareStanding => ({ status: 'unknown', reason, ...latest })
  if (version.trim() === '') return unknown('no-version')
  if (model.trim() === '') return unknown('no-model')
  if (!known) return unknown('not-in-catalogue')
  const number = firmwareNumber(version)
  if (number === undefined) return unknown('no-number')
  if (known.broken.includes(number)) return { status: 'broken', ...latest }
  if (number > known.latest) return unknown('catalogue-old')
  if (number < known.criticalMin) return { status: 'critical_old', ...latest }
  return { status: number < known.latest ? 'old' : 'green', ...latest }
}

/** The build number in `120`, `FW=120`, `fw 120` or `v120`; undefined: the text holds no whole number alone. */
export function firmwareNumber(text: string): number | undefined {
  const digits = /^\s*(?:(?:fw|ver|v)\s*[=:.]?\s*)?0*(\d{1,9})\s*$/i.exec(text)?.[1]
  return digits === undefined ? undefined : Number(digits)
}
