import { z } from 'zod'
import { section } from './section.ts'
import { controlUrl, urlOf } from './urls.ts'
import { configId, duration, durationOrZero, filledLine, host, line, port } from './values.ts'

const id = configId.describe('Name of the component: it stands in letters, metrics and pages')

const common = {
  counts: z
    .enum(['outage', 'degraded'])
    .prefault('outage')
    .describe('outage: a failure counts as unavailability. degraded: it is only shown'),
  slowAfter: duration.exactOptional().describe('An answer that takes longer makes the service degraded'),
  every: duration
    .exactOptional()
    .describe('Own time between probes; the interval of the service when not set'),
}

const http = section({
  id,
  kind: z.literal('http').describe('Asks for an address'),
  ...common,
  url: urlOf('http', 'https').describe('Address'),
  expect: section({
    status: z.int().min(100).max(599).prefault(200).describe('Status of a good answer'),
    contains: z.string().max(1000).prefault('').describe('Text that a good answer contains; empty: any'),
  })
    .prefault({})
    .describe('What a good answer is'),
})

const tcp = section({
  id,
  kind: z.literal('tcp').describe('Opens a connection'),
  ...common,
  host: host.describe('Host'),
  port: port.describe('Port'),
})

const tls = section({
  id,
  kind: z.literal('tls').describe('Checks the certificate'),
  ...common,
  host: host.describe('Host'),
  port: port.prefault(443).describe('Port'),
  daysLeft: z.int().min(0).max(3650).prefault(14).describe('Days that the certificate must still be valid'),
})

const dns = section({
  id,
  kind: z.literal('dns').describe('Resolves a name'),
  ...common,
  name: host.describe('Name'),
})

/** What the components have that ask Omnicomm Online. */
const online = {
  ...common,
  account: configId
    .exactOptional()
    .describe('Id of one of the accounts; service.account when not set. Accounts live on different servers'),
}

const login = section({ id, kind: z.literal('omnicomm-login').describe('Signs in'), ...online })

const state = section({
  id,
  kind: z.literal('omnicomm-state').describe('Asks for the state of one terminal'),
  ...online,
  terminal: line(64)
    .prefault('')
    .describe('Id of the terminal that is asked about; empty: the component is not watched'),
})

const tree = section({
  id,
  kind: z.literal('omnicomm-tree').describe('Asks for the tree of vehicles'),
  ...online,
  minVehicles: z.int().min(0).prefault(1).describe('Fewer vehicles are a failure, and none at all always'),
})

const activity = section({
  id,
  kind: z.literal('omnicomm-activity').describe('Asks when terminals were last active'),
  ...online,
})

const dataplane = section({
  id,
  kind: z.literal('omnicomm-dataplane').describe('Watches that new data keeps coming'),
  ...online,
  stalledAfter: duration
    .prefault('30m')
    .describe('Age of the newest data of all terminals from which on the data plane has failed'),
})

/** What every kind has. */
export const anyComponent = z.looseObject({ id, ...common })

export const componentSchema = z.discriminatedUnion('kind', [
  http,
  tcp,
  tls,
  dns,
  login,
  state,
  tree,
  activity,
  dataplane,
])

export const serviceSchema = section({
  name: filledLine().prefault('Omnicomm Online').describe('Name of the watched service in letters and pages'),
  baseUrl: urlOf('http', 'https').prefault('https://online.omnicomm.ru').describe('Its address'),
  account: z
    .union([z.literal(''), configId], { error: 'must be the id of one of the accounts, or empty' })
    .prefault('')
    .describe('Id of the account for the omnicomm-* components; empty: they are not watched'),
  interval: duration.prefault('60s').describe('Time between two rounds of probes'),
  timeout: duration
    .prefault('25s')
    .describe('Longest time of one attempt, which never lasts longer than half of the interval'),
  components: z
    .array(componentSchema)
    .prefault([
      { id: 'web', kind: 'http', url: 'https://online.omnicomm.ru/' },
      { id: 'auth', kind: 'omnicomm-login', every: '5m' },
      { id: 'api', kind: 'omnicomm-state' },
      { id: 'tree', kind: 'omnicomm-tree', counts: 'degraded', every: '15m' },
    ])
    .describe('What is probed'),
  controls: z
    .array(controlUrl)
    .prefault(['https://ya.ru/', 'https://vk.com/', 'https://www.cloudflare.com/'])
    .describe(
      'Two or more hosts of different operators (http://, https:// or tcp://host:port): only while one of them answers a failure counts against the service',
    ),
  recoveryPeriod: durationOrZero
    .prefault('5m')
    .describe('How long the service must answer before an outage is over; 0s: at the first good round'),
  noticeAfter: duration.prefault('60m').describe('Certain downtime after which the letter is due'),
  maintenancePauses: z.boolean().prefault(true).describe('Whether planned work stops the outage clock'),
})

/** One probed component. */
export type ComponentConfig = z.output<typeof componentSchema>

/** Id of the account that a component asks with; empty: it has none, or needs none. */
export function accountOf(component: ComponentConfig, service: { readonly account: string }): string {
  if (!component.kind.startsWith('omnicomm-')) return ''
  return ('account' in component ? component.account : undefined) ?? service.account
}
