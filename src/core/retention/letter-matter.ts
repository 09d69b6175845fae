/** How the subjects of letters begin that are about an outage or an incident and do not have its id alone as theirs. */
const BEGINNINGS = ['warning-', 'alarm-', 'intermittent-', 'reminder-', 'incident-'] as const

/**
 * Id of the outage, the incident or the planned work that letters with this subject are about; the subject itself when
 * they are about none of them. While that goes on the letters say who has been told: without them all would be told anew.
 */
export function matterOf(subject: string): string {
  const beginning = BEGINNINGS.find((each) => subject.startsWith(each))
  return beginning === undefined ? subject : subject.slice(beginning.length)
}
