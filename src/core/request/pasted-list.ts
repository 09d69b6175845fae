import { plateCore, readName } from './pasted-names.ts'
import type { PastedWord } from './pasted-text.ts'

/** What was made of a pasted text, in its order. `ids` of several: which of them is meant only a person knows. */
export type PastedFind = { readonly text: string; readonly ids: readonly string[] }

export type PastedList = {
  readonly found: readonly PastedFind[]
  /** Words that look like an id or a plate and that no terminal has. */
  readonly notFound: readonly string[]
  /** There were more than are shown. */
  readonly more: boolean
}

/** Terminals and words of one list. */
export const MOST_PASTED = 200
/** Terminals that are offered for one word. */
const MOST_OFFERED = 20

/** What the words of a text are looked up in, one kind after the other. */
export type PastedIndex = {
  /** The terminal of an id, IMEI or other exact name. */
  readonly exact: (word: string) => string | undefined
  /** Terminals by folded name. */
  readonly named: ReadonlyMap<string, readonly string[]>
  /** Terminals by the plate in their name, with its region and without. */
  readonly plated: ReadonlyMap<string, readonly string[]>
}

/** Finds the terminals that a text names. A word that is part of a longer name that was found counts no more. */
export function findPasted(words: readonly PastedWord[], index: PastedIndex): PastedList {
  const found: PastedFind[] = []
  const notFound: string[] = []
  const seen = new Set<string>()
  let taken = -1
  for (const runs of runsByPlace(words)) {
    if ((runs[0]?.from ?? 0) <= taken) continue
    const [word, ids] = meant(runs, index)
    if (!word) continue
    taken = word.to
    const key = ids.length > 0 ? ids.join(' ') : word.folded
    if (seen.has(key)) continue
    seen.add(key)
    if (found.length + notFound.length >= MOST_PASTED) return { found, notFound, more: true }
    if (ids.length > 0) found.push({ text: word.text, ids: ids.slice(0, MOST_OFFERED) })
    else notFound.push(word.text)
  }
  return { found, notFound, more: false }
}

/** The longest run that names a terminal, else the shortest that looks as if it did: what follows it is other text. */
function meant(
  runs: readonly PastedWord[],
  index: PastedIndex,
): readonly [PastedWord | undefined, readonly string[]] {
  for (const run of runs) {
    const ids = idsOf(run, index)
    if (ids.length > 0) return [run, ids]
  }
  return [runs.findLast(({ looksLikeId }) => looksLikeId), []]
}

function* runsByPlace(words: readonly PastedWord[]): Generator<readonly PastedWord[]> {
  for (let from = 0; from < words.length; ) {
    const place = words[from]?.from
    let to = from
    while (to < words.length && words[to]?.from === place) to++
    yield words.slice(from, to)
    from = to
  }
}

function idsOf({ text, folded }: PastedWord, { exact, named, plated }: PastedIndex): readonly string[] {
  const id = exact(text) ?? (GROUPED_ID.test(text) ? exact(folded) : undefined)
  return id === undefined ? (named.get(folded) ?? plated.get(folded) ?? []) : [id]
}

/** An id or IMEI in groups of digits: `354 002 529`. */
const GROUPED_ID = /^\d+(?:[ -]\d+)+$/

/** Collects the terminals whose names the words may mean, row by row of the fleet. */
export function createPastedNames(words: readonly PastedWord[]) {
  const wanted = new Set(words.map(({ folded }) => folded))
  const named = new Map<string, string[]>()
  const plated = new Map<string, string[]>()
  const put = (map: Map<string, string[]>, key: string, id: string): void => {
    if (!wanted.has(key)) return
    const ids = map.get(key)
    if (ids === undefined) map.set(key, [id])
    else if (ids.length <= MOST_OFFERED) ids.push(id)
  }
  return {
    named,
    plated,
    add(id: string, written: string): void {
      const { name, plate } = readName(written)
      put(named, name, id)
      if (plate === undefined) return
      if (plate !== name) put(plated, plate, id)
      const core = plateCore(plate)
      if (core !== undefined) put(plated, core, id)
    },
  }
}
