import type { Account } from './account.ts'

export const LONGEST_ACCOUNT_NAME = 64
export const SHORTEST_PASSWORD = 12
export const LONGEST_PASSWORD = 1000
/** Clients or groups of one account. */
export const MOST_IN_SCOPE = 1000

/** UTF-16 units of a name or password before NFKC, which makes one letter of up to four. */
const LONGEST_WRITTEN_NAME = 8 * LONGEST_ACCOUNT_NAME
const LONGEST_WRITTEN_PASSWORD = 4 * LONGEST_PASSWORD

const NAME = /^[\p{L}\p{M}\p{Nd}._@-]+$/u
/** Browsers take `.` and `..` out of addresses, so a name needs more than signs. */
const TELLING = /[\p{L}\p{Nd}]/u

/** What is wrong with the name of an account; undefined: nothing. */
export function accountNameFault(name: string): 'empty' | 'too-long' | 'signs' | 'scripts' | undefined {
  if (name === '') return 'empty'
  if ([...name].length > LONGEST_ACCOUNT_NAME) return 'too-long'
  if (!NAME.test(name) || !TELLING.test(name)) return 'signs'
  return isMixed(name) ? 'scripts' : undefined
}

/** Whether a word of the name has letters of two alphabets, as only names have that are meant to look like others. */
function isMixed(name: string): boolean {
  const words = name.normalize('NFKC').split(/[^\p{L}\p{M}]+/u)
  return words.some((word) => ALPHABETS.filter((alphabet) => alphabet.test(word)).length > 1)
}

const ALPHABETS: readonly RegExp[] = [/\p{Script=Latin}/u, /\p{Script=Cyrillic}/u, /\p{Script=Greek}/u]

/**
 * Names that cannot be told apart by their looks have the same likeness: Cyrillic and Greek letters count as the Latin
 * ones that look like them in either case, since names are shown as they were typed.
 */
export function accountLikeness(name: string): string {
  return Array.from(accountKey(name), (letter) => LIKE[letter] ?? letter).join('')
}

const LIKE: Readonly<Record<string, string>> = Object.fromEntries(
  (
    [
      ['авекмнорстухіјѕԁһԛԝѵ', 'abekmhopctyxijsdhqwv'],
      ['αβεηικμνορτυχ', 'abehikmnoptyx'],
      ['ı', 'i'],
    ] as const
  ).flatMap(([from, to]) => Array.from(from, (letter, place): [string, string] => [letter, to[place] ?? ''])),
)

/**
 * Names with the same key are one account: case and ways to write a letter make no difference. Of an endless text only
 * the beginning counts: the time that NFKC takes grows with the square of the marks in a row, and strangers send names.
 */
export function accountKey(name: string): string {
  return name.slice(0, LONGEST_WRITTEN_NAME).normalize('NFKC').toLowerCase()
}

/** A password as it is counted, compared and hashed. Undefined: nobody has one so long, and NFKC would take too long. */
export function passwordText(password: string): string | undefined {
  return password.length > LONGEST_WRITTEN_PASSWORD ? undefined : password.normalize('NFKC')
}

/** What is wrong with a password that somebody chose; undefined: nothing. Characters are counted after NFKC. */
export function passwordFault(password: string, name: string): 'too-short' | 'too-long' | 'name' | undefined {
  const text = passwordText(password)
  if (text === undefined) return 'too-long'
  const { length } = [...text]
  if (length > LONGEST_PASSWORD) return 'too-long'
  if (accountKey(text) === accountKey(name)) return 'name'
  return length < SHORTEST_PASSWORD ? 'too-short' : undefined
}

/** Whether nobody could manage accounts without this one. */
export function isLastAdmin(accounts: Iterable<Account>, { id, role }: Account): boolean {
  if (role !== 'admin') return false
  for (const other of accounts) if (other.role === 'admin' && other.id !== id) return false
  return true
}
