import { folded, isPlate, withoutCountry } from './pasted-names.ts'

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
  const read = text.slice(0, LONGEST_PASTE).replaceAll(UNSEEN, '')
  for (const line of read.split(/[\r\n;|\t]+/)) {
    const words = line
      .split(/[\s,"'«»“”()<>[\]{}]+/u)
      .filter((word) => word !== '')
      .flatMap(piecesOf)
    for (let from = 0; from < words.length; from++) addRuns(found, words, from, first)
    first += words.length
  }
  return found
}

/** `glued`: no blank stands before it. */
type Word = Pick<PastedWord, 'text' | 'folded'> & { readonly glued: boolean }

/** Signs without width, which mail programs and messengers leave in what is copied. */
const UNSEEN = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]/g

/** A label at a number or a plate, as in `ID:354002529`, `IMEI861234567890123` and `номер:А123ВС77`. */
const LABEL =
  /^(?:id|ид|imei|did|(?:гос\.?)?номер|г\/н|грз|терминал|№|#)(?:[:=.№#-]*(?=\d{9})|[:=№#-]+(?=\p{L}\d{3}\p{L}{2}\d{2}))/iu
/** Several numbers without blanks between them. */
const NUMBERS = /^\d{9,15}(?:[/+&\u2013\u2014-]\d{9,15})+$/u

/** A word; of a number with its label, and of several numbers, the parts. */
function piecesOf(word: string): readonly Word[] {
  const label = LABEL.exec(word)?.[0] ?? ''
  const rest = bare(word.slice(label.length))
  const numbers = NUMBERS.test(rest) ? rest.split(/\D/) : [label === '' ? word : rest]
  return [...(label === '' ? [] : [label]), ...numbers].map((text, place) => ({
    text,
    folded: folded(text),
    glued: place > 0,
  }))
}

/** What is folded word by word is folded as a whole. */
function addRuns(found: PastedWord[], words: readonly Word[], from: number, first: number): void {
  for (let count = Math.min(MOST_WORDS, words.length - from); count > 0; count--) {
    const run = words.slice(from, from + count)
    const name = withoutCountry(run.reduce((all, word) => all + word.folded, ''))
    if (name.length < SHORTEST || name.length > LONGEST_NAME) continue
    // A word of signs alone begins and ends no name.
    if (run[0]?.folded === '' || run.at(-1)?.folded === '') continue
    const text = bare(run.reduce((all, word) => `${all}${word.glued ? '' : ' '}${word.text}`, ''))
    if (isPhone(text)) continue
    const looksLikeId = (count === 1 && isIdLike(text, words[from - 1])) || isPlate(name)
    found.push({ text, folded: name, looksLikeId, from: first + from, to: first + from + count - 1 })
  }
}

/** Without the signs around it. */
function bare(text: string): string {
  return text.replace(/^[^\p{L}\p{N}]+/u, '').replace(/[^\p{L}\p{N}]{1,64}$/u, '')
}

/** Words before a number that is none of a terminal: those of a firm, a bank, a contract, a telephone. */
const OTHER_NUMBERS =
  /^(?:инн|кпп|огрн|огрнип|окпо|бик|счет|счёт|сч|рс|кс|договор|дог|тел|телефон|моб|факс|phone|tel|fax|sim|сим|симкарта|iccid)$/iu

/** Terminal numbers have 9 or 10 digits, factory serials 11, IMEIs 15 (reference/omnicomm-domain.md 3.4). */
function isIdLike(text: string, before: Word | undefined): boolean {
  if (!/^(?:\d{9,11}|\d{15})$/.test(text)) return false
  return !OTHER_NUMBERS.test((before?.text ?? '').replaceAll(/[^\p{L}]/gu, ''))
}

/** A Russian telephone number of 11 digits, however it is grouped. */
function isPhone(text: string): boolean {
  return /^[+\d][\d ()-]*$/.test(text) && /^[78][3489]\d{9}$/.test(text.replaceAll(/\D/g, ''))
}
