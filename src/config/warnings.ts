import { MINUTE } from '../core/time.ts'
import { componentIsIdle, componentWarnings } from './component-warnings.ts'
import type { Fault } from './fault.ts'
import { pathText } from './fault.ts'
import { letterWarnings } from './letter-warnings.ts'
import type { Config } from './schema.ts'
import type { SourceConfig } from './source-schema.ts'

/** What a valid configuration leaves undone, with the next step. */
export function configWarnings(config: Config): Fault[] {
  return [
    ...letterWarnings(config),
    ...accountWarnings(config),
    ...config.sources.flatMap((source, index) => sourceWarnings(source, pathText(['sources', index]))),
    ...componentWarnings(config),
    ...serviceWarnings(config),
    ...freshnessWarnings(config),
    ...influxWarnings(config),
  ]
}

function sourceWarnings(source: SourceConfig, path: string): Fault[] {
  const found: Fault[] = []
  if (source.kind === 'omnicomm-tcp' && source.acknowledge) {
    found.push({
      path: `${path}.acknowledge`,
      message:
        'allows terminals to overwrite their archive: if another server needs it too, that one loses data',
    })
  }
  if (source.kind === 'omnicomm-online' && source.treeEvery < 10 * MINUTE) {
    found.push({
      path: `${path}.treeEvery`,
      message: 'is shorter than 10m; the tree is the heaviest call and the first one to fail',
    })
  }
  if (source.kind !== 'mqtt' && source.kind !== 'http') return found
  if (source.format !== 'json' && source.mapping !== undefined) {
    found.push({
      path: `${path}.mapping`,
      message: `is used with format json only, not with ${source.format}`,
    })
  }
  if (source.format !== 'traccar' && source.trustDeviceClock !== undefined) {
    found.push({
      path: `${path}.trustDeviceClock`,
      message: `is used with format traccar only, not with ${source.format}`,
    })
  }
  if (source.kind === 'http' && source.token !== undefined && source.token.length < 8) {
    found.push({ path: `${path}.token`, message: 'is shorter than 8 characters and can be guessed' })
  }
  return found
}

/** Two accounts with one login have a session each, and some services keep only one per user. */
function accountWarnings({ accounts }: Config): Fault[] {
  const users = accounts.map(({ baseUrl, login }) =>
    login === undefined ? undefined : `${new URL(baseUrl).host} ${login.toLowerCase()}`,
  )
  return users.flatMap((user, index) => {
    const first = users.indexOf(user)
    if (user === undefined || first === index) return []
    const path = pathText(['accounts', index, 'login'])
    return [{ path, message: `is that of ${pathText(['accounts', first])}; use one account for both` }]
  })
}

function serviceWarnings(config: Config): Fault[] {
  const { service } = config
  const found: Fault[] = []
  if (service.timeout > service.interval / 2) {
    found.push({
      path: 'service.timeout',
      message: 'is longer than half of service.interval, which bounds each attempt',
    })
  }
  const counted = service.components.filter(
    (component) => component.counts === 'outage' && componentIsIdle(component, config) === null,
  )
  if (counted.length === 0) {
    found.push({
      path: 'service.components',
      message: 'none is watched that counts as outage: the service stays unknown and no letter becomes due',
    })
  }
  const hosts = new Set(service.controls.map((control) => new URL(control).host))
  if (service.controls.length > 1 && hosts.size < 2) {
    found.push({
      path: 'service.controls',
      message: 'all name one host; hosts of different operators tell more',
    })
  }
  return found
}

function freshnessWarnings({ freshness }: Config): Fault[] {
  const { moving, lost } = freshness.default
  return lost > moving
    ? []
    : [{ path: 'freshness.default.lost', message: 'is not above moving: stale terminals are lost at once' }]
}

function influxWarnings({ influx }: Config): Fault[] {
  if (influx.url === '') return []
  const missing = (['org', 'bucket', 'token'] as const).filter((key) => influx[key] === '')
  return missing.map((key) => ({
    path: `influx.${key}`,
    message: 'is not set, and InfluxDB 2 takes no points without it',
  }))
}
