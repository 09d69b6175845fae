import type { LetterSetting, Occasion } from '../letters/setting.ts'
import type { TemplateValues } from '../letters/template.ts'
import type { DigestContent } from './digest.ts'
import { digestFields } from './digest-fields.ts'
import { incidentFields } from './incident-fields.ts'
import type { IncidentNews } from './incident-news.ts'
import type { NoteContent } from './note.ts'
import { noteFields } from './note-fields.ts'

/**
 * What people are told of silent terminals before anybody opens a ticket. `zone`: that of the times in it. `contact`: whom
 * to ask, such as the dealer of the client (regulation, point 18); empty: the sender.
 */
export type FlagLetter = { readonly zone: string; readonly contact: string } & (
  | {
      readonly kind: 'digest'
      readonly digest: string
      readonly number: number
      readonly content: DigestContent
    }
  | { readonly kind: 'note'; readonly digest: string; readonly number: number; readonly content: NoteContent }
  /** Many terminals fell silent together, and the end of that. */
  | { readonly kind: 'incident' | 'incident-over'; readonly news: IncidentNews }
)

/** Key of the letter in the outbox: subject and sequence are unique per recipient. */
export function flagKey(letter: FlagLetter): { readonly subject: string; readonly sequence: number } {
  switch (letter.kind) {
    case 'digest':
      return { subject: digestSubject(letter.digest, letter.number), sequence: 1 }
    case 'note':
      return { subject: noteSubject(letter.digest, letter.number), sequence: 1 }
    case 'incident':
      return { subject: incidentSubject(letter.news.incident.id), sequence: 1 }
    case 'incident-over':
      return { subject: incidentSubject(letter.news.incident.id), sequence: 2 }
  }
}

function digestSubject(digest: string, number: number): string {
  return `digest-${digest}-${number}`
}

function noteSubject(digest: string, number: number): string {
  return `note-${digest}-${number}`
}

export function incidentSubject(incidentId: string): string {
  return `incident-${incidentId}`
}

/** What a letter with this subject tells of silent terminals; undefined: it is about something else. */
export function flagKindOf(subject: string): 'digest' | 'note' | 'incident' | undefined {
  return (['digest', 'note', 'incident'] as const).find((kind) => subject.startsWith(`${kind}-`))
}

/** Values of subject line and text. */
export function flagFields(
  letter: FlagLetter,
  occasion: Occasion,
  base: LetterSetting,
): { readonly subject: TemplateValues; readonly body: TemplateValues } {
  const contact = letter.contact === '' ? base.contact : letter.contact
  const setting = { ...base, timezone: letter.zone, contact }
  switch (letter.kind) {
    case 'digest':
      return digestFields(letter.content, occasion, setting)
    case 'note':
      return noteFields(letter.content, occasion, setting)
    case 'incident':
    case 'incident-over':
      return incidentFields(letter.news, occasion, setting)
  }
}
