import type { FieldsOf } from '../letters/fields.ts'
import { commonFields, type LetterSetting, linkTo, type Occasion } from '../letters/setting.ts'
import type { FlaggedTerminal } from './flagged.ts'
import { flaggedLines, sayingSilent, sayingUnstable } from './flagged-lines.ts'
import type { NoteContent } from './note.ts'
import { stepLines } from './step-lines.ts'
import { scopeWords, terminalsWords } from './words.ts'

/** Values of subject line and text of an immediate note. */
export function noteFields(
  { scope, silent, unstable }: NoteContent,
  occasion: Occasion,
  setting: LetterSetting,
): { readonly subject: FieldsOf<'note-subject'>; readonly body: FieldsOf<'note'> } {
  const { language } = occasion.recipient
  const counted = (total: number): string => (total === 0 ? '' : terminalsWords(total, language))
  const counts = {
    scope: scopeWords(scope, language),
    silentCount: counted(silent.total),
    unstableCount: counted(unstable.total),
  }
  return {
    subject: silent.total > 0 ? { ...counts, unstableCount: '' } : counts,
    body: {
      ...commonFields(occasion, setting),
      ...counts,
      silent: flaggedLines(silent, sayingSilent, occasion, setting),
      steps: stepLines(silent, language),
      unstable: flaggedLines(unstable, sayingUnstable, occasion, setting),
      link: linkTo(pageOf([...silent.items, ...unstable.items]), setting),
    },
  }
}

/** A note about one terminal leads to its page. */
function pageOf(terminals: readonly FlaggedTerminal[]): string {
  const ids = new Set(terminals.map(({ id }) => id))
  const [only] = ids
  return ids.size === 1 && only !== undefined ? `/terminals/${encodeURIComponent(only)}` : '/'
}
