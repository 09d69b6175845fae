import type { Fields, Log } from '../../ports.ts'
import type { Finding } from './broker-terms.ts'
import type { LinkEnd } from './link-end.ts'
import type { LinkPlan } from './options.ts'
import { type Retry, STABLE_MS } from './retry.ts'

export type SourceLog = {
  connected(fields: Fields): void
  ended(end: LinkEnd, next: Retry): void
  findings(findings: readonly Finding[]): void
}

/**
 * The lines of one source. A trouble that repeats itself at every attempt is one line until a connection was
 * stable; what the broker does not grant is said once per run.
 */
export function createSourceLog(log: Log, plan: LinkPlan): SourceLog {
  const about: Fields = { source: plan.id, url: plan.endpoint.label, clientId: plan.clientId }
  const said = new Set<string>()
  let lastTrouble = ''

  return {
    connected(fields) {
      log.info('MQTT source connected', { ...about, ...fields })
    },
    ended(end, next) {
      if (end.kind === 'lost' && end.upMs >= STABLE_MS) lastTrouble = ''
      for (const event of next.events) {
        switch (event.kind) {
          case 'takeover-loop':
            log.error(
              'The MQTT broker keeps ending our session, as it does when another client has the same client id: look for a second process with this source, and give each its own clientId',
              about,
            )
            break
          case 'version-changed':
            log.info('The MQTT broker does not take this protocol version, trying another', {
              ...about,
              protocolVersion: event.to === 5 ? '5' : '3.1.1',
            })
            break
        }
      }
      const trouble = describe(end)
      const level = trouble.message + end.detail === lastTrouble ? 'debug' : trouble.level
      lastTrouble = trouble.message + end.detail
      log[level](trouble.message, { ...about, reason: end.detail, retryInMs: next.delayMs })
    },
    findings(findings) {
      for (const { level, message, fields } of findings) {
        if (said.has(message)) continue
        said.add(message)
        log[level](message, { ...about, ...fields })
      }
    },
  }
}

function describe(end: LinkEnd): { readonly level: 'debug' | 'warn' | 'error'; readonly message: string } {
  switch (end.kind) {
    case 'unreachable':
      return { level: 'warn', message: 'The MQTT broker cannot be reached' }
    case 'silent':
      return { level: 'warn', message: 'The MQTT broker closes the connection without an answer' }
    case 'lost':
      return { level: 'warn', message: 'The MQTT connection was lost' }
    case 'refused':
      return refusal(end.cause)
  }
}

function refusal(cause: 'version' | 'credentials' | 'other'): ReturnType<typeof describe> {
  switch (cause) {
    case 'version':
      return { level: 'debug', message: 'The MQTT broker refuses the protocol version' }
    case 'credentials':
      return {
        level: 'error',
        message:
          'The MQTT broker refuses our credentials: set username and password of this source, or allow this client at the broker',
      }
    case 'other':
      return { level: 'error', message: 'The MQTT broker refuses the connection' }
  }
}
