/**
 * How a model takes SMS commands: `documented` as in reference/omnicomm-domain.md 4 (Smart 3.0), `similar` probably so,
 * `obd` in another syntax with a password that we do not have, `unknown` without a model in the inventory.
 */
export type SmsSyntax = 'documented' | 'similar' | 'obd' | 'unknown'

/** Line of Omnicomm Configurator for a model (regulation, point 4); `both`: not told by its name. */
export type Configurator = '5' | '6' | 'both'

export function smsSyntax(model: string): SmsSyntax {
  if (model.trim() === '') return 'unknown'
  if (/obd/i.test(model)) return 'obd'
  return /smart/i.test(model) ? 'documented' : 'similar'
}

const FIRST_SERIES = /(?<![\d.])1\.[\dx]|\b(first series|series 1)\b|перв(ой|ая) сери|1-(й|я|ой) сери/i
const NEWER = /(?<![\d.])[23]\.[\dx]|smart|obd|\boko\b|(?<!\p{L})око(?!\p{L})|\basn\b/iu

/** First-series terminals are set up with 5, all newer ones with 6 (reference/omnicomm-domain.md 5.4). */
export function configurator(model: string): Configurator {
  if (FIRST_SERIES.test(model)) return '5'
  return NEWER.test(model) ? '6' : 'both'
}
