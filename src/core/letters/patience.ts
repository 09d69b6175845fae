import type { Letter } from './letter.ts'

/** How the subjects of letters of kind `operator` begin that are about terminals: digests, notes, incidents. */
export const PATIENT_SUBJECTS = ['digest-', 'note-', 'incident-'] as const

/** Whether a letter may wait: those about an outage of the service go before all that are about terminals. */
export function isPatient({ kind, subject }: Pick<Letter, 'kind' | 'subject'>): boolean {
  return kind === 'operator' && PATIENT_SUBJECTS.some((beginning) => subject.startsWith(beginning))
}
