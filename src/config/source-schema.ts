import { z } from 'zod'
import { parseLocator } from '../core/telemetry/mapping.ts'
import { TARGETS } from '../core/telemetry/target.ts'
import { section, tellKnown } from './section.ts'
import { urlOf } from './urls.ts'
import { configId, duration, filledLine, host, line, portOrFree } from './values.ts'

const connections = (most: number) =>
  z.int('must be a whole number').min(1, 'must be 1 or more').max(most, `must be ${most} or less`)

const locator = z.string().superRefine((text, context) => {
  const parsed = parseLocator(text)
  if (typeof parsed === 'string') context.addIssue({ code: 'custom', message: parsed })
})

const mapping = z
  .partialRecord(z.enum(TARGETS), locator, { error: tellKnown(TARGETS) })
  .describe(
    'Where the values stand in a JSON message: target to path ($.a.b) or topic segment (topic:1). Without it well-known names are looked for.',
  )

const id = configId.describe('Name of the source: it stands in addresses, metrics and pages')

const interval = duration
  .prefault('60s')
  .describe('Declared reporting interval of the terminals: time of grace and live lag follow from it')

const format = z.enum(['json', 'flespi', 'traccar']).prefault('json').describe('What the messages look like')

const trustDeviceClock = z
  .boolean()
  .exactOptional()
  .describe(
    'With format traccar: false where its time.override puts server times in place of those of the terminals',
  )

const mqtt = section({
  id,
  kind: z.literal('mqtt').describe('Subscribes to topics of an MQTT broker'),
  interval,
  url: urlOf('mqtt', 'mqtts', 'ws', 'wss').describe('Broker, such as mqtts://broker.example.org:8883'),
  topics: z
    .array(
      filledLine(1000).refine(
        isTopicFilter,
        'must be an MQTT topic filter: + stands for one whole segment, # for all the rest at the end',
      ),
    )
    .min(1)
    .describe('Topic filters'),
  format: z
    .enum(['json', 'flespi', 'traccar', 'omnicomm'])
    .prefault('json')
    .describe('What the messages look like; omnicomm: frames of the terminals, raw or as hex'),
  mapping: mapping.exactOptional(),
  trustDeviceClock,
  qos: z
    .union([z.literal(0), z.literal(1), z.literal(2)], { error: 'must be 0, 1 or 2' })
    .prefault(1)
    .describe('Highest quality of service that is asked for'),
  username: line(1000).exactOptional().describe('User, or a token where the broker takes one'),
  password: line(1000).exactOptional().describe('Password'),
  ca: filledLine(1000)
    .exactOptional()
    .describe('PEM file with the certificate authority of the broker; relative to the working directory'),
  clientId: filledLine(128)
    .exactOptional()
    .describe(
      'Fixed client id; omnicomm-watch-ID of the source when not set. Two clients with one id throw each other out',
    ),
  sharedGroup: z
    .string()
    .regex(/^[^+#/\s]{1,64}$/, 'must be a name without +, # and /')
    .exactOptional()
    .describe('Name of a shared subscription, so that several services divide the messages among them'),
  protocolVersion: z
    .union([z.literal(5), z.literal(4)], { error: 'must be 5 (MQTT 5) or 4 (MQTT 3.1.1)' })
    .exactOptional()
    .describe('5 (MQTT 5) or 4 (MQTT 3.1.1); when not set 5 is tried, then 4'),
  watchBroker: z
    .boolean()
    .prefault(true)
    .describe(
      'Also subscribe to the count of dropped messages that Mosquitto keeps under $SYS: while it grows, terminals are not judged',
    ),
})

const http = section({
  id,
  kind: z.literal('http').describe('Takes messages by POST /api/v1/ingest/ID'),
  interval,
  format,
  mapping: mapping.exactOptional(),
  trustDeviceClock,
  token: z
    .string()
    .regex(/^[\x21-\x7e]{1,1000}$/, 'must be visible ASCII characters without spaces')
    .exactOptional()
    .describe(
      'What senders show (Authorization: Bearer, or X-Token); made and printed at the first start when not set',
    ),
})

/** A name, or the place of a group on the way to the vehicle, the root being group:0. */
const treeText = z
  .string()
  .max(200)
  .regex(/^(?!group:)|^group:\d$/, 'must be a name, or group:0 to group:9')

const online = section({
  id,
  kind: z.literal('omnicomm-online').describe('Asks Omnicomm Online for the last data of its terminals'),
  interval,
  account: configId.exactOptional().describe('Id of one of the accounts'),
  baseUrl: urlOf('http', 'https').exactOptional().describe('In place of account: address of the service'),
  login: filledLine(1000).exactOptional().describe('In place of account: login'),
  password: filledLine(1000).exactOptional().describe('In place of account: password'),
  pollEvery: duration.prefault('60s').describe('Time between two polls'),
  timeout: duration.prefault('30s').describe('Longest time of one poll'),
  treeEvery: duration
    .prefault('30m')
    .describe('Time between two readings of the vehicle tree, the heaviest call: 10m or more'),
  inventory: z
    .boolean()
    .prefault(true)
    .describe('Take the vehicle tree as inventory: it fills in what no CSV and no person has said'),
  client: treeText.prefault('group:1').describe('Client of its terminals: group:N of the tree, or a name'),
  dealer: treeText.prefault('').describe('Dealer of its terminals: group:N of the tree, or a name'),
  statesPerMinute: z
    .int('must be a whole number')
    .min(0, 'must be 0 or more')
    .max(50, 'must be 50 or less: the calls of all tasks share one budget')
    .prefault(40)
    .describe('Most questions a minute for voltage, ignition and position of stale terminals; 0: none'),
})

/** What every listener for terminals has. */
const listener = (standardPort: number) => ({
  interval,
  host: host.prefault('127.0.0.1').describe('Address to listen at'),
  port: portOrFree.prefault(standardPort).describe('Port to listen at; 0 takes a free one, which is logged'),
  idleTimeout: duration.prefault('15m').describe('A connection that is silent for so long is closed'),
  maxConnections: connections(100_000)
    .prefault(20_000)
    .describe('Connections at once; more are refused. Each needs a file handle (ulimit -n)'),
  maxPerAddress: connections(100_000)
    .prefault(20_000)
    .describe(
      'Connections at once from one address; many terminals may share one behind an operator or a relay',
    ),
})

const wialonIps = section({
  id,
  kind: z.literal('wialon-ips').describe('Listens for Wialon IPS 1.x and 2.0'),
  ...listener(20_332),
})

const egts = section({
  id,
  kind: z.literal('egts').describe('Listens for EGTS, of terminals or of relays with many terminals'),
  ...listener(20_629),
})

const tcp = section({
  id,
  kind: z.literal('omnicomm-tcp').describe('Listens for Omnicomm terminals themselves'),
  ...listener(5203),
  acknowledge: z
    .boolean()
    .prefault(false)
    .describe(
      'Tell terminals that their archive was received, so that they may overwrite it. Only where this is their only server: otherwise that one may lose data',
    ),
  answerClock: z
    .boolean()
    .prefault(true)
    .describe('Answer terminals that ask for the time; needs a synchronised clock on this machine'),
})

/** What every kind has. */
export const anySource = z.looseObject({ id, interval })

export const sourceSchema = z.discriminatedUnion('kind', [mqtt, http, online, tcp, wialonIps, egts])

/** It stands in a header, after the word JWT that some copy along with it. */
const onlineToken = () =>
  z
    .string()
    .regex(/^[\x21-\x7e]{1,4000}$/, 'must be the token alone: visible ASCII characters without spaces')

export const accountSchema = section({
  id: configId.describe('Name to which sources, components and service.account refer'),
  baseUrl: urlOf('http', 'https')
    .prefault('https://online.omnicomm.ru')
    .describe('Address of Omnicomm Online'),
  login: filledLine(1000).exactOptional().describe('Login; together with password'),
  password: filledLine(1000).exactOptional().describe('Password'),
  token: onlineToken().exactOptional().describe('Access token, in place of login and password'),
  refresh: onlineToken().exactOptional().describe('Refresh token, together with token'),
})

/** One configured input. */
export type SourceConfig = z.output<typeof sourceSchema>

/** Id of the account that a polled source asks with; its own has a name that no configured one can have. */
export function accountIdOf({ id, account }: Extract<SourceConfig, { kind: 'omnicomm-online' }>): string {
  return account ?? `of source ${id}`
}

function isTopicFilter(filter: string): boolean {
  const levels = filter.split('/')
  return levels.every(
    (level, index) => level === '+' || (level === '#' && index === levels.length - 1) || !/[+#]/.test(level),
  )
}
