import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { SimulatedTerminal } from '../adapters/simulation/cast.ts'
import { CYCLE } from '../adapters/simulation/character.ts'
import { type CaughtLetter, startMailCatcher } from '../adapters/simulation/mail-catcher.ts'
import { startControlHost, startOnline } from '../adapters/simulation/online.ts'
import { createOnlineApi } from '../adapters/simulation/online-api.ts'
import { createOnlineFleet } from '../adapters/simulation/online-fleet.ts'
import { type Mood, SCRIPT } from '../adapters/simulation/online-script.ts'
import { createTokens } from '../adapters/simulation/online-tokens.ts'
import type { Clock, Log } from '../ports.ts'
import type { DemoPlaces } from './demo-config.ts'
import type { Stops } from './stops.ts'

/** What the parts of the demo share. */
export type World = {
  readonly clock: Clock
  readonly log: Log
  readonly stops: Stops
  readonly folder: string
}

/** What happens outside the service. */
export type WorldEvent =
  | { readonly kind: 'scene'; readonly mood: Mood }
  | { readonly kind: 'letter'; readonly letter: CaughtLetter }

/**
 * Starts everything outside the service but the senders of the fleet: Omnicomm Online, two control hosts, a mail
 * server. Each is stopped by `stops`, also when a later one fails.
 */
export async function startWorld(
  { clock, log, stops, folder }: World,
  cast: readonly SimulatedTerminal[],
  tell: (event: WorldEvent) => void,
): Promise<Omit<DemoPlaces, 'dataFolder' | 'inventoryFile' | 'httpPort' | 'pushToken'>> {
  const onlineUser = { login: 'watch', password: secret() }
  const fleetUser = { login: 'watch-fleet', password: secret() }
  const tokens = createTokens(clock.now, secret())
  const online = await startOnline(clock, {
    script: SCRIPT,
    cycleMs: CYCLE,
    onScene: (mood) => tell({ kind: 'scene', mood }),
    api: createOnlineApi([onlineUser, fleetUser], { tokens, fleet: createOnlineFleet(clock, cast) }),
  })
  stops.add('online', () => online.stop())
  const controlUrls: string[] = []
  for (const name of ['first control host', 'second control host']) {
    const control = await startControlHost()
    stops.add(name, () => control.stop())
    controlUrls.push(control.url)
  }
  const mail = await startMailCatcher(log, {
    folder: join(folder, 'mail'),
    onLetter: (letter) => tell({ kind: 'letter', letter }),
  })
  stops.add('mail', () => mail.stop())
  return {
    onlineUrl: online.url,
    onlinePort: online.port,
    onlineUser,
    fleetUser,
    canaryId: canaryOf(cast),
    controlUrls,
    smtpUrl: mail.url,
  }
}

/** A vehicle that drives all the time. */
function canaryOf(cast: readonly SimulatedTerminal[]): string {
  const canary = cast.find(({ character, registered }) => character.kind === 'driving' && registered)
  if (canary === undefined) throw new Error('nobody drives')
  return canary.id
}

/** A password or token that nobody guesses. */
export function secret(): string {
  return randomBytes(18).toString('base64url')
}
