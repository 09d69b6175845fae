import type { CauseCode } from '../freshness/diagnosis/codes.ts'
import { configurator, smsSyntax } from '../freshness/diagnosis/model.ts'
import type { Language } from '../letters/letter.ts'
import { en } from './visit-texts-en.ts'
import { ru } from './visit-texts-ru.ts'
import {
  VISIT_AREAS,
  VISIT_COMMANDS,
  type VisitArea,
  type VisitCommand,
  type VisitTexts,
} from './visit-words.ts'

/** What a technician takes along to a vehicle and checks there, in this order (regulation, point 4). */
export type VisitSheet = {
  readonly bring: readonly string[]
  readonly checks: readonly string[]
  /** Empty: the model takes commands of another syntax. */
  readonly commands: readonly { readonly command: VisitCommand; readonly purpose: string }[]
  /** What is to be known of the commands; empty: nothing. */
  readonly commandNote: string
}

const TEXTS: Readonly<Record<Language, VisitTexts>> = { ru, en }

/** The sheet of a visit; what the likely cause is about comes first. */
export function visitSheet(
  { cause, model }: { readonly cause: CauseCode | undefined; readonly model: string },
  language: Language,
): VisitSheet {
  const texts = TEXTS[language]
  const first = cause === undefined ? undefined : AREA[cause]
  const syntax = smsSyntax(model)
  const areas = [...VISIT_AREAS].sort((a, b) => rank(a, first) - rank(b, first))
  return {
    bring: [
      ...texts.always,
      texts.configurator[configurator(model)],
      ...(first === undefined ? Object.values(texts.forArea) : [texts.forArea[first]]),
    ],
    checks: areas
      .flatMap((area) => texts.checks[area])
      .map((check) => (syntax === 'obd' ? plain(check) : check)),
    commands:
      syntax === 'obd'
        ? []
        : VISIT_COMMANDS.map((command) => ({ command, purpose: texts.commands[command] })),
    commandNote: texts.syntax[syntax],
  }
}

/** Without the command that tells it: the model has others. */
function plain(check: string): string {
  return check.replace(/ \(\*[A-Z]+#\)/, '')
}

function rank(area: VisitArea, first: VisitArea | undefined): number {
  if (area === 'before') return -2
  return area === first ? -1 : VISIT_AREAS.indexOf(area)
}

/** Where to begin for a cause; absent: nothing tells. */
const AREA: Readonly<Partial<Record<CauseCode, Exclude<VisitArea, 'before' | 'after'>>>> = {
  'power-cut': 'power',
  'vehicle-battery': 'power',
  'tracker-battery': 'power',
  'reboot-loop': 'power',
  coverage: 'link',
  sim: 'link',
  'server-address': 'link',
  'link-without-data': 'link',
  firmware: 'firmware',
  'archive-only': 'firmware',
  antenna: 'position',
  'stuck-fix': 'position',
  jamming: 'position',
  clock: 'position',
}
