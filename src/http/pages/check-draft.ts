import { messageIdOf, textHash } from '../../core/letters/letter-id.ts'
import type { Instant } from '../../core/time.ts'
import type { AppOptions } from '../deps.ts'
import { type Form, formText } from './form.ts'

/** The name of a draft that begins at an instant; its form carries it, so that all its letters are one letter. */
export function newDraft(now: Instant): string {
  return now.toString(36)
}

/** The draft that a form is about; one that names none, or nothing that we have given out, begins a new one. */
export function draftOf(form: Form, now: Instant): string {
  const draft = formText(form, 'draft')
  return /^[\da-z]{1,12}$/.test(draft) ? draft : newDraft(now)
}

/** Who writes about which problem of which terminal. */
type Author = { readonly name: string; readonly terminal: string; readonly problem: string }

/** Message-ID of the letter of a draft, the same however often it is downloaded, and when it is kept as a request. */
export function draftMessageId(
  draft: string,
  { name, terminal, problem }: Author,
  { publicUrl }: Pick<AppOptions, 'publicUrl'>,
): string {
  const domain = URL.canParse(publicUrl) ? new URL(publicUrl).hostname : 'omnicomm-watch.localhost'
  return messageIdOf(`check.${draft}.${textHash(`${terminal} ${problem} ${name}`)}`, domain)
}
