import { DAY, type Instant, toIso } from '../time.ts'

/** A letter that a person will send from his own mail program. */
export type DraftMail = {
  /** Plain address in ASCII; empty: it is not known, and whoever sends the letter fills it in. */
  readonly to: string
  /** Plain address; that of the program when it is empty or not ASCII. */
  readonly from: string
  readonly subject: string
  readonly text: string
  /** With angle brackets. */
  readonly messageId: string
  readonly date: Instant
  readonly repliesTo: string | null
}

/**
 * The letter as a file (RFC 5322), in ASCII. Mail programs that know `X-Unsent` open it for writing.
 */
export function draftMail({ to, from, subject, text, messageId, date, repliesTo }: DraftMail): string {
  const headers = [
    'X-Unsent: 1',
    ...(/^[!-~]+$/.test(from) ? [`From: ${from}`] : []),
    ...(to === '' ? [] : [`To: ${to}`]),
    `Date: ${mailDate(date)}`,
    `Message-ID: ${messageId}`,
    ...(repliesTo === null ? [] : [`In-Reply-To: ${repliesTo}`, `References: ${repliesTo}`]),
    `Subject: ${encodedWords(subject)}`,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: base64',
  ]
  const body = base64(text.replaceAll(/\r\n|\r|\n/g, '\r\n')).match(/.{1,76}/g) ?? []
  return `${[...headers, '', ...body].join('\r\n')}\r\n`
}

/** Days of the week from 1970-01-01 on. */
const DAYS = ['Thu', 'Fri', 'Sat', 'Sun', 'Mon', 'Tue', 'Wed'] as const
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const

/** `Thu, 15 Jan 2026 10:20:30 +0000` (RFC 5322 3.3). */
function mailDate(at: Instant): string {
  const [, year, month, day, time] = /^(\d+)-(\d\d)-(\d\d)T([\d:]+)/.exec(toIso(at)) ?? []
  const weekday = DAYS[Math.floor(at / DAY) % 7]
  return `${weekday}, ${Number(day)} ${MONTHS[Number(month) - 1]} ${year} ${time} +0000`
}

/** Bytes of a word, so that its line, also the one with the name of the header, has at most 76 characters (RFC 2047 2). */
const WORD_BYTES = 39

/** A header's text; what is not plain ASCII as encoded words, none of which cuts a character. */
function encodedWords(text: string): string {
  if (/^[ -~]{0,900}$/.test(text) && !text.includes('=?')) return text
  const words: string[] = []
  let word = ''
  for (const character of text) {
    if (bytesOf(word + character).length > WORD_BYTES) {
      words.push(word)
      word = ''
    }
    word += character
  }
  return [...words, word].map((each) => `=?UTF-8?B?${base64(each)}?=`).join('\r\n ')
}

function base64(text: string): string {
  return btoa(Array.from(bytesOf(text), (byte) => String.fromCharCode(byte)).join(''))
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}
