import { collect, createNameTable, type Found, isRecord, type Origin, put } from './found.ts'
import { createRefusal } from './refusal.ts'
import { SLOT } from './target.ts'
import { TRACCAR_NAMES } from './traccar-names.ts'
import { readNumber, readTime } from './value.ts'

/** What is believed of a position's own times: all, or nothing (the source's `trustDeviceClock`). */
export type TraccarOptions = { readonly trustDeviceClock: boolean }

type Fields = Readonly<Record<string, unknown>>

const TABLE = createNameTable(TRACCAR_NAMES, [], ['position'])
const ENOUGH_SATELLITES = 4
const OLDER_FIX_MS = 60_000

/** Takes a Traccar position into `found`: its fields, then what has to be known about how Traccar made them. */
export function collectPosition(position: Fields, { trustDeviceClock }: TraccarOptions, found: Found): void {
  collect(position, TABLE, found)
  const { protocol, attributes } = position
  if (isRecord(attributes)) {
    leaveOutFaultyFuel(attributes, found)
    takeAlarms(attributes['alarm'], protocol, found)
  }
  if (protocol === 'omnicomm') correctOmnicomm(found)
  const isRepeated = hasOlderFix(found)
  if (isRepeated) leaveOutSpeed(found)
  if (!trustDeviceClock) distrust(found, isRepeated)
  if (readNumber(found.values[SLOT.latitude]) === 0 && readNumber(found.values[SLOT.longitude]) === 0) {
    put(found, SLOT.valid, false, ZERO_ZERO)
  }
}

/** Fields that `collectPosition` looks at beside those that fill a target. */
export const CONSULTED: readonly (readonly string[])[] = [
  ['position', 'protocol'],
  ...Array.from({ length: 8 }, (_, index) => ['position', 'attributes', `fuel${index + 1}State`]),
]

const VALID: Omit<Origin, 'how'> = { name: 'position.valid', rank: 0, path: ['position', 'valid'] }
const ZERO_ZERO: Origin = { ...VALID, how: '0/0 is what an empty receiver shows, not a place' }
const FEW_SATELLITES: Origin = {
  ...VALID,
  how: 'Traccar calls every position of protocol omnicomm valid; here four satellites are asked for',
}
const OLDER_THAN_MESSAGE: Origin = {
  ...VALID,
  how: 'by the same clock the fix is older than its message: a repeated position',
}

const FUELS = ([1, 2, 3, 4, 5, 6, 7, 8] as const).map((number) => ({
  slot: SLOT[`fuel${number}`],
  stateKey: `fuel${number}State`,
}))
const SENSOR_AT_FAULT = createRefusal('the state of this fuel sensor is not 2 (measuring)')
const WORKING = 2

function leaveOutFaultyFuel(attributes: Fields, found: Found): void {
  for (const { slot, stateKey } of FUELS) {
    if (found.values[slot] === undefined) continue
    const state = attributes[stateKey]
    if (state !== undefined && state !== null && readNumber(state) !== WORKING) {
      found.values[slot] = SENSOR_AT_FAULT
    }
  }
}

const ALARM: Origin = {
  name: 'position.attributes.alarm',
  rank: 0,
  path: ['position', 'attributes', 'alarm'],
}
const LONGEST_ALARMS = 1000
/** Protocols whose only jamming alarm is that of the mobile network; elsewhere it may be about either radio. */
const GSM_JAMMING_PROTOCOLS = new Set<unknown>(['flespi', 'teltonika'])

/** A comma list. A cut beats a restoration in the same list: better to look once too often. */
function takeAlarms(alarm: unknown, protocol: unknown, found: Found): void {
  if (typeof alarm !== 'string' || alarm === '' || alarm.length > LONGEST_ALARMS) return
  const alarms = alarm.split(',').map((name) => name.trim())
  if (alarms.includes('powerCut')) put(found, SLOT.powerAlarm, true, ALARM)
  else if (alarms.includes('powerRestored')) put(found, SLOT.powerAlarm, false, ALARM)
  if (alarms.includes('jamming') && GSM_JAMMING_PROTOCOLS.has(protocol)) {
    put(found, SLOT.gsmJamming, true, ALARM)
  }
}

const ZERO_IS_UNKNOWN = createRefusal('Traccar writes 0 for what an Omnicomm terminal did not send')
const ZERO_SLOTS: readonly number[] = [
  SLOT.voltage,
  SLOT.batteryVoltage,
  SLOT.batteryPercent,
  SLOT.rpm,
  ...FUELS.map(({ slot }) => slot),
]

/** What Traccar's decoder for Omnicomm makes up (reference/omnicomm-terminal-protocol.md 9). */
function correctOmnicomm(found: Found): void {
  const { values } = found
  for (const slot of ZERO_SLOTS) if (readNumber(values[slot]) === 0) values[slot] = ZERO_IS_UNKNOWN
  if (values[SLOT.valid] === undefined) return
  const satellites = readNumber(values[SLOT.satellites])
  if (satellites === undefined || satellites < ENOUGH_SATELLITES)
    put(found, SLOT.valid, false, FEW_SATELLITES)
}

/**
 * The device's clock against itself: Traccar repeats the fix before, with its speed, where a message had none, such as
 * a heartbeat.
 */
function hasOlderFix({ values }: Found): boolean {
  const measuredAt = readTime(values[SLOT.eventAt], undefined)
  const fixAt = readTime(values[SLOT.fixAt], undefined)
  return measuredAt !== undefined && fixAt !== undefined && measuredAt - fixAt > OLDER_FIX_MS
}

const REPEATED_SPEED = createRefusal('by the same clock the fix is older than its message: a repeated speed')

/** Dated by the message, it would show a parked vehicle as one that moves. */
function leaveOutSpeed({ values }: Found): void {
  if (values[SLOT.speedKmh] !== undefined) values[SLOT.speedKmh] = REPEATED_SPEED
}

const NOT_TRUSTED = createRefusal('trustDeviceClock is false for this source')

/** The device's clock counts for nothing, except for what it says of a repeated fix. */
function distrust(found: Found, isRepeated: boolean): void {
  const { values } = found
  if (isRepeated) put(found, SLOT.valid, false, OLDER_THAN_MESSAGE)
  if (values[SLOT.eventAt] !== undefined) values[SLOT.eventAt] = NOT_TRUSTED
  if (values[SLOT.fixAt] !== undefined) values[SLOT.fixAt] = NOT_TRUSTED
}
