import type { TerminalNote } from '../fleet/note.ts'

/** What a terminal answered to `*GETINFO#`. A field that is absent was not in the reply. */
export type InfoReply = {
  readonly kind: 'info'
  /** Id of the terminal (DID). */
  readonly terminalId?: string
  readonly hardware?: string
  readonly bootloader?: string
  readonly firmware?: string
  /** Records in its archive. */
  readonly records?: number
  readonly imei?: string
  /** What it said beside these, by key. */
  readonly others: Readonly<Record<string, string>>
}

/** To `*GETLINK#`: the communication server, and the last link as the terminal writes it (its zone is not known). */
export type LinkReply = {
  readonly kind: 'link'
  readonly server: string
  readonly port: number
  readonly time: string
}

/** States of a fuel sensor by their numbers (reference/omnicomm-domain.md 4). */
export const SENSOR_STATES = ['off', 'not-ready', 'ready', 'error'] as const

export type SensorState = (typeof SENSOR_STATES)[number] | 'unknown'

/** To `*GETSTAT#`. */
export type StatReply = {
  readonly kind: 'stat'
  readonly time: string
  readonly gps?: string
  readonly speed?: string
  readonly ignition?: string
  readonly sensors: readonly {
    readonly number: number
    readonly level: string
    readonly state: SensorState
  }[]
  readonly others: Readonly<Record<string, string>>
}

export type SmsReply = InfoReply | LinkReply | StatReply

/** What became of a pasted reply. */
export type ReplyOutcome =
  | { readonly kind: 'kept'; readonly note: TerminalNote; readonly replies: readonly SmsReply[] }
  | { readonly kind: 'too-long' }
  /** There is no reply in the text. */
  | { readonly kind: 'no-reply' }
  /** It is the reply of another terminal. `name`: its id; what the text calls it, to who does not see that one. */
  | { readonly kind: 'other-terminal'; readonly name: string }
  | { readonly kind: 'missing' }

/** Longest text that is read, characters. */
export const LONGEST_REPLY = 4096
const LONGEST_VALUE = 64
const MOST_REPLIES = 20
const MOST_OTHERS = 20

/**
 * The replies in a text that somebody pasted (reference/omnicomm-domain.md 4): any order and case, broken white space,
 * unknown keys kept, other text around them passed over. A word that only looks like the head of a reply is none; a
 * reply to `*GETINFO#` is known by its keys, too, where its head was lost.
 */
export function smsReplies(text: string): readonly SmsReply[] {
  const line = unquoted(text.slice(0, LONGEST_REPLY))
  const heads = [...line.matchAll(/(?<![\p{L}\p{N}_*])(INFO|LINK|STAT)(?![\p{L}\p{N}_@.=]):?/giu)]
  const headless = readHeadless(line.slice(0, heads[0]?.index ?? line.length))
  const headed = heads.flatMap((head, n) => {
    const body = line.slice(head.index + head[0].length, heads[n + 1]?.index ?? line.length)
    return read(head[1] ?? '', body) ?? []
  })
  return [...headless, ...headed].slice(0, MOST_REPLIES)
}

/** One line without the marks by which mail programs and people quote, and with nothing around `=` and `:`. */
function unquoted(text: string): string {
  return text
    .replaceAll(/[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]/g, '')
    .replaceAll(/^[\t ]*(?:[>|][\t ]*)+/gm, '')
    .replaceAll(/[\s\p{Cc}«»„“”"'`]+/gu, ' ')
    .replaceAll(/ ?([=:]) ?/g, '$1')
    .replaceAll(/=(?=[a-z][a-z\d_]{0,15}=)/gi, '= ')
}

function read(head: string, body: string): SmsReply | undefined {
  switch (head.toUpperCase()) {
    case 'INFO':
      return readInfo(body)
    case 'LINK':
      return readLink(body)
    default:
      return readStat(body)
  }
}

function readInfo(body: string): InfoReply | undefined {
  const values = valuesIn(body)
  const { DID, HW, BL, FW, REC, IMEI, ...others } = values
  if ([DID, HW, BL, FW, REC, IMEI].every((value) => value === undefined)) return undefined
  return {
    kind: 'info',
    ...(DID === undefined ? {} : { terminalId: DID }),
    ...(HW === undefined ? {} : { hardware: HW }),
    ...(BL === undefined ? {} : { bootloader: BL }),
    ...(FW === undefined ? {} : { firmware: FW }),
    ...(REC !== undefined && /^\d{1,9}$/.test(REC) ? { records: Number(REC) } : {}),
    ...(IMEI === undefined ? {} : { imei: IMEI }),
    others: few(others),
  }
}

/** What the values of a reply to `*GETINFO#` look like. */
const SHAPES: Readonly<Record<string, RegExp>> = {
  DID: /^\d{4,15}$/,
  HW: /^\d{1,5}$/,
  BL: /^\d{1,5}$/,
  FW: /^\d{1,6}$/,
  REC: /^\d{1,9}$/,
  IMEI: /^\d{15}$/,
}
/** So many of its keys, with the terminal's among them, are no chance. */
const ENOUGH_KEYS = 3

/** Of one terminal: where two are named nobody knows which value is whose. */
function readHeadless(text: string): readonly InfoReply[] {
  const body = text.replaceAll(/:(?=(?:DID|HW|BL|FW|REC|IMEI)=)/gi, ': ')
  const values = valuesIn(body)
  const known = Object.entries(SHAPES).filter(([key, shape]) => shape.test(values[key] ?? ''))
  const isNamed = known.some(([key]) => key === 'DID' || key === 'IMEI')
  const isOne = (body.match(/(?<![\p{L}\p{N}_])DID=/giu) ?? []).length <= 1
  if (known.length < ENOUGH_KEYS || !isNamed || !isOne) return []
  return [readInfo(body)].filter((reply) => reply !== undefined)
}

function readLink(body: string): LinkReply | undefined {
  const match = /^ ?([\p{L}\d](?:[\p{L}\d.-]{0,62}[\p{L}\d])?):(\d{1,5})(?!\d)(.*)$/u.exec(body)
  const port = Number(match?.[2])
  if (!match || port < 1 || port > 65_535) return undefined
  return { kind: 'link', server: match[1] ?? '', port, time: timeIn(match[3] ?? '') }
}

function readStat(body: string): StatReply | undefined {
  const { GPS, SPD, IGN, ...rest } = valuesIn(body)
  const others: Record<string, string> = {}
  const sensors: StatReply['sensors'][number][] = []
  for (const [key, value] of Object.entries(rest)) {
    const sensor = /^L(\d)$/.exec(key)
    const [level = '', state = ''] = value.split(':')
    if (sensor) sensors.push({ number: Number(sensor[1]), level, state: sensorState(state) })
    else others[key] = value
  }
  const isEmpty = GPS === undefined && SPD === undefined && IGN === undefined && sensors.length === 0
  if (isEmpty) return undefined
  return {
    kind: 'stat',
    time: timeIn(body),
    ...(GPS === undefined ? {} : { gps: GPS }),
    ...(SPD === undefined ? {} : { speed: SPD }),
    ...(IGN === undefined ? {} : { ignition: IGN }),
    sensors: sensors.sort((a, b) => a.number - b.number),
    others: few(others),
  }
}

/**
 * A key with its value, in which a comma may stand as long as no other key follows it. A value that is another key is
 * none, nor is a number behind which the rest of it stands alone: it was cut in two.
 */
const PAIR =
  /(?<![^\s,;])([a-z][a-z\d_]{0,15})=(?![a-z][a-z\d_]{0,15}=)((?:[^\s,;=]|,(?=[^\s,;=])(?![a-z][a-z\d_]{0,15}=)){1,200})(?![^\s,;])(?! \d+ [a-z][a-z\d_]{0,15}=)/gi

/** Values by key in capitals; of a key that is there twice the first one. */
function valuesIn(body: string): Record<string, string> {
  const values: Record<string, string> = Object.create(null)
  for (const [, key = '', value = ''] of body.matchAll(PAIR)) {
    const name = key.toUpperCase()
    const kept = value.replace(/[.,;*#]+$/, '').slice(0, LONGEST_VALUE)
    if (/^[\p{L}\d+-][\p{L}\d.,:/+-]*$/u.test(kept) && values[name] === undefined) values[name] = kept
  }
  return values
}

/** The date and time at the beginning, however they are written: only digits and what stands between them. */
function timeIn(body: string): string {
  return (/^[\s,;]{0,3}(\d[\d.:/\-T ]{0,30})/.exec(body)?.[1] ?? '').replace(/[\s.:/\-T]+$/, '')
}

function sensorState(text: string): SensorState {
  return /^[0-3]$/.test(text) ? (SENSOR_STATES[Number(text)] ?? 'unknown') : 'unknown'
}

function few(values: Record<string, string>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(values).slice(0, MOST_OTHERS))
}
