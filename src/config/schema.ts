import { z } from 'zod'
import { flaggingSchema } from './flagging-schema.ts'
import { retentionSchema } from './retention-schema.ts'
import { section } from './section.ts'
import { serviceSchema } from './service-schema.ts'
import { accountSchema, sourceSchema } from './source-schema.ts'
import { supportSchema } from './support-schema.ts'
import { smtpUrlOrEmpty, urlOrEmpty } from './urls.ts'
import {
  duration,
  durationOrOff,
  emailAddress,
  filledLine,
  host,
  line,
  mailbox,
  portOrFree,
  timezone,
} from './values.ts'

const language = z.enum(['ru', 'en'])

const http = section({
  host: host.prefault('127.0.0.1').describe('Address to listen at'),
  port: portOrFree.prefault(8080).describe('Port; 0 takes a free one, which is printed'),
  publicUrl: urlOrEmpty('http', 'https')
    .prefault('')
    .describe('Address under which people reach the pages: for links in letters and the check of Origin'),
  metricsToken: line(1000).prefault('').describe('Token for /metrics; empty: loopback and admin only'),
  trustProxy: z.boolean().prefault(false).describe('Believe X-Forwarded-* headers of a reverse proxy'),
})

const broker = section({
  enabled: z.boolean().prefault(true).describe('Run the embedded MQTT 3.1.1 broker, for small installations'),
  host: host.prefault('127.0.0.1').describe('Address to listen at; without users only loopback'),
  port: portOrFree.prefault(1883).describe('Port; 0 takes a free one, which is printed'),
  users: z
    .record(filledLine(), filledLine(1000))
    .prefault({})
    .describe('User to password; empty: nobody is asked, on loopback only'),
})

const thresholds = {
  moving: duration.describe('Observed silence after which a moving terminal is stale'),
  parked: durationOrOff.describe(
    'The same while parked; off: not judged while parked (where learn is on, what the gaps teach comes before the off of the default)',
  ),
  lost: duration.describe('Observed silence after which it is lost'),
  neverAfter: duration.describe('Time after which a terminal that never sent anything is reported'),
  learn: z
    .boolean()
    .describe(
      "Take moving and parked from the terminal's own gaps, from 50 of them on, where nothing nearer than the default sets them",
    ),
  liveLag: duration.describe(
    'Data that is older on arrival counts as archive; twice the interval of the source, at least 120s, when not set',
  ),
  floor: duration.describe('Lower bound of a learnt threshold, which is never under 2m by itself'),
  cap: duration.describe('Upper bound of a learnt threshold'),
}

const somewhere = section({
  moving: thresholds.moving.exactOptional(),
  parked: thresholds.parked.exactOptional(),
  lost: thresholds.lost.exactOptional(),
  neverAfter: thresholds.neverAfter.exactOptional(),
  learn: thresholds.learn.exactOptional(),
  liveLag: thresholds.liveLag.exactOptional(),
  floor: thresholds.floor.exactOptional(),
  cap: thresholds.cap.exactOptional(),
})

const freshness = section({
  default: section({
    moving: thresholds.moving.prefault('30m'),
    parked: thresholds.parked.prefault('6h30m'),
    lost: thresholds.lost.prefault('24h'),
    neverAfter: thresholds.neverAfter.prefault('24h'),
    learn: thresholds.learn.prefault(false),
    liveLag: thresholds.liveLag.exactOptional(),
    floor: thresholds.floor.exactOptional(),
    cap: thresholds.cap.exactOptional(),
  })
    .prefault({})
    .describe('Thresholds where nothing nearer sets them'),
  profiles: z.record(filledLine(), somewhere).prefault({}).describe('Thresholds by profile of the inventory'),
  groups: z
    .record(filledLine(1000), somewhere)
    .prefault({})
    .describe('Thresholds by path of groups, such as Dealer/Client/Group; the nearest one counts'),
  terminals: z.record(filledLine(64), somewhere).prefault({}).describe('Thresholds by terminal id'),
  resumeGrace: duration
    .prefault('2m')
    .describe(
      'After blindness longer than this, and at start, terminals get time to speak before they are judged',
    ),
  flushEvery: duration.prefault('1s').describe('Time between two writes of last-seen data'),
})

const letters = section({
  from: mailbox.prefault('Omnicomm Online <watch@localhost>').describe('Sender'),
  smtp: smtpUrlOrEmpty
    .prefault('')
    .describe(
      'smtp://user:password@host:587 or smtps://, special characters as %40; empty: letters are written as .eml files',
    ),
  dkim: section({
    domain: host.exactOptional().describe('Signing domain'),
    selector: host.exactOptional().describe('Selector'),
    keyFile: filledLine(1000)
      .exactOptional()
      .describe('PEM file with the private key; relative to the working directory'),
  })
    .prefault({})
    .describe('DKIM signature: domain, selector and keyFile together'),
  warnAfter: duration
    .prefault('45m')
    .describe(
      'Downtime after which operators are warned; three quarters of service.noticeAfter when not set',
    ),
  updateEvery: duration
    .prefault('60m')
    .describe('Time between two letters of an outage; service.noticeAfter when not set'),
  operators: z.array(emailAddress).prefault([]).describe('Addresses for early warnings and alarms'),
  recipients: z
    .array(
      section({
        email: emailAddress.describe('Address'),
        name: line().prefault('').describe('Name'),
        language: language.prefault('ru').describe('Language of the letters; that of the file when not set'),
      }),
    )
    .prefault([])
    .describe('Who gets the letters about outages'),
  watchdogUrl: urlOrEmpty('http', 'https')
    .prefault('')
    .describe('Dead-man address that is called while all letters are in order'),
})

/** The whole file: types, defaults and what every key means. Durations are milliseconds inside. */
export const configSchema = section({
  timezone: timezone.prefault('Europe/Moscow').describe('Time zone of pages, letters, days and months'),
  language: language.prefault('ru').describe('Language of pages and letters where nobody chose another one'),
  data: filledLine(1000)
    .prefault('./data')
    .describe('Folder for the database, letters and backups; relative to the working directory'),
  http: http.prefault({}).describe('Pages and API'),
  broker: broker.prefault({}).describe('Embedded MQTT broker'),
  sources: z
    .array(sourceSchema)
    .prefault([
      { id: 'gate', kind: 'mqtt', url: 'mqtt://127.0.0.1:1883', topics: ['fleet/#'] },
      { id: 'push', kind: 'http' },
    ])
    .describe(
      'Where data comes from; when not set: gate (the embedded broker if it runs, topics fleet/#, json) and push (HTTP, json)',
    ),
  accounts: z
    .array(accountSchema)
    .prefault([])
    .describe('Accounts at Omnicomm Online; each has one budget of calls'),
  fleet: section({
    terminals: line(1000)
      .prefault('')
      .describe(
        'CSV file with the inventory, imported at start and, when it has changed, on reload; relative to the working directory',
      ),
  })
    .prefault({})
    .describe('Inventory'),
  freshness: freshness.prefault({}).describe('When a terminal is stale'),
  service: serviceSchema.prefault({}).describe('The watched service'),
  letters: letters.prefault({}).describe('Letters about outages'),
  support: supportSchema
    .prefault({})
    .describe('Where requests to technical support go, and its working days'),
  flagging: flaggingSchema.prefault({}).describe('What is told of silent terminals before a ticket'),
  influx: section({
    url: urlOrEmpty('http', 'https').prefault('').describe('InfluxDB 2; empty: nothing is written'),
    org: line().prefault('').describe('Organisation'),
    bucket: line().prefault('').describe('Bucket'),
    token: z
      .string()
      .regex(/^[\x21-\x7e]{0,1000}$/, 'must be the token alone: visible ASCII characters without spaces')
      .prefault('')
      .describe('Token with the right to write to the bucket'),
  })
    .prefault({})
    .describe('History in InfluxDB'),
  retention: retentionSchema.prefault({}).describe('How long what was stored is kept'),
})

/** The effective configuration; names as in the file, durations in milliseconds. */
export type Config = z.output<typeof configSchema>
