import { clampReadings, keepReadings } from '../fleet/reading-columns.ts'
import { clampSide } from '../fleet/side-columns.ts'
import { markDirty, type TerminalTable } from '../fleet/terminal-table.ts'
import { validFix } from '../telemetry/fix.ts'
import type { Observation } from '../telemetry/observation.ts'
import { type Instant, MINUTE, SECOND } from '../time.ts'
import { isSilent } from './state.ts'

/** An instant that is over, but not 0, which would mean none. */
const LONG_AGO: Instant = 1

/** A terminal that spoke once may leave `stale` after this time even if it does not speak again. */
const LEAVE_AFTER = MINUTE

/** A fix dated before 2010 is a placeholder of a gateway, not a fix. */
const FIRST_FIX: Instant = 1_262_304_000_000

/**
 * Moves the registers of one terminal (spec/freshness.md 2). Each is a maximum, so order, repetition and the number
 * of workers do not matter. `source` is the observation's source as a number of at least 1.
 */
export function applyObservation(
  table: TerminalTable,
  row: number,
  observation: Observation,
  source: number,
): void {
  switch (observation.kind) {
    case 'live':
    case 'archive':
      applyData(table, row, observation, source)
      break
    case 'snapshot':
      applySnapshot(table, row, observation, source)
      break
    case 'presence':
      applyPresence(table, row, observation)
      break
  }
  markDirty(table, row)
}

function applyData(table: TerminalTable, row: number, observation: Observation, source: number): void {
  const heard = observation.heardAt ?? observation.receivedAt
  const event = observation.eventAt === undefined ? heard : Math.min(observation.eventAt, heard)
  raiseContact(table, row, heard, observation.receivedAt, source)
  raise(table.dataAt, row, event)
  raise(table.linkAt, row, observation.receivedAt)
  if (observation.kind === 'live') raise(table.liveAt, row, heard)
  // A position from an archive without any time may be of any day.
  const isDated =
    observation.kind === 'live' || observation.eventAt !== undefined || observation.fix?.at !== undefined
  if (isDated) applyFix(table, row, observation, event, heard)
  applyReadings(table, row, observation, event)
}

/** A stored value proves only that the terminal was heard at the value's own time, if that is believable. */
function applySnapshot(table: TerminalTable, row: number, observation: Observation, source: number): void {
  const event = observation.eventAt
  if (event === undefined || event > observation.receivedAt) return
  raiseContact(table, row, event, observation.receivedAt, source)
  raise(table.dataAt, row, event)
  applyFix(table, row, observation, event, observation.receivedAt)
  applyReadings(table, row, observation, event)
}

/**
 * A polled value that is another one than in the poll before: the service heard the terminal in between, whatever the
 * value's own time is. `receivedAt` is the time of the poll.
 */
export function applyPolledChange(
  table: TerminalTable,
  row: number,
  observation: Observation,
  source: number,
): void {
  const { receivedAt } = observation
  const event = Math.min(observation.eventAt ?? receivedAt, receivedAt)
  raiseContact(table, row, receivedAt, receivedAt, source)
  raise(table.liveAt, row, receivedAt)
  raise(table.dataAt, row, event)
  applyFix(table, row, observation, event, receivedAt)
  applyReadings(table, row, observation, event)
  markDirty(table, row)
}

/** An open connection is not data, but what is said at its opening is known. */
function applyPresence(table: TerminalTable, row: number, observation: Observation): void {
  const heard = observation.heardAt ?? observation.receivedAt
  const event = observation.eventAt === undefined ? heard : Math.min(observation.eventAt, heard)
  raise(table.linkAt, row, observation.receivedAt)
  applyFix(table, row, observation, event, heard)
  applyReadings(table, row, observation, event)
}

function raise(register: Float64Array, row: number, at: Instant): void {
  if (at > (register[row] ?? 0)) register[row] = at
}

function raiseContact(
  table: TerminalTable,
  row: number,
  heard: Instant,
  receivedAt: Instant,
  source: number,
): void {
  const known = table.contactAt[row] ?? 0
  if (heard > known) {
    table.contactAt[row] = heard
    table.source[row] = source
    keepTold(table, row, known)
    allowLeaving(table, row, receivedAt)
  } else if (heard === known && source < (table.source[row] ?? 0)) table.source[row] = source
}

/**
 * A contact that comes to be known during a silence, as what is delivered late, does not end it by itself: what was
 * told of the silence stays told. `before`: the contact known before.
 */
export function keepTold(table: TerminalTable, row: number, before: Instant): void {
  if (!isSilent(table.state[row] ?? 0) || before === 0 || table.alertedContactAt[row] !== before) return
  table.alertedContactAt[row] = table.contactAt[row] ?? 0
}

/** Whether a silent terminal has spoken again, or what it said during its silence has come to be known. */
export function hasSpoken(table: TerminalTable, row: number): boolean {
  return (table.leaveAt[row] ?? 0) > LONG_AGO
}

/** Two observations received at different times, or one and a minute, end a silence (spec/freshness.md 5). */
function allowLeaving(table: TerminalTable, row: number, receivedAt: Instant): void {
  const leaveAt = table.leaveAt[row] ?? 0
  if (leaveAt <= LONG_AGO) table.leaveAt[row] = receivedAt + LEAVE_AFTER
  else if (receivedAt !== leaveAt - LEAVE_AFTER && receivedAt < leaveAt) table.leaveAt[row] = receivedAt
}

/**
 * A silent terminal otherwise leaves its state only when it speaks; that other limits hold for it than was thought is a
 * reason to judge it anew.
 */
export function judgeAnew(table: TerminalTable, row: number): void {
  // Who has spoken is judged anew soon anyway, and that it has must not be forgotten.
  if (hasSpoken(table, row)) return
  table.leaveAt[row] = LONG_AGO
  markDirty(table, row)
}

function applyFix(
  table: TerminalTable,
  row: number,
  observation: Observation,
  event: Instant,
  heard: Instant,
): void {
  const fix = observation.fix
  if (!fix || !validFix(fix, observation.readings)) return
  const at = Math.min(fix.at ?? event, heard)
  if (at < FIRST_FIX) return
  // A source may tell the speed with the position only.
  if (fix.speedKmh !== undefined && observation.readings?.speedKmh === undefined)
    applySpeed(table, row, fix.speedKmh, at)
  const known = table.fixAt[row] ?? 0
  if (at < known) return
  // Of two positions at one instant the more northern one: whichever comes first.
  if (at === known && fix.latitude <= (table.latitude[row] ?? 0)) return
  table.fixAt[row] = at
  table.latitude[row] = fix.latitude
  table.longitude[row] = fix.longitude
}

function applyReadings(table: TerminalTable, row: number, observation: Observation, at: Instant): void {
  const readings = observation.readings
  if (!readings) return
  if (readings.speedKmh !== undefined) applySpeed(table, row, readings.speedKmh, at)
  if (readings.ignition !== undefined) {
    const known = table.ignitionAt[row] ?? 0
    const value = readings.ignition ? 2 : 1
    if (at > known || (at === known && value > (table.ignition[row] ?? 0))) {
      table.ignitionAt[row] = at
      table.ignition[row] = value
    }
  }
  keepReadings(table.readings, row, readings, at)
}

function applySpeed(table: TerminalTable, row: number, speedKmh: number, at: Instant): void {
  const known = table.speedAt[row] ?? 0
  if (at > known || (at === known && speedKmh > (table.speedKmh[row] ?? 0))) {
    table.speedAt[row] = at
    table.speedKmh[row] = speedKmh
  }
}

/** Lags that differ by less than this are the same lag. */
const SAME_LAG = 15 * SECOND
/** The column of lags has 24 binary digits. */
const ROUNDING = 2 ** -24
const MANY_MESSAGES = 10
const LONG_ENOUGH = 5 * MINUTE

/**
 * Watches whether the data lags constantly: then the terminal's clock is behind and no archive is draining
 * (spec/freshness.md 1). Kept beside the registers, which it does not touch, so that they stay independent of order.
 */
export function watchLag(
  table: TerminalTable,
  row: number,
  lagMs: number,
  heard: Instant,
  liveLagMs: number,
): void {
  const count = table.lagCount[row] ?? 0
  if (lagMs <= liveLagMs) {
    if (count !== 0) table.lagCount[row] = 0
    return
  }
  const known = table.lagMs[row] ?? 0
  if (count > 0 && Math.abs(lagMs - known) < SAME_LAG + known * ROUNDING) {
    table.lagCount[row] = Math.min(255, count + 1)
    return
  }
  table.lagMs[row] = lagMs
  table.lagSince[row] = heard
  table.lagCount[row] = 1
}

/** True when the terminal's clock is behind by a constant time. */
export function clockBehind(table: TerminalTable, row: number): boolean {
  const long = (table.contactAt[row] ?? 0) - (table.lagSince[row] ?? 0) >= LONG_ENOUGH
  return (table.lagCount[row] ?? 0) >= MANY_MESSAGES && long
}

/** Parked: ignition off, or unknown and standing; and no newer reading shows motion (spec/freshness.md 4). */
export function isParked(table: TerminalTable, row: number): boolean {
  const ignition = table.ignition[row] ?? 0
  const moving = (table.speedKmh[row] ?? 0) > STANDING_KMH
  const speedAt = table.speedAt[row] ?? 0
  if (ignition === 0) return speedAt > 0 && !moving
  return ignition === 1 && !(moving && speedAt > (table.ignitionAt[row] ?? 0))
}

const STANDING_KMH = 3

/** The columns that hold an instant which later observations must be able to pass. */
const CLAMPED = [
  'contactAt',
  'dataAt',
  'liveAt',
  'fixAt',
  'linkAt',
  'ignitionAt',
  'speedAt',
  'stateSince',
  'alertedContactAt',
  'lagSince',
] as const

/** After the wall clock was set back to `now`: nothing may have been seen later (spec/freshness.md 3). */
export function clampRegisters(table: TerminalTable, now: Instant): void {
  for (const name of CLAMPED) {
    const column = table[name]
    for (let row = 0; row < table.size; row++) {
      if ((column[row] ?? 0) <= now) continue
      column[row] = now
      markDirty(table, row)
    }
  }
  for (let row = 0; row < table.size; row++) {
    if ((table.leaveAt[row] ?? 0) <= now + LEAVE_AFTER) continue
    table.leaveAt[row] = now + LEAVE_AFTER
    markDirty(table, row)
  }
  clampReadings(table.readings, now)
  clampSide(table.side, now)
}
