import { z } from '@hono/zod-openapi'
import { commonCauseWords, groupWords } from '../../core/flagging/words.ts'
import type { MemberView } from '../../core/fleet/incident-members.ts'
import type { Incident } from '../../core/freshness/mass/incident.ts'
import { STATES } from '../../core/freshness/state.ts'
import type { Language } from '../../core/letters/letter.ts'
import { InstantJson, iso } from './instant.ts'
import { listOf } from './list.ts'

const GroupJson = z.object({
  dimension: z
    .enum(['source', 'operator', 'region', 'client', 'dealer', 'model', 'firmware', 'ingest'])
    .openapi({
      description:
        'What the terminals have in common; ingest: the fault is ours or that of the watched service',
    }),
  group: z.string().openapi({ description: 'Empty: its name is that of somebody else' }),
})

/** An incident that a terminal is part of, in an answer. */
export const IncidentLinkJson = GroupJson.extend({ id: z.string() })

/** Mass silence in an answer. */
export const IncidentJson = IncidentLinkJson.extend({
  state: z.enum(['open', 'closed']),
  title: z.string().openapi({ description: 'What the terminals have in common, in words' }),
  also: z.array(GroupJson).openapi({ description: 'Groups that share over 90 % of the silent terminals' }),
  openedAt: InstantJson,
  onsetAt: InstantJson.openapi({ description: 'The earliest last contact of a member' }),
  closedAt: InstantJson.nullable(),
  expected: z.number().int().openapi({ description: 'Terminals that were expected to talk when it opened' }),
  members: z.number().int().openapi({ description: 'Terminals that were silent in it at any time' }),
  silent: z.number().int().openapi({ description: 'Those of them that are silent now' }),
  suspected: z.string().openapi({ description: 'What probably is behind it, in words' }),
  timeline: z.array(
    z.object({
      at: InstantJson,
      kind: z.enum(['opened', 'grew', 'shrank', 'closed']),
      silent: z.number().int(),
    }),
  ),
}).openapi('Incident')

const MemberJson = z
  .object({
    id: z.string(),
    name: z.string(),
    client: z.string(),
    state: z.enum(STATES),
    stateSince: InstantJson,
    contactAt: InstantJson.nullable(),
  })
  .openapi('IncidentMember')

/** An incident with a page of its members. */
export const IncidentDetailJson = IncidentJson.extend({ terminals: listOf(MemberJson) }).openapi(
  'IncidentDetail',
)

/** An incident as JSON, its texts in the given language. */
export function incidentJson(incident: Incident, language: Language): z.infer<typeof IncidentJson> {
  const { id, dimension, group, also, expected, members, silent } = incident
  return {
    id,
    dimension,
    group,
    state: incident.closedAt === null ? 'open' : 'closed',
    title: groupWords(incident, language),
    also: also.map((each) => ({ dimension: each.dimension, group: each.group })),
    openedAt: iso(incident.openedAt),
    onsetAt: iso(incident.onsetAt),
    closedAt: iso(incident.closedAt),
    expected,
    members,
    silent,
    suspected: commonCauseWords(incident, language),
    timeline: incident.timeline.map((event) => ({ ...event, at: iso(event.at) })),
  }
}

/** A member of an incident as JSON. */
export function memberJson(member: MemberView): z.infer<typeof MemberJson> {
  return { ...member, stateSince: iso(member.stateSince), contactAt: iso(member.contactAt) }
}
