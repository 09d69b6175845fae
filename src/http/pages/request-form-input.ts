import type { z } from 'zod'
import { LONGEST_SUBJECT, LONGEST_TEXT, MOST_TERMINALS } from '../../core/request/support-request.ts'
import { MAX_PROBLEM, RequestInput } from '../request-input.ts'
import { type Form, formText, isTicked } from './form.ts'
import type { Tried } from './terminal-field.ts'
import type { Texts } from './texts.ts'

const FIELDS = ['terminals', 'problem', 'subject', 'text', 'version', 'draft'] as const

/** What was typed into the form of a new request; ids one a line. */
export type RequestTyped = Readonly<Record<(typeof FIELDS)[number], string>>

type Read =
  | { readonly wish: z.infer<typeof RequestInput>; readonly typed: RequestTyped }
  | { readonly faults: Tried['faults']; readonly typed: RequestTyped }

/** Characters that a form sends for a text: browsers end lines by two. */
const LONGEST_FIELD = 2 * LONGEST_TEXT

/** Reads the form of a new request; `anyway` is the button of the second step. */
export function readNewRequest(form: Form, words: Texts['requests']): Read {
  const typed = typedOf((name) => formText(form, name, LONGEST_FIELD))
  const checked = RequestInput.safeParse({
    terminals: typed.terminals
      .split(/[\n,;]/)
      .map((id) => id.trim())
      .filter((id) => id !== ''),
    problem: typed.problem,
    template: { version: Number(typed.version), draft: typed.draft !== 'no' },
    subject: typed.subject,
    text: typed.text,
    anyway: isTicked(form, 'anyway'),
  })
  if (checked.success) return { wish: checked.data, typed }
  const texts: Tried['faults'] = {
    terminals: words.manyTerminals(MOST_TERMINALS),
    problem: words.wrongLine(MAX_PROBLEM),
    subject: words.wrongLine(LONGEST_SUBJECT),
    text: words.wrongText(LONGEST_TEXT),
  }
  const names = new Set(checked.error.issues.map(({ path }) => String(path[0])))
  return { typed, faults: Object.fromEntries([...names].map((name) => [name, texts[name] ?? ''])) }
}

/** The form as an address fills it in; what is not given is empty, and written by hand. */
export function typedOf(value: (name: string) => string): RequestTyped {
  const typed = Object.fromEntries(FIELDS.map((name) => [name, value(name)])) as Record<
    (typeof FIELDS)[number],
    string
  >
  const version = /^\d{1,6}$/.test(typed.version) ? typed.version : '0'
  return { ...typed, version, draft: typed.draft === 'no' ? 'no' : 'yes' }
}
