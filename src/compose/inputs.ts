import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createMqttSource } from '../adapters/mqtt/source.ts'
import type { OnlineClients } from '../adapters/omnicomm-online/clients.ts'
import { createConnectionBudget } from '../adapters/terminal-tcp/connection-budget.ts'
import type { Config } from '../config/schema.ts'
import type { SourceConfig } from '../config/source-schema.ts'
import type { Fleet } from '../core/fleet/fleet.ts'
import type { Instant } from '../core/time.ts'
import type {
  Clock,
  Log,
  Metrics,
  Notices,
  SettingsStore,
  Source,
  SourceEvents,
  SourceHealth,
} from '../ports.ts'
import type { Feed, Ingest } from '../workers/ingest.ts'
import { createOnlineDesk } from '../workers/online-desk.ts'
import type { OnlinePoller } from '../workers/online-poller.ts'
import type { PushSource } from '../workers/push-desk.ts'
import type { RecordingTap } from '../workers/recorder.ts'
import type { SourceWatches } from '../workers/source-watches.ts'
import { decodersOf } from './decoders.ts'
import { openListener } from './listeners.ts'
import { type OnlineSourceDeps, openOnlineSource } from './online-source.ts'

export type InputsDeps = {
  readonly clock: Clock
  readonly log: Log
  readonly metrics: Metrics
  readonly notices: Notices
  readonly fleet: Fleet
  readonly watches: SourceWatches
  readonly ingest: Ingest
  readonly recording: RecordingTap
  readonly settings: SettingsStore
  /** Whether all that was taken in before the call is stored; resolves with the next flush. */
  readonly stored: () => Promise<boolean>
  /** The one of the process. */
  readonly online: OnlineClients
  readonly applyTree: OnlineSourceDeps['applyTree']
  /** Filled here, read by ingest. */
  readonly feeds: Map<string, Feed>
}

/** The token of a push source that was made because the configuration gives none. */
export type MadeToken = { readonly source: string; readonly token: string }

/** An open source; one that takes pushes has nothing that runs. `session`: what a broker keeps for it, by name. */
type Open = {
  readonly foundation: string
  readonly session: string
  readonly source?: Source
  readonly poller?: OnlinePoller
}

/** The configured sources; `brokerPort` stands in for port 0 of their addresses. */
export async function openInputs(deps: InputsDeps, first: Config, brokerPort: number) {
  const { feeds, fleet, watches } = deps
  const pushSources = new Map<string, PushSource>()
  const open = new Map<string, Open>()
  const listening = { ...deps, budget: createConnectionBudget() }
  /** Sources whose tokens were made, and the tokens that nobody was told yet. */
  const made = new Set<string>()
  const untold: MadeToken[] = []

  async function openOne(source: SourceConfig, config: Config): Promise<Pick<Open, 'source' | 'poller'>> {
    const watch = watches.find(source.id)
    const number = fleet.sourceNumbers.get(source.id)
    if (!watch || number === undefined) throw new Error(`source ${source.id} is not watched`)
    feeds.set(source.id, { ...decodersOf(source, config), watch, number })
    switch (source.kind) {
      case 'mqtt':
        return { source: await openMqtt(source, watches.events(watch, deps.ingest), deps, brokerPort) }
      case 'http': {
        watches.heard(watch)
        const opened = await pushSource(deps, source)
        pushSources.set(source.id, opened)
        if (source.token !== undefined || made.has(source.id)) return {}
        made.add(source.id)
        untold.push({ source: source.id, token: opened.token })
        return {}
      }
      case 'omnicomm-tcp':
      case 'wialon-ips':
      case 'egts':
        return {
          source: openListener(source, watches.terminalEvents(watch, deps.ingest, deps.stored), listening),
        }
      case 'omnicomm-online': {
        const poller = await openOnlineSource({ ...deps, clients: deps.online }, source, config.accounts)
        return { source: poller, poller }
      }
    }
  }

  /** Takes what has arrived; from then on nothing is heard of these sources. `next`: the sources to come. */
  async function close(ids: readonly string[], next?: readonly SourceConfig[]): Promise<void> {
    const kept = next && new Set(next.map(sessionOf))
    const closing = ids.flatMap((id) => open.get(id) ?? [])
    await Promise.all(
      closing.map(({ source, session }) => source?.stop(kept !== undefined && !kept.has(session))),
    )
    deps.ingest.drain()
    for (const id of ids) forget(id)
  }

  function forget(id: string): void {
    const watch = feeds.get(id)?.watch
    if (watch) watches.closed(watch)
    feeds.delete(id)
    pushSources.delete(id)
    open.delete(id)
  }

  /** Nothing of such a source runs that had to be closed: it is replaced where it stands, so that no push misses it. */
  function staysPush(id: string, next: Config): boolean {
    return pushSources.has(id) && next.sources.some((source) => source.id === id && source.kind === 'http')
  }

  /** Opens what is not open yet. One that cannot be opened keeps no other from it; rejects with the first failure. */
  async function openMissing(config: Config): Promise<void> {
    const failures: unknown[] = []
    for (const source of config.sources) {
      if (open.has(source.id)) continue
      try {
        const opened = await openOne(source, config)
        open.set(source.id, {
          ...opened,
          foundation: foundationOf(source, config),
          session: sessionOf(source),
        })
      } catch (error) {
        forget(source.id)
        failures.push(error)
      }
    }
    if (failures.length > 0) throw failures[0]
  }

  await openMissing(first)
  return {
    pushSources,
    onlineDesk: createOnlineDesk(fleet, () => [...open.values()].flatMap(({ poller }) => poller ?? [])),
    close: () => close([...open.keys()]),
    /** Tokens to be shown to the operator, each with one call only. */
    newTokens: (): readonly MadeToken[] => untold.splice(0),
    /** Only what has changed is closed and opened again: terminals of the others keep their connections. */
    async reconfigure(next: Config): Promise<void> {
      const wanted = new Map(next.sources.map((source) => [source.id, foundationOf(source, next)]))
      const changed = [...open.keys()].filter((id) => wanted.get(id) !== open.get(id)?.foundation)
      await close(
        changed.filter((id) => !staysPush(id, next)),
        next.sources,
      )
      for (const id of changed) open.delete(id)
      await openMissing(next)
    },
    /** Sources that are open, with whether they are blind and since when. */
    states: (): readonly SourceState[] =>
      fleet.sources
        .filter((watch) => feeds.has(watch.id))
        .map((watch) => {
          const health = open.get(watch.id)?.source?.health()
          const shown = health ?? { id: watch.id, connected: true, detail: {} }
          return { ...shown, blindSince: watches.blindSince(watch) }
        }),
  }
}

type SourceState = SourceHealth & { readonly blindSince: Instant | null }

/** Everything that a source depends on, as one text to compare. */
function foundationOf(source: SourceConfig, { accounts, timezone }: Config): string {
  const named = 'account' in source ? source.account : undefined
  return JSON.stringify([source, accounts.find(({ id }) => id === named) ?? null, timezone])
}

/** Under which name a broker keeps messages for a source while it is away; others than `mqtt` have no such thing. */
function sessionOf(source: SourceConfig): string {
  return source.kind === 'mqtt' ? JSON.stringify([source.url, source.clientId ?? source.id]) : source.id
}

async function openMqtt(
  source: Extract<SourceConfig, { kind: 'mqtt' }>,
  events: SourceEvents,
  deps: InputsDeps,
  brokerPort: number,
): Promise<Source> {
  const { ca, protocolVersion, ...rest } = source
  const url = source.url.replace(/:0(?=\/|$)/, `:${brokerPort}`)
  const trusted = ca === undefined ? undefined : await readFile(ca, 'utf8')
  return createMqttSource(
    {
      ...rest,
      url,
      ca: trusted,
      // The embedded broker speaks nothing newer: no use in asking.
      protocolVersion: protocolVersion ?? (isEmbedded(url, brokerPort) ? 4 : undefined),
    },
    events,
    deps,
  )
}

function isEmbedded(url: string, brokerPort: number): boolean {
  const { hostname, port } = new URL(url)
  return (
    brokerPort !== 0 && port === String(brokerPort) && ['127.0.0.1', 'localhost', '[::1]'].includes(hostname)
  )
}

async function pushSource(
  { settings }: InputsDeps,
  source: Extract<SourceConfig, { kind: 'http' }>,
): Promise<PushSource> {
  const status = source.format === 'flespi' ? 200 : 202
  if (source.token !== undefined) return { token: source.token, status }
  const known = await settings.get(tokenKey(source.id))
  const token = known ?? randomBytes(18).toString('base64url')
  if (known === null) await settings.set(tokenKey(source.id), token)
  return { token, status }
}

function tokenKey(source: string): string {
  return `token:${source}`
}
