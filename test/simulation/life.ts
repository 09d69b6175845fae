import type { Fix, ObservationKind } from '../../src/core/telemetry/observation.ts'
import { DAY, HOUR, type Instant, MINUTE, SECOND } from '../../src/core/time.ts'
import type { Character } from './cast.ts'

/** What is sent: by whom, when, of what moment, and what the terminal knows then. */
export type Message = {
  readonly terminal: number
  readonly kind: ObservationKind
  readonly receivedAt: Instant
  readonly eventAt: Instant
  readonly isMoving: boolean
  readonly voltage: number
  /** Absent when its antenna has failed. */
  readonly fix?: Fix
}

/** What keeps terminals from being heard although they live: an outage of their operator, region, firmware ... */
export type Mute = (terminal: number, at: Instant) => boolean

/** An archive keeps more, but no simulation needs more of it to see an archive drain. */
const MOST_STORED = 20
const WHEEL_SECONDS = 8 * 3600
/** Before its death by a cut supply a terminal still tells of it for so long. */
const CUT_BEFORE_MS = 5 * MINUTE
/** For so long a dying battery falls, of a vehicle that stands: driving would charge it. */
const FALLS_FOR_MS = 2 * DAY

/**
 * The lives of all terminals, second by second. Each knows its shift, parks with a heartbeat, passes tunnels, may have
 * an unstable link, a wrong clock, a dying battery, and stores what it could not send.
 */
export function createLives(cast: readonly Character[], seed: number, start: Instant, isMute: Mute) {
  const wheel: number[][] = Array.from({ length: WHEEL_SECONDS }, () => [])
  const storedSince = new Float64Array(cast.length)
  const stored = new Uint8Array(cast.length)
  const isMoving = new Uint8Array(cast.length)
  /** Until when a tunnel or its own bad link keeps it from sending. */
  const mutedUntil = new Float64Array(cast.length)
  const wakesAt = new Float64Array(cast.length)

  for (const { number } of cast) schedule(number, start, start + SECOND * (1 + (number % 300)))

  function schedule(terminal: number, now: Instant, at: Instant): void {
    const seconds = Math.ceil(Math.max(at, now + SECOND) / SECOND)
    wakesAt[terminal] = seconds * SECOND
    // What is further away than the wheel reaches is looked at once more before it is due.
    const slot = Math.min(seconds, Math.floor(now / SECOND) + WHEEL_SECONDS - 1)
    wheel[slot % WHEEL_SECONDS]?.push(terminal)
  }

  /** Everything that is sent in the second that begins at `now`, in the order of time. */
  function second(now: Instant, send: (message: Message) => void): void {
    const slot = Math.floor(now / SECOND) % WHEEL_SECONDS
    const due = wheel[slot] ?? []
    wheel[slot] = []
    for (const terminal of due) {
      const character = cast[terminal]
      if (!character) continue
      if ((wakesAt[terminal] ?? 0) > now) schedule(terminal, now, wakesAt[terminal] ?? 0)
      else wake(character, now, send)
    }
  }

  function wake(character: Character, now: Instant, send: (message: Message) => void): void {
    const { number, diesAt, revivesAt } = character
    if (now >= diesAt && now < revivesAt) {
      if (revivesAt < Infinity) schedule(number, now, revivesAt)
      return
    }
    const moves = isOnShift(character, now)
    const wasMoving = isMoving[number] === 1
    isMoving[number] = moves ? 1 : 0
    speak(character, now, moves, send)
    if (moves && !wasMoving) mutedUntil[number] = 0
    else if (moves) enterTunnel(character, now)
    schedule(number, now, nextWake(character, now, moves))
  }

  function speak(character: Character, now: Instant, moves: boolean, send: (message: Message) => void): void {
    const { number, clockMs } = character
    if ((mutedUntil[number] ?? 0) > now || isMute(number, now)) {
      if (stored[number] === 0) storedSince[number] = now
      if ((stored[number] ?? 0) < MOST_STORED) stored[number] = (stored[number] ?? 0) + 1
      return
    }
    const voltage = voltageOf(character, now, moves)
    const ofNow = { terminal: number, isMoving: moves, voltage }
    const waiting = stored[number] ?? 0
    if (waiting > 0) {
      const since = storedSince[number] ?? now
      for (let i = 0; i < waiting; i++) {
        const eventAt = Math.round(since + ((now - since) * i) / waiting) + clockMs
        send({ ...ofNow, ...positionOf(character, eventAt), kind: 'archive', receivedAt: now + i, eventAt })
      }
      stored[number] = 0
    }
    const eventAt = now + clockMs
    send({ ...ofNow, ...positionOf(character, eventAt), kind: 'live', receivedAt: now + waiting, eventAt })
  }

  /** On average one tunnel in eight hours of driving; a bad link drops much more often and for longer. */
  function enterTunnel({ number, intervalMs, isFlaky }: Character, now: Instant): void {
    const perMessage = intervalMs / ((isFlaky ? 2 : 8) * HOUR)
    if (chance(seed, number, now) >= perMessage) return
    const length = chance(seed + 1, number, now)
    mutedUntil[number] = now + (isFlaky ? 35 + length * 25 : 3 + length * 20) * MINUTE
  }

  function nextWake(character: Character, now: Instant, moves: boolean): Instant {
    return Math.min(regularWake(character, now, moves), cutOf(character, now))
  }

  function regularWake(character: Character, now: Instant, moves: boolean): Instant {
    const { number, intervalMs, heartbeatMs } = character
    if (moves) {
      const jitter = (chance(seed + 2, number, now) - 0.5) * 4 * SECOND
      return Math.min(now + intervalMs + jitter, shiftEnd(character, now))
    }
    return Math.min(now + heartbeatMs, nextShift(character, now))
  }

  /** Days differ by some minutes. */
  function wobble(number: number, day: number): number {
    return (chance(seed + 3, number, day) - 0.5) * 20 * MINUTE
  }

  function isOnShift(character: Character, at: Instant): boolean {
    const midnight = Math.floor(at / DAY) * DAY
    if (isBatteryFalling(character, at) || !works(character, midnight)) return false
    return at >= from(character, midnight) && at < to(character, midnight)
  }

  function works({ worksWeekends }: Character, midnight: Instant): boolean {
    // 1970-01-01 was a Thursday.
    const weekday = (midnight / DAY + 3) % 7
    return worksWeekends || weekday < 5
  }

  function from({ shift, number }: Character, midnight: Instant): Instant {
    return midnight + shift.fromMs + wobble(number, midnight)
  }

  function to({ shift, number }: Character, midnight: Instant): Instant {
    return midnight + shift.toMs + wobble(number, midnight + 1)
  }

  function shiftEnd(character: Character, now: Instant): Instant {
    return to(character, Math.floor(now / DAY) * DAY)
  }

  function nextShift(character: Character, now: Instant): Instant {
    for (let midnight = Math.floor(now / DAY) * DAY; ; midnight += DAY) {
      const begins = from(character, midnight)
      if (works(character, midnight) && begins > now) return begins
    }
  }

  return { second }
}

/** 13.8 V with a running engine, 12.6 V without; a dying battery falls for two days, a cut supply at the end. */
function voltageOf(character: Character, now: Instant, moves: boolean): number {
  const { death, diesAt } = character
  const left = diesAt - now
  if (death === 'power-cut' && left > 0 && left <= CUT_BEFORE_MS) return 0.4
  if (isBatteryFalling(character, now)) return 11 + (1.6 * left) / FALLS_FOR_MS
  return moves ? 13.8 : 12.6
}

/** When its supply is cut, which it tells at once; Infinity: that was before, or never is. */
function cutOf({ death, diesAt }: Character, now: Instant): Instant {
  const cutAt = diesAt - CUT_BEFORE_MS
  return death === 'power-cut' && cutAt > now ? cutAt : Infinity
}

function isBatteryFalling({ death, diesAt }: Character, at: Instant): boolean {
  return death === 'battery' && at < diesAt && at > diesAt - FALLS_FOR_MS
}

/** Somewhere else at each moment, and each terminal where no other is: only the antenna is of interest. */
function positionOf({ number, antennaFailsAt }: Character, at: Instant): Pick<Message, 'fix'> {
  if (at >= antennaFailsAt) return {}
  return {
    fix: { latitude: 55 + (at % 7919) / 10_000, longitude: ((number * 0.05) % 360) - 180, satellites: 8 },
  }
}

/** A number in [0, 1) that depends on nothing but its arguments. */
function chance(seed: number, number: number, at: Instant): number {
  let mixed = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(number + 1, 0xc2b2ae35)
  mixed ^= Math.imul(Math.floor(at / SECOND) | 0, 0x27d4eb2f)
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d)
  mixed = Math.imul(mixed ^ (mixed >>> 12), 0x297a2d39)
  return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32
}
