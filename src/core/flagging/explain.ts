import type { Fleet } from '../fleet/fleet.ts'
import { causeView, stepView } from '../freshness/diagnosis/cause-view.ts'
import { diagnose } from '../freshness/diagnosis/diagnose.ts'
import type { Finding } from '../freshness/diagnosis/finding.ts'
import type { Language } from '../letters/letter.ts'
import type { Explain, Why } from './flagged.ts'

/** Explains silences by the diagnosis of the terminal as it is now: likely cause and next step. */
export function explainSilence(fleet: Fleet): Explain {
  return (row, now) => {
    const finding = diagnose(fleet, row, now)
    const terminal = fleet.inventory.at(row)
    return finding === null || terminal === undefined ? null : sayWhy(finding, terminal.model)
  }
}

/** A finding in the words of the letters, for a terminal of that model. */
export function sayWhy(finding: Finding, model: string): Why {
  const say = (language: Language): Why[Language] => ({
    cause: causeView(finding, language, { model }).text,
    ...stepView(finding, language, { model }),
  })
  return { model, ru: say('ru'), en: say('en') }
}
