import { MINUTE, SECOND } from '../../core/time.ts'

/** How a simulated terminal behaves. Times are milliseconds since the start of the simulation. */
export type Character =
  | { readonly kind: 'driving' }
  | { readonly kind: 'parked' }
  /** Falls silent for good. */
  | { readonly kind: 'dying'; readonly atMs: number }
  /** Without coverage for a while in each cycle; sends what it kept when it is back. */
  | { readonly kind: 'tunnel'; readonly fromMs: number; readonly toMs: number }
  /** Comes back after a long time and sends its archive, oldest first. */
  | { readonly kind: 'archive'; readonly ageMs: number }
  /** Its antenna fails. */
  | { readonly kind: 'no-fix'; readonly atMs: number }
  | { readonly kind: 'clock-behind'; readonly byMs: number }
  /** Known by its inventory row only. */
  | { readonly kind: 'never' }

/** One report of a terminal. */
export type Report = {
  /** When it was measured, ms since the start; negative: before it. */
  readonly measuredMs: number
  /** Taken from the terminal's memory. */
  readonly buffered: boolean
  readonly hasFix: boolean
}

/** Reporting interval of a terminal under way; the sources declare it. */
const REPORT_EVERY = 5 * SECOND
const PARKED_REPORT_EVERY = 45 * SECOND

/** After this time what happens to the fleet, and to the simulated service, happens again. */
export const CYCLE = 5 * MINUTE

const UPLOAD_EVERY = SECOND
/** How far apart the records of a long archive are. */
const ARCHIVE_STEP = 20 * SECOND

/**
 * What a terminal sends in (fromMs, toMs]. `phaseMs` shifts its rhythm against that of others. The same arguments
 * always give the same reports.
 */
export function reportsBetween(
  character: Character,
  phaseMs: number,
  fromMs: number,
  toMs: number,
): readonly Report[] {
  const usual = beats(REPORT_EVERY, phaseMs, fromMs, toMs)
  switch (character.kind) {
    case 'driving':
      return usual.map(live)
    case 'parked':
      return beats(PARKED_REPORT_EVERY, phaseMs, fromMs, toMs).map(live)
    case 'dying':
      return usual.filter((ms) => ms < character.atMs).map(live)
    case 'tunnel':
      return tunnel(character, phaseMs, fromMs, toMs)
    case 'archive':
      return beats(UPLOAD_EVERY, phaseMs % UPLOAD_EVERY, fromMs, toMs).flatMap((ms) =>
        fromArchive(character.ageMs, ms, phaseMs),
      )
    case 'no-fix':
      return usual.map((ms) => ({ ...live(ms), hasFix: ms < character.atMs }))
    case 'clock-behind':
      return usual.map((ms) => live(ms - character.byMs))
    case 'never':
      return []
  }
}

function live(measuredMs: number): Report {
  return { measuredMs, buffered: false, hasFix: true }
}

/** The instants phase, phase + every ... that lie in (fromMs, toMs]. */
function beats(everyMs: number, phaseMs: number, fromMs: number, toMs: number): readonly number[] {
  const phase = phaseMs % everyMs
  const found: number[] = []
  const first = Math.max(0, Math.floor((fromMs - phase) / everyMs) + 1)
  for (let ms = phase + first * everyMs; ms <= toMs; ms += everyMs) found.push(ms)
  return found
}

/** After the silence one kept record a second, oldest first, then live again. */
function tunnel(
  { fromMs: silentFrom, toMs: silentTo }: Extract<Character, { kind: 'tunnel' }>,
  phaseMs: number,
  fromMs: number,
  toMs: number,
): readonly Report[] {
  const kept = Math.ceil((silentTo - silentFrom) / REPORT_EVERY)
  const uploadedAt = silentTo + kept * UPLOAD_EVERY
  const isLive = (ms: number): boolean => ms % CYCLE < silentFrom || ms % CYCLE >= uploadedAt
  const uploads = beats(UPLOAD_EVERY, 0, fromMs, toMs).filter((ms) => ms % CYCLE >= silentTo && !isLive(ms))
  return [
    ...beats(REPORT_EVERY, phaseMs, fromMs, toMs).filter(isLive).map(live),
    ...uploads.map((ms) => {
      const number = Math.floor(((ms % CYCLE) - silentTo) / UPLOAD_EVERY)
      const cycle = ms - (ms % CYCLE)
      return { measuredMs: cycle + silentFrom + number * REPORT_EVERY, buffered: true, hasFix: true }
    }),
  ]
}

/** A record a second until the archive has caught up, then the usual rhythm. */
function fromArchive(ageMs: number, ms: number, phaseMs: number): readonly Report[] {
  const measuredMs = -ageMs + Math.floor(ms / UPLOAD_EVERY) * ARCHIVE_STEP
  if (measuredMs < ms - REPORT_EVERY) return [{ measuredMs, buffered: true, hasFix: true }]
  const isBeat = Math.floor((ms - phaseMs) / UPLOAD_EVERY) % (REPORT_EVERY / UPLOAD_EVERY) === 0
  return isBeat ? [live(ms)] : []
}
