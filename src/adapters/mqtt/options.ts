import type { IClientOptions } from 'mqtt'
import { SECOND } from '../../core/time.ts'

export type ProtocolVersion = 4 | 5

/** One MQTT source as configured (spec/contract.md, `sources` of kind `mqtt`). */
export type MqttSourceOptions = {
  readonly id: string
  /** `mqtt://`, `mqtts://`, `ws://` or `wss://`; a user in it serves when `username` is not set. */
  readonly url: string
  /** Topic filters, without any `$share/` prefix. */
  readonly topics: readonly string[]
  /** 2 is asked for as 1: registers are maxima, so a second delivery changes nothing and needs no handshake. */
  readonly qos: 0 | 1 | 2
  readonly username?: string | undefined
  readonly password?: string | undefined
  /** Certificates to trust instead of the system's, as PEM text. */
  readonly ca?: string | undefined
  /** Default `omnicomm-watch-<id>`. Fixed, or the broker could not keep our session; unique per process. */
  readonly clientId?: string | undefined
  /** Shares the messages with every other process of this group. */
  readonly sharedGroup?: string | undefined
  /** 5, falling back to 4 (MQTT 3.1.1) where the broker refuses it; 4 is never raised. Default 5. */
  readonly protocolVersion?: ProtocolVersion | undefined
  /** How long the broker keeps messages for us while we are away. Default 3600; always 0 in a shared group. */
  readonly sessionExpirySeconds?: number | undefined
  /**
   * Unacknowledged messages the broker may have on the way to us. Default 1000. As it is read once a millisecond, no more
   * than so many come in each.
   */
  readonly receiveMaximum?: number | undefined
  /** Default 60. A dead link is found after one and a half of it at the latest. */
  readonly keepaliveSeconds?: number | undefined
  /** Watches the broker's count of dropped messages, where it has one. Default true. */
  readonly watchBroker?: boolean | undefined
}

/** The options with every default filled in. */
export type LinkPlan = {
  readonly id: string
  readonly endpoint: Endpoint
  readonly clientId: string
  readonly username: string | undefined
  readonly password: string | undefined
  readonly ca: string | undefined
  /** Filters as subscribed, with the `$share/` prefix in a shared group. */
  readonly filters: readonly string[]
  readonly shared: boolean
  readonly qos: 0 | 1
  readonly preferredVersion: ProtocolVersion
  readonly sessionExpirySeconds: number
  readonly receiveMaximum: number
  readonly keepaliveSeconds: number
  readonly watchBroker: boolean
}

type Scheme = 'mqtt' | 'mqtts' | 'ws' | 'wss'

type Endpoint = {
  readonly scheme: Scheme
  readonly host: string
  readonly port: number
  readonly path: string
  /** For people: no user, no password. */
  readonly label: string
}

const DEFAULT_PORT: Readonly<Record<Scheme, number>> = { mqtt: 1883, mqtts: 8883, ws: 80, wss: 443 }
const CONNECT_TIMEOUT_MS = 20 * SECOND
/** Far above any telemetry message; keeps one absurd retained value from filling the memory. */
const MAX_PACKET_BYTES = 16 * 1024 * 1024
const MAX_FILTER_LENGTH = 1024

/**
 * Checks the options and fills in the defaults.
 * @throws Error naming the option at fault. The configuration is validated before, so this is a bug.
 */
export function planLink(options: MqttSourceOptions): LinkPlan {
  if (options.topics.length === 0)
    throw new Error(`Source ${options.id}: topics must name at least one filter`)
  for (const filter of options.topics) checkFilter(options.id, filter)
  const group = options.sharedGroup
  if (group !== undefined && (group === '' || /[/+#]/.test(group))) {
    throw new Error(`Source ${options.id}: sharedGroup must not be empty nor hold / + #`)
  }
  const url = readUrl(options.id, options.url)
  return {
    id: options.id,
    endpoint: endpointOf(options.id, url),
    clientId: options.clientId ?? `omnicomm-watch-${options.id}`,
    username: options.username ?? unescaped(url.username),
    password: options.password ?? unescaped(url.password),
    ca: options.ca,
    filters: options.topics.map((filter) => (group === undefined ? filter : `$share/${group}/${filter}`)),
    shared: group !== undefined,
    qos: options.qos === 0 ? 0 : 1,
    preferredVersion: options.protocolVersion ?? 5,
    // A stored session in a shared group strands its messages: brokers go on dealing to an absent member.
    sessionExpirySeconds: group === undefined ? (options.sessionExpirySeconds ?? 3600) : 0,
    receiveMaximum: options.receiveMaximum ?? 1000,
    keepaliveSeconds: options.keepaliveSeconds ?? 60,
    watchBroker: options.watchBroker ?? true,
  }
}

/** What mqtt.js needs for one connection. It must not reconnect by itself: see retry.ts. */
export function clientOptions(plan: LinkPlan, version: ProtocolVersion): IClientOptions {
  const { scheme, host, port, path } = plan.endpoint
  return {
    protocol: scheme,
    host,
    hostname: host,
    port,
    ...(scheme === 'ws' || scheme === 'wss' ? { path } : {}),
    ...(plan.username === undefined ? {} : { username: plan.username }),
    ...(plan.password === undefined ? {} : { password: plan.password }),
    ...(plan.ca === undefined ? {} : { ca: plan.ca }),
    clientId: plan.clientId,
    clean: plan.sessionExpirySeconds === 0,
    keepalive: plan.keepaliveSeconds,
    connectTimeout: CONNECT_TIMEOUT_MS,
    protocolVersion: version,
    ...(version === 5 ? { properties: connectProperties(plan) } : {}),
    reconnectPeriod: 0,
    resubscribe: false,
    queueQoSZero: false,
    // The default formats through the debug package several times per packet.
    log: () => {},
  }
}

function connectProperties(plan: LinkPlan): NonNullable<IClientOptions['properties']> {
  return {
    sessionExpiryInterval: plan.sessionExpirySeconds,
    receiveMaximum: plan.receiveMaximum,
    maximumPacketSize: MAX_PACKET_BYTES,
    requestProblemInformation: true,
  }
}

function checkFilter(id: string, filter: string): void {
  const levels = filter.split('/')
  const valid =
    filter.length > 0 &&
    filter.length <= MAX_FILTER_LENGTH &&
    !filter.includes('\0') &&
    levels.every(
      (level, index) =>
        level === '+' || (level === '#' && index === levels.length - 1) || !/[+#]/.test(level),
    )
  if (!valid) throw new Error(`Source ${id}: "${filter.slice(0, 80)}" in topics is not an MQTT topic filter`)
}

function readUrl(id: string, text: string): URL {
  const url = URL.parse(text)
  if (!url) throw new Error(`Source ${id}: url is not a valid URL`)
  return url
}

function unescaped(part: string): string | undefined {
  if (part === '') return undefined
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

function endpointOf(id: string, url: URL): Endpoint {
  const scheme = url.protocol.slice(0, -1)
  if (!isScheme(scheme) || url.hostname === '') {
    throw new Error(`Source ${id}: url must be mqtt://host, mqtts://host, ws://host or wss://host`)
  }
  const port = url.port === '' ? DEFAULT_PORT[scheme] : Number(url.port)
  // Sockets take a bare IPv6 address, URLs (also those built for web sockets) one in brackets.
  const host = scheme.startsWith('mqtt') ? url.hostname.replace(/^\[|\]$/g, '') : url.hostname
  const path = `${url.pathname || '/'}${url.search}`
  return { scheme, host, port, path, label: `${scheme}://${url.hostname}:${port}` }
}

function isScheme(text: string): text is Scheme {
  return Object.hasOwn(DEFAULT_PORT, text)
}
