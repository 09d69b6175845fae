import { DAY, HOUR, type Instant, MINUTE, SECOND, toIso, zoneOffsetMs } from '../../core/time.ts'
import type { Clock, Log } from '../../ports.ts'
import type { CaughtLetter } from './mail-catcher.ts'

export type DutyOperatorOptions = {
  /** Address of the service, without a slash at the end. */
  readonly baseUrl: string
  readonly token: string
  /** Where he gets his letters. */
  readonly address: string
  /** In which he names times (IANA). */
  readonly zone: string
  /** Told what he does, as the end of a sentence about him. */
  readonly say: (line: string) => void
}

export type DutyOperator = {
  /** Somebody got a letter; his own he reads. */
  read(letter: CaughtLetter): void
  stop(): Promise<void>
}

/** Enough to read the warning and to enter a time before the letter is due. */
const READS_FOR = 4 * SECOND
const LOOKS_EVERY = SECOND
/** After the first letters left, so that there is something to follow them up with. */
const WRITES_FOR = 7 * SECOND
const RESTS_FOR = 8 * SECOND
const REQUEST_LIMIT_MS = 5 * SECOND

// Recipients of both languages read what he writes.
const NOTE = 'Серверы перезапускаются / servers are being restarted'
const MESSAGE = 'Данные терминалов не потеряны. / No data of the terminals is lost.'
const WORK = 'Замена дисков / new disks'

/**
 * A simulated operator on duty, who acts through the API as any user could. A warning with a link to an outage makes
 * him say when it will be over; after the first letters he tells the recipients something; when it is over he
 * announces planned work, once.
 */
export function startDutyOperator(
  { clock, log }: { readonly clock: Clock; readonly log: Log },
  { baseUrl, token, address, zone, say }: DutyOperatorOptions,
): DutyOperator {
  const stopping = new AbortController()
  const underWay = new Map<string, Promise<void>>()
  let hasAnnounced = false

  async function ask(path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`${baseUrl}/api/v1/${path}`, {
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
      signal: AbortSignal.any([stopping.signal, AbortSignal.timeout(REQUEST_LIMIT_MS)]),
    })
    if (!response.ok) throw new Error(`${path} answered ${response.status}`)
    return response.json()
  }

  function pause(ms: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const gone = (): void => {
        cancel()
        reject(stopping.signal.reason)
      }
      const cancel = clock.after(ms, () => {
        stopping.signal.removeEventListener('abort', gone)
        resolve()
      })
      stopping.signal.addEventListener('abort', gone, { once: true })
    })
  }

  async function outageWhen(id: string, isSo: (outage: OutageAnswer) => boolean): Promise<OutageAnswer> {
    for (;;) {
      const outage = (await ask(`outages/${id}`)) as OutageAnswer
      if (isSo(outage)) return outage
      await pause(LOOKS_EVERY)
    }
  }

  async function tend(id: string): Promise<void> {
    await pause(READS_FOR)
    const at = expectedAt(clock.now())
    await ask(`outages/${id}/expected-resolution`, { at: toIso(at), note: NOTE })
    say(`expects the service back by ${clockText(at, zone)}`)
    const { end } = await outageWhen(id, (outage) => outage.end !== null || hasLeft(outage))
    if (end !== null) return
    await pause(WRITES_FOR)
    await ask(`outages/${id}/message`, { text: MESSAGE })
    say(`tells the recipients: ${MESSAGE}`)
    await outageWhen(id, (outage) => outage.end !== null)
    if (!hasAnnounced) await announceWork()
  }

  async function announceWork(): Promise<void> {
    hasAnnounced = true
    await pause(RESTS_FOR)
    const from = Math.ceil((clock.now() + DAY) / HOUR) * HOUR
    const window = { from: toIso(from), to: toIso(from + HOUR), reason: WORK, announce: true }
    await ask('maintenance', window)
    say(`announces planned work for tomorrow: ${WORK}`)
  }

  async function handle(id: string): Promise<void> {
    try {
      await tend(id)
    } catch (error) {
      if (!stopping.signal.aborted) log.warn('the duty operator cannot act', { error: String(error) })
    }
  }

  return {
    read({ to, text }) {
      const id = /\/outages\/([\w-]+)/.exec(text)?.[1]
      if (to !== address || id === undefined || underWay.has(id)) return
      underWay.set(id, handle(id))
    },
    async stop() {
      stopping.abort()
      await Promise.all(underWay.values())
    },
  }
}

// The answer's shape is that of spec/contract.md, which the service's own tests hold.
type OutageAnswer = {
  readonly end: string | null
  readonly letters: readonly { readonly kind: string; readonly state: string }[]
}

function hasLeft({ letters }: OutageAnswer): boolean {
  return letters.some(({ kind, state }) => kind === 'initial' && state === 'sent')
}

/** A full minute, which is what people say. */
function expectedAt(now: Instant): Instant {
  return Math.ceil((now + 3 * MINUTE) / MINUTE) * MINUTE
}

/** `13:20` */
function clockText(at: Instant, zone: string): string {
  return toIso(at + zoneOffsetMs(at, zone)).slice(11, 16)
}
