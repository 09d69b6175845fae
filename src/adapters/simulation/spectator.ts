import { SECOND } from '../../core/time.ts'
import type { Clock, Log } from '../../ports.ts'
import { comment, NOTHING_TOLD, type SilentTerminal, type Snapshot } from './commentary.ts'

export type SpectatorOptions = {
  /** Address of the service, without a slash at the end. */
  readonly baseUrl: string
  readonly token: string
  readonly say: (line: string) => void
}

const LOOK_EVERY = SECOND
const REQUEST_LIMIT_MS = 5 * SECOND

/** Looks at the service through its API, as any user could, and tells what is new. */
export function startSpectator(
  { clock, log }: { readonly clock: Clock; readonly log: Log },
  { baseUrl, token, say }: SpectatorOptions,
): { stop(): Promise<void> } {
  const stopping = new AbortController()
  let told = NOTHING_TOLD
  let underWay = Promise.resolve()

  async function get(path: string): Promise<unknown> {
    const response = await fetch(`${baseUrl}/api/v1/${path}`, {
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.any([stopping.signal, AbortSignal.timeout(REQUEST_LIMIT_MS)]),
    })
    if (!response.ok) throw new Error(`${path} answered ${response.status}`)
    return response.json()
  }

  async function look(): Promise<void> {
    try {
      const news = comment(told, await snapshot(get))
      told = news.told
      for (const line of news.lines) say(line)
    } catch (error) {
      if (!stopping.signal.aborted) log.warn('the commentary cannot read the API', { error: String(error) })
    }
  }

  const stopTimer = clock.every(LOOK_EVERY, () => {
    underWay = look()
    return underWay
  })
  return {
    async stop() {
      stopTimer()
      stopping.abort()
      await underWay
    },
  }
}

// The answers' shapes are those of spec/contract.md, which the service's own tests hold.
type SummaryAnswer = { readonly total: number; readonly states: Readonly<Record<string, number>> }
type ServiceAnswer = { readonly state: string }
type List<Item> = { readonly items: readonly Item[] }
type OutageAnswer = {
  readonly id: string
  readonly state: string
  readonly downMs: number
  readonly letterDueAt: string | null
}
type TerminalAnswer = Omit<SilentTerminal, 'ageSeconds'> & { readonly dataAgeSeconds: number | null }

async function snapshot(get: (path: string) => Promise<unknown>): Promise<Snapshot> {
  const [summary, service, outages, stale, lost] = await Promise.all([
    get('summary') as Promise<SummaryAnswer>,
    get('service') as Promise<ServiceAnswer>,
    get('outages?limit=1') as Promise<List<OutageAnswer>>,
    get('terminals?state=stale&limit=1000') as Promise<List<TerminalAnswer>>,
    get('terminals?state=lost&limit=1000') as Promise<List<TerminalAnswer>>,
  ])
  const [newest] = outages.items
  return {
    freshCount: summary.states['fresh'] ?? 0,
    totalCount: summary.total,
    serviceState: service.state,
    outage: newest
      ? {
          id: newest.id,
          state: newest.state,
          downMs: newest.downMs,
          letterIsDue: newest.letterDueAt !== null,
        }
      : null,
    silent: [...stale.items, ...lost.items].map(({ id, name, client, state, dataAgeSeconds }) => ({
      id,
      name: name === '' ? id : name,
      client,
      state,
      ageSeconds: Math.round(dataAgeSeconds ?? 0),
    })),
  }
}
