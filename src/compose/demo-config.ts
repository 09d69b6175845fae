import { parseConfig } from '../config/load.ts'
import type { Config } from '../config/schema.ts'

/** Addresses and folders that are known when the simulated world runs. */
export type DemoPlaces = {
  readonly dataFolder: string
  readonly inventoryFile: string
  readonly httpPort: number
  readonly pushToken: string
  readonly onlineUrl: string
  readonly onlinePort: number
  readonly onlineUser: OnlineUser
  /** Who asks about the fleet as a whole. */
  readonly fleetUser: OnlineUser
  /** A terminal that Omnicomm Online is asked about in each round. */
  readonly canaryId: string
  readonly controlUrls: readonly string[]
  readonly smtpUrl: string
}

type OnlineUser = { readonly login: string; readonly password: string }

/** Who gets the letters. */
export const RECIPIENTS = [
  { email: 'dispatcher@client.example', name: 'Анна Сергеева', language: 'ru' },
  { email: 'operations@partner.example', name: 'John Miller', language: 'en' },
] as const

/** Who answers for the service: he is warned before the letters go out. */
export const DUTY = 'duty@partner.example'

/** The length of the outage clock in the demo; an hour in earnest. */
export const NOTICE_AFTER = '30s'
/** Silence after which a moving terminal is stale; half an hour in earnest. */
export const MOVING = '25s'

const SLOW = '600ms'

const FLEET_ACCOUNT = 'demo-fleet'

/**
 * The configuration of the demo, which passes the same checks as any file. All times are short, so that minutes show
 * what otherwise takes hours. Throws with every fault: then this file is wrong.
 */
export function demoConfig(places: DemoPlaces): Config {
  const loaded = parseConfig(JSON.stringify(demoTree(places)), {})
  if (loaded.ok) return loaded.config
  throw new Error(loaded.faults.map(({ path, message }) => `${path}: ${message}`).join('\n'))
}

function demoTree(places: DemoPlaces) {
  return {
    data: places.dataFolder,
    http: { port: places.httpPort, publicUrl: `http://127.0.0.1:${places.httpPort}` },
    broker: { port: 0 },
    sources: sources(places),
    fleet: { terminals: places.inventoryFile },
    freshness: {
      default: { moving: MOVING, parked: '90s', lost: '3m', neverAfter: '5m', liveLag: '20s' },
      profiles: { tractor: { moving: '40s' } },
      resumeGrace: '5s',
    },
    accounts: [
      { id: 'demo', baseUrl: places.onlineUrl, ...places.onlineUser },
      { id: FLEET_ACCOUNT, baseUrl: places.onlineUrl, ...places.fleetUser },
    ],
    service: service(places),
    letters: {
      from: 'Omnicomm Online <watch@partner.example>',
      smtp: places.smtpUrl,
      operators: [DUTY],
      // A FAIL of the fourth round: it leaves the operator 15 s.
      warnAfter: '13s',
      // Longer than the outage goes on after its letter, so that the promise of a next one by then is kept.
      updateEvery: '45s',
      recipients: RECIPIENTS,
    },
  }
}

/** With an interval of 5 s the grace after the start is 10 s (spec/freshness.md 3). */
function sources({ pushToken }: DemoPlaces) {
  // Port 0 stands for that of the embedded broker.
  const broker = { kind: 'mqtt', url: 'mqtt://127.0.0.1:0', protocolVersion: 4, interval: '5s' }
  return [
    { ...broker, id: 'gate', topics: ['fleet/#'], format: 'json' },
    { ...broker, id: 'flespi', topics: ['flespi/message/gw/devices/+'], format: 'flespi' },
    { id: 'push', kind: 'http', format: 'json', token: pushToken, interval: '5s' },
  ]
}

/**
 * Rounds every 5 s: a gap of up to 2 x 5 s + 1.5 s is bridged (spec/outage-clock.md 2). What fails is asked twice in
 * every round, which must stay within the budget of calls, and each login has one of its own: 2 components of a login
 * make 48 calls a minute, of which its budget allows 10 at once and 50 a minute.
 */
function service({ onlineUrl, onlinePort, canaryId, controlUrls }: DemoPlaces) {
  return {
    name: 'Omnicomm Online',
    baseUrl: onlineUrl,
    account: 'demo',
    interval: '5s',
    timeout: '1500ms',
    components: [
      {
        id: 'web',
        kind: 'http',
        url: onlineUrl,
        slowAfter: SLOW,
        expect: { status: 200, contains: 'Omnicomm Online' },
      },
      { id: 'login', kind: 'omnicomm-login', every: '20s' },
      { id: 'state', kind: 'omnicomm-state', terminal: canaryId, slowAfter: SLOW },
      { id: 'activity', kind: 'omnicomm-activity', every: '10s' },
      { id: 'tree', kind: 'omnicomm-tree', account: FLEET_ACCOUNT, counts: 'degraded', every: '30s' },
      {
        id: 'data',
        kind: 'omnicomm-dataplane',
        account: FLEET_ACCOUNT,
        counts: 'degraded',
        every: '15s',
        stalledAfter: '30s',
      },
      { id: 'port', kind: 'tcp', host: '127.0.0.1', port: onlinePort },
    ],
    controls: controlUrls,
    // Not 10s: rounds are a few milliseconds late at times, and the third good one is to close the outage.
    recoveryPeriod: '9s',
    noticeAfter: NOTICE_AFTER,
  }
}
