import type { Session, SessionStep } from '../../../src/core/telemetry/session.ts'

const LONGEST_LINE = 64 * 1024

/**
 * A protocol of lines, one session of which has every step there is. `I id`: identity. `O id`: an observation.
 * `C number`: a counter. `P text`: replied in order. `S text`: replied once stored. `U text`: replied at once.
 * `B bytes`: a long reply. `X end`: close. `!`: a bug. Anything else is rejected.
 */
export function createLineSession(): Session {
  let rest = ''
  let name = 'nobody'

  function stepOf(line: string, receivedAt: number): SessionStep | null {
    const [word = '', text = ''] = line.split(' ')
    switch (word) {
      case 'I':
        name = text
        return { kind: 'identified', terminalId: text }
      case 'O':
        return {
          kind: 'observed',
          observation: { terminalId: text, source: 'gate', receivedAt, kind: 'presence' },
        }
      case 'C':
        return { kind: 'counter', counter: { terminalId: name, recordId: Number(text), firmware: null } }
      case 'P':
        return { kind: 'reply', bytes: Buffer.from(`${text}\n`) }
      case 'S':
        return { kind: 'reply', bytes: Buffer.from(`${text}\n`), durable: true }
      case 'U':
        return { kind: 'reply', bytes: Buffer.from(`${text}\n`), urgent: true }
      case 'B':
        return { kind: 'reply', bytes: Buffer.alloc(Number(text), 'b') }
      case 'X':
        return {
          kind: 'close',
          end: text === 'garbage' || text === 'no-identity' ? text : 'bad-checksum',
          detail: 'asked for',
        }
      case '!':
        throw new Error('planted')
      case '':
        return null
      default:
        return { kind: 'rejected', reason: 'unknown-shape', detail: line.slice(0, 20) }
    }
  }

  return {
    receive(bytes, receivedAt) {
      const lines = (rest + Buffer.from(bytes).toString()).split('\n')
      rest = (lines.pop() ?? '').slice(0, LONGEST_LINE)
      const steps: SessionStep[] = []
      for (const line of lines) {
        const step = stepOf(line, receivedAt)
        if (step !== null) steps.push(step)
        if (step?.kind === 'close') break
      }
      return steps
    },
  }
}
