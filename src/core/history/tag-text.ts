import { oneLine } from '../one-line.ts'

const LONGEST_TAG = 200
/** Nothing in it needs to be changed: most texts. */
const PLAIN = /^[\w.:/@+-]{1,200}$/

/** What a tag says where there is nothing to say: it cannot be empty. */
export const NOTHING = '-'

/** What a tag says for a text. A backslash at its end would escape what comes behind it. */
export function tagText(text: string): string {
  return PLAIN.test(text) ? text : oneLine(text, LONGEST_TAG).replace(/\\+$/, '')
}
