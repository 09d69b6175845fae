import type { Delivery } from '../../ports.ts'
import type { Session, Stage } from './session.ts'

const MAX_REPLY = 500

/** What nodemailer's error and the session's log together say about an attempt. */
export function readFailure(error: unknown, session: Pick<Session, 'stage' | 'bodyHandedOver'>): Delivery {
  const { response, responseCode, command } = fieldsOf(error)
  // Anything but 4xx and 5xx is no refusal but a server that lost its way: nobody knows what it did.
  if (response === undefined || responseCode === undefined || responseCode < 400 || responseCode > 599) {
    return { kind: 'broken', bodyHandedOver: session.bodyHandedOver(), reason: oneLine(reasonOf(error)) }
  }
  const enhanced = enhancedCode(response)
  return {
    kind: 'refused',
    stage: stageOf(command, session),
    code: responseCode,
    ...(enhanced !== undefined && { enhanced }),
    reply: oneLine(response),
  }
}

/** A reply as it is stored and shown: one line, bounded, without controls. */
export function oneLine(text: string): string {
  const line = text.replace(/[\s\p{Cc}]+/gu, ' ').trim()
  return line.length > MAX_REPLY ? `${line.slice(0, MAX_REPLY - 1)}…` : line
}

/** With PIPELINING the last command says nothing about the reply; nodemailer's own word goes first. */
function stageOf(command: string | undefined, session: Pick<Session, 'stage' | 'bodyHandedOver'>): Stage {
  if (session.bodyHandedOver()) return 'body'
  if (command === 'MAIL FROM') return 'mail'
  if (command === 'RCPT TO') return 'rcpt'
  if (command === 'STARTTLS') return 'tls'
  if (command?.startsWith('AUTH')) return 'auth'
  if (command === 'EHLO' || command === 'HELO') return 'greeting'
  return session.stage()
}

/** RFC 2034: the enhanced code follows the reply code and begins with the same digit. */
function enhancedCode(response: string): string | undefined {
  return /^(\d)\d\d[ -](\1\.\d{1,3}\.\d{1,3})(?=\s|$)/m.exec(response)?.[2]
}

function fieldsOf(error: unknown): {
  readonly response?: string
  readonly responseCode?: number
  readonly command?: string
} {
  if (typeof error !== 'object' || error === null) return {}
  const response = 'response' in error ? error.response : undefined
  const responseCode = 'responseCode' in error ? error.responseCode : undefined
  const command = 'command' in error ? error.command : undefined
  return {
    ...(typeof response === 'string' && { response }),
    ...(typeof responseCode === 'number' && { responseCode }),
    ...(typeof command === 'string' && { command }),
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const code = 'code' in error && typeof error.code === 'string' ? ` (${error.code})` : ''
  return `${error.message}${code}`
}
