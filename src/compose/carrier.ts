import { relayName } from '../adapters/smtp/url.ts'
import type { Config } from '../config/schema.ts'
import type { Letter, Recipient } from '../core/letters/letter.ts'
import { addressKey } from '../core/letters/mailbox.ts'
import { staleReason } from '../core/letters/stale.ts'
import type { Clock, Log, Metrics, Notices, OutageStore, Outbox, SettingsStore } from '../ports.ts'
import type { Claiming } from '../workers/claim-hold.ts'
import { type Courier, createCourier } from '../workers/courier.ts'
import { letterFacts } from '../workers/letter-facts.ts'
import { readRelaySince } from '../workers/relay-since.ts'
import { transportOf } from './mail.ts'

export type CarrierDeps = {
  readonly clock: Clock
  readonly log: Log
  readonly metrics: Metrics
  readonly outbox: Outbox
  readonly outages: Pick<OutageStore, 'outages'>
  readonly settings: SettingsStore
  /** Those who get letters now, of the file and of the page. */
  readonly recipients: () => readonly Recipient[]
  /** Addresses of the operators of now. */
  readonly operators: () => readonly string[]
  /** Addresses of those who get letters about terminals. */
  readonly readers: () => readonly string[]
  /** Letters are claimed through it. */
  readonly claiming: Claiming
  /** All asked before each attempt to send. */
  readonly isCancelled: (outageId: string) => boolean
  readonly isOver: (outageId: string) => boolean
  readonly isPlanned: (windowId: string) => boolean
  readonly notices: Notices
}

/**
 * Who carries letters away. The courier is replaced only with the relay: one that is stopped cuts off what is under
 * way, and nobody knows then whether it arrived.
 */
export async function openCarrier(deps: CarrierDeps, first: Config) {
  let foundation = foundationOf(first)
  let carrier = await make(deps, first)
  let started = false

  return {
    start(): void {
      started = true
      carrier.courier.start()
    },
    wake: (): void => carrier.courier.wake(),
    troubles: () => carrier.courier.troubles(),
    warnings: () => carrier.courier.warnings(),
    /** Throws, with everything as it was, when the store cannot say since when the relay is used. */
    async reconfigure(next: Config): Promise<void> {
      const changed = foundationOf(next)
      if (changed === foundation) return
      const retired = carrier
      carrier = await make(deps, next)
      foundation = changed
      await retired.courier.stop()
      retired.close()
      if (started) carrier.courier.start()
    },
    async stop(): Promise<void> {
      await carrier.courier.stop()
      carrier.close()
    },
  }
}

function foundationOf({ letters, data }: Config): string {
  return JSON.stringify([letters.smtp, data])
}

async function make(deps: CarrierDeps, config: Config): Promise<{ courier: Courier; close: () => void }> {
  const { smtp } = config.letters
  // What another relay accepted says nothing about this one.
  const relaySince = smtp === '' ? undefined : await readRelaySince(deps, relayName(smtp))
  const transport = transportOf(config)
  const courier = createCourier(
    { ...deps, transport },
    {
      claiming: deps.claiming,
      cutOff: transport.close,
      ...(relaySince !== undefined && { relaySince }),
      stale: staleness(deps),
    },
  )
  return { courier, close: transport.close }
}

function staleness(deps: CarrierDeps): (letter: Letter) => Promise<string | null> {
  const recipients = keysOf(
    () => deps.recipients(),
    ({ email }) => addressKey(email),
  )
  const operators = keysOf(() => deps.operators(), addressKey)
  const readers = keysOf(() => deps.readers(), addressKey)
  return async (letter) => {
    const facts = await letterFacts(letter, deps)
    const world = { ...deps, recipients: recipients(), operators: operators(), readers: readers() }
    return staleReason(letter, world, facts)
  }
}

/** The list is asked for before every attempt; its keys are made anew only when it is another one. */
function keysOf<Item>(read: () => readonly Item[], key: (item: Item) => string): () => ReadonlySet<string> {
  let list: readonly Item[] | undefined
  let keys: ReadonlySet<string> = new Set()
  return () => {
    const now = read()
    if (now !== list) keys = new Set(now.map(key))
    list = now
    return keys
  }
}
