import type { ThresholdSettings } from '../freshness/threshold-settings.ts'
import { type Column, concat, damaged, readBlock } from './block-bytes.ts'
import {
  NOTHING_RARE,
  OWN_FIELDS,
  type OwnField,
  type PackedPage,
  type Rare,
  SHARED_FIELDS,
  type SharedField,
} from './packed-page.ts'
import { EMPTY_COLUMN, type OwnColumn, type SharedColumn } from './packed-text.ts'

/**
 * Layout of a stored page, little-endian: u32 version, u32 rows, u32 length and JSON of Contents; f64 instants at which
 * the terminals were first seen; per own field that has texts u32 ends and the UTF-8 of all texts; per shared field
 * with several texts the u16 place of each row's text. The version changes with every field but the rare ones.
 */
export const PAGE_VERSION = 1

/** Rare fields that are new since version 1. Hardly any terminal has former units: others are stored without. */
type Newer = 'handedOver' | 'formerUnits'

type Contents = {
  /** UTF-8 bytes of the field's texts; 0: all are empty. */
  readonly own: Readonly<Record<OwnField, number>>
  readonly shared: Readonly<Record<SharedField, readonly string[]>>
  /** Of each what is new since version 1 may be missing. */
  readonly rare: readonly (readonly [number, Omit<Rare, Newer> & Partial<Rare>])[]
}

export function encodePage({ rows, own, shared, firstSeenAt, rare }: PackedPage): Uint8Array {
  const encoder = new TextEncoder()
  const texts = OWN_FIELDS.map((name) => encoder.encode(own[name].text))
  const contents: Contents = {
    own: Object.fromEntries(OWN_FIELDS.map((name, i) => [name, texts[i]?.length ?? 0])) as Contents['own'],
    shared: Object.fromEntries(SHARED_FIELDS.map((name) => [name, shared[name].texts])) as Contents['shared'],
    rare: Array.from(rare, ([n, { formerUnits, ...others }]) => [
      n,
      formerUnits.length === 0 ? others : { ...others, formerUnits },
    ]),
  }
  const json = encoder.encode(JSON.stringify(contents))
  const columns: Column[] = [Uint32Array.of(PAGE_VERSION, rows, json.length), json, firstSeenAt]
  OWN_FIELDS.forEach((name, i) => {
    const { ends } = own[name]
    if (ends !== null) columns.push(Uint32Array.from(ends), texts[i] ?? new Uint8Array(0))
  })
  for (const name of SHARED_FIELDS) {
    const { of } = shared[name]
    if (of !== null) columns.push(Uint16Array.from(of))
  }
  return concat(columns)
}

/** Throws when the bytes are none of this version or damaged. `first`: row of the first terminal. */
export function decodePage(bytes: Uint8Array, first: number): PackedPage {
  const reader = readBlock(bytes)
  const [version, rows = 0, length = 0] = reader.take(Uint32Array, 3)
  if (version !== PAGE_VERSION) throw damaged()
  const contents = JSON.parse(decoder.decode(reader.take(Uint8Array, length))) as Contents
  // Copies: what stands in the bytes would keep all of them.
  const firstSeenAt = reader.take(Float64Array, rows).slice()
  const own = OWN_FIELDS.map((name) => [name, readOwn(reader, rows, contents.own[name])])
  const shared = SHARED_FIELDS.map((name) => [name, readShared(reader, rows, contents.shared[name])])
  if (!reader.isAtEnd()) throw damaged()
  return {
    first,
    rows,
    own: Object.fromEntries(own) as PackedPage['own'],
    shared: Object.fromEntries(shared) as PackedPage['shared'],
    firstSeenAt,
    rare: new Map(contents.rare.map(([n, rare]) => [n, rareOf(rare)])),
  }
}

type Reader = ReturnType<typeof readBlock>

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

function readOwn(reader: Reader, rows: number, bytes: number): OwnColumn {
  if (bytes === 0) return EMPTY_COLUMN
  const ends = reader.take(Uint32Array, rows)
  const text = decoder.decode(reader.take(Uint8Array, bytes))
  if (ends[rows - 1] !== text.length) throw damaged()
  return { text, ends: text.length <= 0xffff ? Uint16Array.from(ends) : ends.slice() }
}

function readShared(reader: Reader, rows: number, texts: readonly string[]): SharedColumn {
  if (texts.length <= 1) return { texts, of: null }
  const of = reader.take(Uint16Array, rows)
  return { texts, of: texts.length <= 256 ? Uint8Array.from(of) : of.slice() }
}

/** A page that was stored before the latest rare fields were there has nothing of them. */
function rareOf(stored: Contents['rare'][number][1]): Rare {
  const rare = { ...NOTHING_RARE, ...stored }
  return { ...rare, thresholds: limits(rare.thresholds) }
}

/** JSON knows no infinity (not judged while parked): null stands for it. */
function limits(thresholds: ThresholdSettings | null): ThresholdSettings | null {
  if (thresholds === null) return null
  const entries = Object.entries(thresholds).map(([key, value]) => [key, value ?? Infinity])
  return Object.fromEntries(entries) as ThresholdSettings
}
