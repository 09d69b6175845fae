import { z } from 'zod'
import { parseLocator } from '../core/telemetry/mapping.ts'
import { TARGETS } from '../core/telemetry/target.ts'
import { section, tellKnown } from './section.ts'
import { urlOf } from './urls.ts'
import { configId, duration, filledLine, host, line, port } from './values.ts'

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
  format,
  mapping: mapping.exactOptional(),
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
})

const http = section({
  id,
  kind: z.literal('http').describe('Takes messages by POST /api/v1/ingest/ID'),
  interval,
  format,
  mapping: mapping.exactOptional(),
  token: z
    .string()
    .regex(/^[\x21-\x7e]{1,1000}$/, 'must be visible ASCII characters without spaces')
    .exactOptional()
    .describe(
      'What senders show (Authorization: Bearer, or X-Token); made and printed at the first start when not set',
    ),
})

const online = section({
  id,
  kind: z.literal('omnicomm-online').describe('Asks Omnicomm Online for the last data of its terminals'),
  interval,
  account: configId.exactOptional().describe('Id of one of the accounts'),
  baseUrl: urlOf('http', 'https').exactOptional().describe('In place of account: address of the service'),
  login: filledLine(1000).exactOptional().describe('In place of account: login'),
  password: filledLine(1000).exactOptional().describe('In place of account: password'),
  pollEvery: duration.prefault('60s').describe('Time between two polls'),
})

const tcp = section({
  id,
  kind: z.literal('omnicomm-tcp').describe('Listens for Omnicomm terminals themselves'),
  interval,
  host: host.prefault('127.0.0.1').describe('Address to listen at'),
  port: port.prefault(5203).describe('Port to listen at'),
  acknowledge: z
    .boolean()
    .prefault(false)
    .describe('Tell terminals that their archive was received, so that they may delete it'),
})

export const sourceSchema = z.discriminatedUnion('kind', [mqtt, http, online, tcp])

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

function isTopicFilter(filter: string): boolean {
  const levels = filter.split('/')
  return levels.every(
    (level, index) => level === '+' || (level === '#' && index === levels.length - 1) || !/[+#]/.test(level),
  )
}
