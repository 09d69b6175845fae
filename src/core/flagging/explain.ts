import type { Fleet } from '../fleet/fleet.ts'
import { causeView } from '../freshness/diagnosis/cause-view.ts'
import { diagnose } from '../freshness/diagnosis/diagnose.ts'
import type { Language } from '../letters/letter.ts'
import type { Explain, Why } from './flagged.ts'

/** Explains silences by the diagnosis of the terminal as it is now: likely cause and next step. */
export function explainSilence(fleet: Fleet): Explain {
  return (row, now) => {
    const finding = diagnose(fleet, row, now)
    const terminal = fleet.inventory[row]
    if (finding === null || terminal === undefined) return null
    const say = (language: Language): Why[Language] => {
      const { text, nextStep } = causeView(finding, language, terminal)
      return { cause: text, nextStep }
    }
    return { ru: say('ru'), en: say('en') }
  }
}
