import { z } from '@hono/zod-openapi'
import type { TerminalView } from '../../core/fleet/view.ts'
import { causeView } from '../../core/freshness/diagnosis/cause-view.ts'
import { CAUSE_CODES } from '../../core/freshness/diagnosis/codes.ts'
import { STATES, type Transition } from '../../core/freshness/state.ts'
import { thresholdTexts } from '../../core/freshness/threshold-settings.ts'
import type { Language } from '../../core/letters/letter.ts'
import { FirmwareJson, firmwareJson } from './firmware.ts'
import { IncidentLinkJson } from './incident.ts'
import { InstantJson, iso } from './instant.ts'

const CauseJson = z.object({
  code: z.enum(CAUSE_CODES),
  text: z.string(),
  confidence: z.enum(['high', 'medium', 'low']),
  evidence: z.array(z.string()),
  nextStep: z.string(),
})

const LearntJson = z.object({
  seconds: z.number().nullable().openapi({ description: 'Null: the gaps are too few yet' }),
  gaps: z.number().int().openapi({ description: 'Gaps that are remembered' }),
})

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
    ownThresholds: z
      .record(z.string(), z.union([z.string(), z.boolean()]))
      .optional()
      .openapi({ description: 'Thresholds that people gave it, as the configuration writes them' }),
    learnt: z
      .object({ moving: LearntJson.optional(), parked: LearntJson.optional() })
      .optional()
      .openapi({ description: 'Of a terminal that learns: what its own gaps have taught so far' }),
    acknowledged: z
      .object({ until: InstantJson, reason: z.string(), by: z.string() })
      .optional()
      .openapi({ description: 'Its silence is known: until then nobody is told of it' }),
    parked: z.boolean(),
    source: z.string().nullable(),
    discovered: z.boolean(),
    unstable: z.boolean(),
    clockBehind: z.boolean(),
    lagSeconds: z.number().optional(),
    caughtUpAt: InstantJson.optional(),
    expectedAt: InstantJson.optional(),
    cause: CauseJson.optional().openapi({ description: 'Why it is probably not fresh' }),
    incident: IncidentLinkJson.optional().openapi({ description: 'An open one that explains its silence' }),
    firmware: FirmwareJson.optional().openapi({ description: 'Absent: no version is known' }),
    readings: z.record(
      z.string(),
      z.object({ value: z.union([z.number(), z.boolean(), z.string()]), at: InstantJson }),
    ),
  })
  .openapi('Terminal')

/** A terminal as the contract writes it, its texts in the given language. */
export function terminalJson(view: TerminalView, language: Language): z.infer<typeof TerminalJson> {
  const { asOf, caughtUpAt, expectedAt, threshold, cause, model, readings, ...more } = view
  const { ownThresholds, acknowledged, firmware, ...rest } = more
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
    ...(ownThresholds === undefined ? {} : { ownThresholds: { ...thresholdTexts(ownThresholds) } }),
    ...(acknowledged === undefined
      ? {}
      : { acknowledged: { ...acknowledged, until: iso(acknowledged.until) } }),
    ...(caughtUpAt === undefined ? {} : { caughtUpAt: iso(caughtUpAt) }),
    ...(expectedAt === undefined ? {} : { expectedAt: iso(expectedAt) }),
    ...(firmware === undefined ? {} : { firmware: firmwareJson(firmware) }),
    ...(cause === undefined ? {} : { cause: causeJson(cause, language, { model }) }),
    readings: Object.fromEntries(
      Object.entries(readings).map(([name, { value, at }]) => [name, { value, at: iso(at) }]),
    ),
  }
}

function causeJson(...cause: Parameters<typeof causeView>): z.infer<typeof CauseJson> {
  const { evidence, ...view } = causeView(...cause)
  return { ...view, evidence: [...evidence] }
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
    cause: z.enum(CAUSE_CODES).optional().openapi({ description: 'Why it was probably silent' }),
    incident: z.string().optional().openapi({ description: 'The incident that explains it' }),
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
    ...(transition.cause === undefined ? {} : { cause: transition.cause }),
    ...(transition.incident === undefined ? {} : { incident: transition.incident }),
  }
}
