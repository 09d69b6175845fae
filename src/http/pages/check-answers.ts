import { html } from 'hono/html'
import { textHash } from '../../core/letters/letter-id.ts'
import type { PointField } from '../../core/request/points.ts'
import { LONGEST_TEXT } from '../../core/request/support-request.ts'
import type { Checked } from '../checking.ts'
import { type Form, formText } from './form.ts'
import type { Html } from './page.ts'

/** Prefix of the fields with answers to the points of a request. */
export const ANSWER = 'point-'
/** Prefix of the fields that tell what the program had filled in there. */
const FILLED_IN = 'known-'

/**
 * What a person wrote into the form, by name of the answer. What still is as the program filled it in is nobody's
 * answer: it is filled in anew, by what is known by then.
 */
export function answersIn(form: Form): ReadonlyMap<string, string> {
  const answers = new Map<string, string>()
  for (const field of Object.keys(form)) {
    if (!field.startsWith(ANSWER)) continue
    const name = field.slice(ANSWER.length)
    const text = printable(formText(form, field))
    if (formText(form, `${FILLED_IN}${name}`) !== textHash(text)) answers.set(name, text)
  }
  return answers
}

/** Tells of a field what the program filled in, so that a change of it is seen. */
export function filledIn({ answer, value, from }: PointField): Html | string {
  if (from === 'typed') return ''
  return html`<input type="hidden" name="${FILLED_IN}${answer}" value="${textHash(printable(value))}">`
}

/** Answers that this kind of problem does not ask for: they wait here for one that does. */
export function otherAnswers({ typed, fields }: Pick<Checked, 'typed' | 'fields'>): readonly Html[] {
  const asked = new Set(fields.map(({ answer }) => answer))
  const others = [...typed].filter(([name, text]) => !asked.has(name) && text !== '')
  let room = LONGEST_TEXT
  const kept = others.slice(0, MOST_OTHERS).filter(([, text]) => {
    room -= text.length
    return room >= 0
  })
  return kept.map(([name, text]) => html`<input type="hidden" name="${ANSWER}${name}" value="${text}">`)
}

/** With them a form still has less fields than are read. */
const MOST_OTHERS = 200

/** Line ends as one character, no other control characters. */
function printable(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(/[^\P{Cc}\n\t]/gu, '')
}
