import type { IConnackPacket } from 'mqtt'
import type { Fields } from '../../ports.ts'
import type { LinkPlan } from './options.ts'

/** Something about the broker or the subscription that a person should know. */
export type Finding = {
  readonly level: 'warn' | 'error'
  readonly message: string
  readonly fields: Fields
}

/** What the broker's CONNACK (MQTT 5) takes away from what we asked for. */
export function checkTerms(plan: LinkPlan, terms: IConnackPacket['properties']): readonly Finding[] {
  if (!terms) return []
  const findings: Finding[] = []
  const { sessionExpiryInterval: granted, maximumQoS } = terms
  if (granted !== undefined && granted < plan.sessionExpirySeconds) {
    findings.push({
      level: 'warn',
      message:
        'The broker keeps our session for a shorter time than asked: longer interruptions lose messages',
      fields: { askedSeconds: plan.sessionExpirySeconds, grantedSeconds: granted },
    })
  }
  if (maximumQoS !== undefined && maximumQoS < plan.qos) {
    findings.push({
      level: 'warn',
      message: 'The broker has no such QoS: what is sent while we are away is lost',
      fields: { asked: plan.qos, maximum: maximumQoS },
    })
  }
  if (plan.shared && terms.sharedSubscriptionAvailable === false) {
    findings.push({
      level: 'error',
      message:
        'The broker has no shared subscriptions: remove sharedGroup from this source or change the broker',
      fields: {},
    })
  }
  if (terms.wildcardSubscriptionAvailable === false && plan.filters.some((filter) => /[+#]/.test(filter))) {
    findings.push({
      level: 'error',
      message: 'The broker has no wildcard subscriptions: name every topic of this source in full',
      fields: {},
    })
  }
  return findings
}

/** `refused`: at least one filter is not subscribed. `qos` is the lowest granted, null when none was. */
export type Grants = {
  readonly refused: boolean
  readonly qos: number | null
  readonly findings: readonly Finding[]
}

/** Compares the codes of a SUBACK with what was asked; a missing code is a refusal. */
export function checkGrants(plan: LinkPlan, codes: readonly number[]): Grants {
  const granted = plan.filters.map((filter, index) => ({ filter, code: codes[index] ?? 0x80 }))
  const refused = granted.filter(({ code }) => code >= 0x80)
  const lower = granted.filter(({ code }) => code < plan.qos)
  const taken = granted.filter(({ code }) => code < 0x80)
  const findings: Finding[] = []
  if (refused.length > 0) {
    findings.push({
      level: 'error',
      message:
        'The broker refuses a subscription: give the user the right to read these topics, or change topics',
      fields: { refused: refused.map(({ filter, code }) => `${filter} (0x${code.toString(16)})`) },
    })
  }
  if (lower.length > 0) {
    findings.push({
      level: 'warn',
      message: 'The broker grants a lower QoS than asked: what is sent while we are away is lost',
      fields: { asked: plan.qos, topics: lower.map(({ filter }) => filter) },
    })
  }
  const qos = taken.length === 0 ? null : Math.min(...taken.map(({ code }) => code))
  return { refused: refused.length > 0, qos, findings }
}
