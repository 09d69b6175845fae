import { folded, isPlate } from './pasted-names.ts'

/** A run of words of a text that may be the name of a terminal. */
export type PastedWord = {
  /** As it was written. */
  readonly text: string
  readonly folded: string
  /** It looks like an id, IMEI or plate, so that people want to know when nothing has it. */
  readonly looksLikeId: boolean
  /** Places of its first and last word among all words. */
  readonly from: number
  readonly to: number
}

/** Longest text that is read, characters. */
export const LONGEST_PASTE = 20_000
/** Words of a name. */
const MOST_WORDS = 6
const LONGEST_NAME = 200
/** A shorter run of letters would match names by chance. */
const SHORTEST = 3

/** Everything in a text that may name a terminal, in the order of the text; of two that begin alike the longer first. */
export function pastedWords(text: string): readonly PastedWord[] {
  const found: PastedWord[] = []
  let first = 0
  for (const line of text.slice(0, LONGEST_PASTE).split(/[\r\n;|\t]+/)) {
    const words = line
      .split(/[\s,"'«»“”()<>[\]{}]+/u)
      .filter((word) => word !== '')
      .map((word) => ({ text: word, folded: folded(word) }))
    for (let from = 0; from < words.length; from++) addRuns(found, words, from, first)
    first += words.length
  }
  return found
}

type Word = Pick<PastedWord, 'text' | 'folded'>

/** What is folded word by word is folded as a whole. */
function addRuns(found: PastedWord[], words: readonly Word[], from: number, first: number): void {
  for (let count = Math.min(MOST_WORDS, words.length - from); count > 0; count--) {
    const run = words.slice(from, from + count)
    const name = run.reduce((all, word) => all + word.folded, '')
    if (name.length < SHORTEST || name.length > LONGEST_NAME) continue
    // A word of signs alone begins and ends no name.
    if (run[0]?.folded === '' || run.at(-1)?.folded === '') continue
    const text = bare(run.map((word) => word.text).join(' '))
    const looksLikeId = (count === 1 && isIdLike(text, run[0]?.text ?? '')) || isPlate(name)
    found.push({ text, folded: name, looksLikeId, from: first + from, to: first + from + count - 1 })
  }
}

/** Without the signs around it. */
function bare(text: string): string {
  return text.replace(/^[^\p{L}\p{N}]+/u, '').replace(/[^\p{L}\p{N}]{1,64}$/u, '')
}

/** Terminal numbers have 9 or 10 digits, factory serials 11, IMEIs 15; a telephone number is none of them. */
function isIdLike(text: string, word: string): boolean {
  return !word.startsWith('+') && /^\d{6,16}$/.test(text) && !/^[78]9\d{9}$/.test(text)
}
