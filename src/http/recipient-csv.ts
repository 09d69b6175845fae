import type { Recipient } from '../core/letters/letter.ts'
import { csvText } from './csv-file.ts'

/** Recipients as CSV that the import takes back. */
export function recipientsCsv(recipients: readonly Recipient[]): string {
  return csvText([
    ['email', 'name', 'language'],
    ...recipients.map(({ email, name, language }) => [email, name, language]),
  ])
}
