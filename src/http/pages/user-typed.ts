import { MEBIBYTE } from '../body.ts'
import { type Form, formText, formTexts } from './form.ts'

type Typed = {
  readonly name: string
  readonly role: string
  readonly clients: readonly string[]
  readonly groups: readonly string[]
  readonly language: 'ru' | 'en' | null
}

/** The form of a user as it was sent: ticked names, and those that were written down one per line. */
export function typedUser(form: Form): Typed {
  const language = formText(form, 'language')
  return {
    name: formText(form, 'name'),
    role: formText(form, 'role'),
    clients: namesOf(form, 'clients'),
    groups: namesOf(form, 'groups'),
    language: language === 'ru' || language === 'en' ? language : null,
  }
}

/** What was written down may be all of the form: to leave out what is too long would take terminals from a dealer. */
function namesOf(form: Form, kind: 'clients' | 'groups'): string[] {
  const written = formText(form, `${kind}-more`, MEBIBYTE).split(/\r?\n/)
  return [...formTexts(form, kind), ...written.map((line) => line.trim()).filter((line) => line !== '')]
}
