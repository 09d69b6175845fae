import { z } from '@hono/zod-openapi'
import type { TerminalView } from '../../core/fleet/view.ts'
import { STATES, type Transition } from '../../core/freshness/state.ts'
import { InstantJson, iso } from './instant.ts'

/** A terminal in an answer. */
export const TerminalJson = z
  .object({
    id: z.string(),
    name: z.string(),
    client: z.string(),
    dealer: z.string(),
    group: z.string(),
    state: z.enum(STATES),
    stateSince: InstantJson,
    asOf: InstantJson.optional().openapi({
      description: 'While its source is blind: when the state was true',
    }),
    contactAt: InstantJson.nullable(),
    dataAt: InstantJson.nullable(),
    liveAt: InstantJson.nullable(),
    fixAt: InstantJson.nullable(),
    linkAt: InstantJson.nullable(),
    dataAgeSeconds: z.number().nullable(),
    threshold: z.object({
      seconds: z.number().nullable().openapi({ description: 'Null: it is not judged' }),
      from: z.enum(['terminal', 'group', 'profile', 'learnt', 'default']),
    }),
    parked: z.boolean(),
    source: z.string().nullable(),
    discovered: z.boolean(),
    unstable: z.boolean(),
    clockBehind: z.boolean(),
    lagSeconds: z.number().optional(),
    caughtUpAt: InstantJson.optional(),
    expectedAt: InstantJson.optional(),
    readings: z.record(
      z.string(),
      z.object({ value: z.union([z.number(), z.boolean(), z.string()]), at: InstantJson }),
    ),
  })
  .openapi('Terminal')

/** A terminal as the contract writes it. */
export function terminalJson(view: TerminalView): z.infer<typeof TerminalJson> {
  const { asOf, caughtUpAt, expectedAt, threshold, readings, ...rest } = view
  return {
    ...rest,
    stateSince: iso(view.stateSince),
    ...(asOf === undefined ? {} : { asOf: iso(asOf) }),
    contactAt: iso(view.contactAt),
    dataAt: iso(view.dataAt),
    liveAt: iso(view.liveAt),
    fixAt: iso(view.fixAt),
    linkAt: iso(view.linkAt),
    threshold: { ...threshold },
    ...(caughtUpAt === undefined ? {} : { caughtUpAt: iso(caughtUpAt) }),
    ...(expectedAt === undefined ? {} : { expectedAt: iso(expectedAt) }),
    readings: Object.fromEntries(
      Object.entries(readings).map(([name, { value, at }]) => [name, { value, at: iso(at) }]),
    ),
  }
}

/** A change of state in an answer. */
export const TransitionJson = z
  .object({
    at: InstantJson,
    from: z.enum(STATES).nullable(),
    to: z.enum(STATES),
    contactAt: InstantJson.nullable(),
    source: z.string(),
    note: z.string().optional(),
  })
  .openapi('Transition')

/** A change of state as JSON; the terminal stands in the address. */
export function transitionJson(transition: Transition): z.infer<typeof TransitionJson> {
  return {
    at: iso(transition.at),
    from: transition.from,
    to: transition.to,
    contactAt: iso(transition.contactAt),
    source: transition.source,
    ...(transition.note === undefined ? {} : { note: transition.note }),
  }
}
