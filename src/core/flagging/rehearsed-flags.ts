import type { Incident, IncidentDimension } from '../freshness/mass/incident.ts'
import { HOUR, type Instant } from '../time.ts'
import type { FlagLetter } from './flag-letter.ts'
import type { FlaggedList } from './flagged.ts'

const NOBODY: FlaggedList = { items: [], total: 0 }
const SCOPE = { dealer: '', client: '' }

/** Letters of every kind with as little in them as possible: no text may be empty then. */
export function rehearsedFlags(
  at: Instant,
): readonly { readonly about: string; readonly letter: FlagLetter }[] {
  const terminal = {
    id: '1',
    name: '',
    client: '',
    since: at - HOUR,
    dataAt: null,
    backAt: null,
    why: null,
    noted: false,
  }
  const one: FlaggedList = { items: [terminal], total: 1 }
  const tally = { total: 1, silent: 1, known: 0, knownUntil: null }
  const digest = {
    scope: SCOPE,
    since: at,
    silent: one,
    brief: NOBODY,
    back: NOBODY,
    unstable: NOBODY,
    never: NOBODY,
  }
  const key = { zone: 'UTC', contact: '', digest: 'digest', number: 1 }
  const note = (silent: FlaggedList, unstable: FlaggedList): FlagLetter => {
    return { ...key, kind: 'note', content: { scope: SCOPE, silent, unstable } }
  }
  const dimensions: readonly IncidentDimension[] = ['operator', 'ingest']
  return [
    { about: 'a digest', letter: { ...key, kind: 'digest', content: { ...digest, incidents: [], tally } } },
    { about: 'a note of silent terminals', letter: note(one, NOBODY) },
    { about: 'a note of an unstable link', letter: note(NOBODY, one) },
    ...dimensions.flatMap((dimension) => {
      const news = { incident: incidentOf(dimension, at), isWhole: true, stillSilent: 0 }
      return [
        {
          about: `a letter of mass silence (${dimension})`,
          letter: { kind: 'incident', zone: 'UTC', contact: '', news } as const,
        },
        {
          about: `a letter of the end of mass silence (${dimension})`,
          letter: { kind: 'incident-over', zone: 'UTC', contact: '', news } as const,
        },
      ]
    }),
  ]
}

function incidentOf(dimension: IncidentDimension, at: Instant): Incident {
  return {
    id: 'i0',
    dimension,
    group: 'group',
    also: [],
    openedAt: at,
    onsetAt: at,
    closedAt: at,
    expected: 0,
    members: 5,
    silent: 5,
    clearSince: null,
    timeline: [],
  }
}
