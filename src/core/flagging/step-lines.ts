import type { Language } from '../letters/letter.ts'
import type { FlaggedList, Why } from './flagged.ts'

/** What to do, once for each likely cause: a hundred terminals do not need it a hundred times. */
export function stepLines({ items }: FlaggedList, language: Language): readonly string[] {
  const known = items.flatMap(({ why }) => (why === null || why[language].step === '' ? [] : [why]))
  const byCause = Map.groupBy(known, (why) => why[language].cause)
  return [...byCause].map(
    ([cause, whys]) => `• ${[cause, stepOf(whys, language), ...toolsOf(whys, language)].join(' ')}`,
  )
}

/** Of one cause it differs only in the SMS commands, which some models do not have. */
function stepOf(whys: readonly Why[], language: Language): string {
  return whys
    .map((why) => why[language].step)
    .reduce((longest, step) => (step.length > longest.length ? step : longest), '')
}

/** What is said of the tools; of which models, where not of all. What is said of no model tells so itself. */
function toolsOf(whys: readonly Why[], language: Language): readonly string[] {
  const said = new Set(whys.flatMap((why) => why[language].tools))
  return [...said].map((tool) => {
    const theirs = whys.filter((why) => why[language].tools.includes(tool))
    const models = theirs.length === whys.length ? '' : modelsOf(theirs)
    return models === '' ? tool : `${models}: ${tool}`
  })
}

/** So many models are named for one reason. */
const MOST_MODELS = 5

function modelsOf(whys: readonly Why[]): string {
  const models = [...new Set(whys.map(({ model }) => model.trim()))].filter((model) => model !== '')
  const more = models.length > MOST_MODELS ? ' …' : ''
  return `${models.slice(0, MOST_MODELS).join(', ')}${more}`
}
