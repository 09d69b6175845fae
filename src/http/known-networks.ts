import { z } from '@hono/zod-openapi'
import type { SettingsStore } from '../ports.ts'

/** Networks from which the owners of accounts have signed in. */
export type KnownNetworks = {
  isKnown(account: string, network: string): Promise<boolean>
  /** Keeps it over a restart, if it can be stored: nobody is kept out because it cannot. */
  remember(account: string, network: string): Promise<void>
}

const KEY = 'login.networks'
/** Networks of one account. */
const MOST_NETWORKS = 8
/** Accounts, those who came from a new network last; the rest has the delays of strangers. */
const MOST_ACCOUNTS = 2000

const Kept = z.array(z.tuple([z.string(), z.array(z.string())]))

/** Networks by account, read from the store when they are needed first. */
export function createKnownNetworks(settings: SettingsStore): KnownNetworks {
  let kept: Map<string, readonly string[]> | undefined

  /** Undefined: what cannot be read now may be read at the next sign-in. */
  async function load(): Promise<Map<string, readonly string[]> | undefined> {
    if (kept !== undefined) return kept
    const text = await settings.get(KEY).catch(() => undefined)
    if (text === undefined) return undefined
    kept ??= read(text)
    return kept
  }

  return {
    async isKnown(account, network) {
      return (await load())?.get(account)?.includes(network) === true
    },
    async remember(account, network) {
      const networks = await load()
      // What is stored and cannot be read must not be overwritten.
      if (networks === undefined) return
      const known = networks.get(account) ?? []
      if (known.includes(network)) return
      networks.delete(account)
      networks.set(account, [network, ...known].slice(0, MOST_NETWORKS))
      for (const oldest of networks.keys()) {
        if (networks.size <= MOST_ACCOUNTS) break
        networks.delete(oldest)
      }
      await settings.set(KEY, JSON.stringify([...networks])).catch(() => {})
    },
  }
}

function read(text: string | null): Map<string, readonly string[]> {
  try {
    return new Map(Kept.parse(JSON.parse(text ?? '[]')))
  } catch {
    return new Map()
  }
}
