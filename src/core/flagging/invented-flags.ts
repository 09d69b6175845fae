import type { CauseCode } from '../freshness/diagnosis/codes.ts'
import type { Incident } from '../freshness/mass/incident.ts'
import type { Language } from '../letters/letter.ts'
import { DAY, HOUR, type Instant, MINUTE } from '../time.ts'
import type { DigestContent } from './digest.ts'
import { sayWhy } from './explain.ts'
import type { FlagLetter } from './flag-letter.ts'
import type { FlaggedList, FlaggedTerminal } from './flagged.ts'

const NAMES = {
  ru: {
    client: 'Агротранс',
    operator: 'МТС',
    trucks: [
      'КамАЗ А123ВС 77',
      'МАЗ Е045КХ 50',
      'Трактор К-744 № 12',
      'ГАЗель О777ОО 40',
      'Урал Т310МН 71',
      'Комбайн № 3',
      'Урал Н555АА 71',
    ],
  },
  en: {
    client: 'Agrotrans',
    operator: 'MTS',
    trucks: [
      'Truck A123BC',
      'Truck E045KX',
      'Tractor K-744 No. 12',
      'Van O777OO',
      'Truck T310MH',
      'Harvester No. 3',
      'Truck H555AA',
    ],
  },
} as const

/** A letter about silent terminals with everything that it can say, for previews. */
export function inventedFlag(
  kind: FlagLetter['kind'],
  language: Language,
  zone: string,
  now: Instant,
): FlagLetter {
  const scope = { dealer: '', client: NAMES[language].client }
  const contact = ''
  switch (kind) {
    case 'digest':
      return {
        kind,
        zone,
        contact,
        digest: 'preview',
        number: 1,
        content: { scope, ...inventedDigest(language, now) },
      }
    case 'note': {
      const [silent, unstable] = [
        inventedSilent(language, now).slice(0, 2),
        [inventedUnstable(language, now)],
      ]
      return {
        kind,
        zone,
        contact,
        digest: 'preview',
        number: 1,
        content: { scope, silent: listOf(silent), unstable: listOf(unstable) },
      }
    }
    case 'incident': {
      const incident = inventedIncident(language, now - 25 * MINUTE, null)
      return { kind, zone, contact, news: { incident, isWhole: false, stillSilent: 12 } }
    }
    case 'incident-over': {
      const incident = inventedIncident(language, now - 80 * MINUTE, now)
      return { kind, zone, contact, news: { incident, isWhole: false, stillSilent: 2 } }
    }
  }
}

function inventedDigest(language: Language, now: Instant): Omit<DigestContent, 'scope'> {
  const silent = inventedSilent(language, now)
  const back = inventedTerminal(language, 3, now - 5 * HOUR, { backAt: now - 2 * HOUR })
  const brief = inventedTerminal(language, 6, now - 90 * MINUTE, { backAt: now - 40 * MINUTE })
  const never = inventedTerminal(language, 5, now - 2 * DAY, { dataAt: null })
  const open = inventedIncident(language, now - 25 * MINUTE, null)
  const closed = inventedIncident(language, now - 5 * HOUR, now - 4 * HOUR)
  return {
    since: now - 19 * HOUR,
    silent: listOf(silent),
    brief: listOf([brief]),
    back: listOf([back]),
    unstable: listOf([inventedUnstable(language, now)]),
    never: listOf([never]),
    incidents: [
      { incident: open, isWhole: false, stillSilent: 12, isNew: true },
      { incident: closed, isWhole: false, stillSilent: 2, isNew: true },
    ],
    tally: { total: 148, silent: 17, known: 1, knownUntil: Math.ceil(now / HOUR) * HOUR + 5 * DAY },
  }
}

function inventedSilent(language: Language, now: Instant): readonly FlaggedTerminal[] {
  return [
    inventedTerminal(language, 0, now - 80 * MINUTE, { why: whyOf('power-cut', 'Smart 3.0'), noted: true }),
    inventedTerminal(language, 1, now - 3 * HOUR, { why: whyOf('power-cut', 'Profi 2.0') }),
    inventedTerminal(language, 2, now - 4 * HOUR, { why: whyOf('sim', 'Smart 3.0') }),
  ]
}

function inventedUnstable(language: Language, now: Instant): FlaggedTerminal {
  return inventedTerminal(language, 4, now - HOUR, { backAt: now - 20 * MINUTE })
}

function inventedTerminal(
  language: Language,
  index: number,
  since: Instant,
  change: Partial<FlaggedTerminal>,
): FlaggedTerminal {
  const { client, trucks } = NAMES[language]
  return {
    id: String(200_000_101 + index),
    name: trucks[index] ?? '',
    client,
    since,
    dataAt: since - MINUTE,
    backAt: null,
    why: null,
    noted: false,
    ...change,
  }
}

function whyOf(code: CauseCode, model: string): FlaggedTerminal['why'] {
  return sayWhy({ code, confidence: 'high', evidence: [] }, model)
}

function listOf(items: readonly FlaggedTerminal[]): FlaggedList {
  return { items, total: items.length }
}

function inventedIncident(language: Language, onsetAt: Instant, closedAt: Instant | null): Incident {
  const { client, operator } = NAMES[language]
  return {
    id: '0',
    dimension: 'operator',
    group: operator,
    also: [{ dimension: 'client', group: client }],
    openedAt: onsetAt + 6 * MINUTE,
    onsetAt,
    closedAt,
    expected: 12,
    members: 12,
    silent: closedAt === null ? 12 : 2,
    clearSince: closedAt === null ? null : closedAt - 10 * MINUTE,
    timeline: [],
  }
}
