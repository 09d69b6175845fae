import type { Fault } from './fault.ts'
import { pathText } from './fault.ts'
import type { Config } from './schema.ts'
import type { ComponentConfig } from './service-schema.ts'
import type { SourceConfig } from './source-schema.ts'

/** What a valid configuration leaves undone, with the next step. */
export function configWarnings(config: Config): Fault[] {
  return [
    ...letterWarnings(config),
    ...config.sources.flatMap((source, index) => sourceWarnings(source, pathText(['sources', index]))),
    ...config.service.components.flatMap((component, index) =>
      componentWarnings(component, pathText(['service', 'components', index]), config),
    ),
    ...serviceWarnings(config),
    ...freshnessWarnings(config),
    ...laterWarnings(config),
  ]
}

/** Whether this version takes anything in by a source; if not, why. */
function sourceIsIdle(source: SourceConfig): string | null {
  if (source.kind === 'omnicomm-online' || source.kind === 'omnicomm-tcp') {
    return `kind ${source.kind} is not available in this version; nothing will be received by it`
  }
  if (source.format === 'traccar') {
    return 'format traccar is not available in this version; nothing will be received by it'
  }
  return null
}

/** Whether this version watches a component; if not, why and what to do. */
export function componentIsIdle(component: ComponentConfig, account: string): string | null {
  if (component.kind === 'http' || component.kind === 'tcp') return null
  if (component.kind.startsWith('omnicomm-') && account === '') {
    return 'not watched: it needs an account (accounts, then service.account)'
  }
  return `not watched: kind ${component.kind} is not available in this version`
}

function letterWarnings({ letters, service }: Config): Fault[] {
  const found: Fault[] = []
  if (letters.recipients.length === 0) {
    found.push({ path: 'letters.recipients', message: 'is empty: nobody will get letters about outages' })
  }
  if (letters.smtp === '') {
    found.push({
      path: 'letters.smtp',
      message: 'is empty: letters are written as .eml files and reach nobody',
    })
  }
  if (letters.smtp !== '' && /@localhost>?$/.test(letters.from)) {
    found.push({
      path: 'letters.from',
      message: 'is still the default: mail servers refuse senders at localhost',
    })
  }
  if (letters.warnAfter >= service.noticeAfter) {
    found.push({
      path: 'letters.warnAfter',
      message: 'is not below service.noticeAfter: the warning comes too late',
    })
  }
  return found
}

function sourceWarnings(source: SourceConfig, path: string): Fault[] {
  const found: Fault[] = []
  const idle = sourceIsIdle(source)
  if (idle !== null) found.push({ path, message: idle })
  if (source.kind !== 'mqtt' && source.kind !== 'http') return found
  if (source.format !== 'json' && source.mapping !== undefined) {
    found.push({
      path: `${path}.mapping`,
      message: `is used with format json only, not with ${source.format}`,
    })
  }
  if (source.kind === 'http' && source.token !== undefined && source.token.length < 8) {
    found.push({ path: `${path}.token`, message: 'is shorter than 8 characters and can be guessed' })
  }
  return found
}

function componentWarnings(component: ComponentConfig, path: string, config: Config): Fault[] {
  const idle = componentIsIdle(component, config.service.account)
  return idle === null ? [] : [{ path, message: `${component.id} is ${idle}` }]
}

function serviceWarnings({ service }: Config): Fault[] {
  const found: Fault[] = []
  if (service.timeout > service.interval / 2) {
    found.push({
      path: 'service.timeout',
      message: 'is longer than half of service.interval, which bounds each attempt',
    })
  }
  const counted = service.components.filter(
    (component) => component.counts === 'outage' && componentIsIdle(component, service.account) === null,
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

/** Settings that are accepted and have no effect yet. */
function laterWarnings({ influx, letters, freshness, service, accounts }: Config): Fault[] {
  const later = (path: string): Fault => ({ path, message: 'has no effect in this version' })
  const found: Fault[] = []
  if (influx.url !== '')
    found.push({ path: 'influx.url', message: 'nothing is written to InfluxDB in this version' })
  if (letters.dkim.domain !== undefined) found.push(later('letters.dkim'))
  if (letters.operators.length > 0) found.push(later('letters.operators'))
  if (letters.watchdogUrl !== '') found.push(later('letters.watchdogUrl'))
  if (accounts.length > 0) found.push(later('accounts'))
  if (service.account !== '') found.push(later('service.account'))
  if (freshness.default.learn) found.push(later('freshness.default.learn'))
  return found
}
