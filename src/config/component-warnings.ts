import { DOCUMENTED_PER_MINUTE, UNAUTHORISED_RATE, USER_RATE } from '../core/online/rate.ts'
import { MINUTE } from '../core/time.ts'
import { type Fault, pathText } from './fault.ts'
import type { Config } from './schema.ts'
import { accountOf, type ComponentConfig } from './service-schema.ts'

/** What components leave undone, with the next step. */
export function componentWarnings(config: Config): Fault[] {
  const idle = config.service.components.flatMap((component, index) => {
    const reason = componentIsIdle(component, config)
    const path = pathText(['service', 'components', index])
    return reason === null ? [] : [{ path, message: `${component.id} is ${reason}` }]
  })
  return [...idle, ...budgetWarnings(config)]
}

/** Whether a component can be watched; if not, why and what to do. */
export function componentIsIdle(component: ComponentConfig, { service, accounts }: Config): string | null {
  if (!isOnline(component)) return null
  const id = accountOf(component, service)
  if (id === '') return 'not watched: it needs an account (accounts, then service.account)'
  if (component.kind === 'omnicomm-state' && component.terminal === '') {
    return 'not watched: it needs the id of a terminal to ask about (terminal)'
  }
  const account = accounts.find((one) => one.id === id)
  if (component.kind === 'omnicomm-login' && account?.token !== undefined && account.refresh === undefined) {
    return `not watched: account ${id} has a token alone; give it login and password, or refresh`
  }
  return null
}

/** The service counts what is asked without a session by address (core/online/rate.ts): so much the logins leave. */
const PAGES_PER_MINUTE = DOCUMENTED_PER_MINUTE.unauthorised - UNAUTHORISED_RATE.perMinute

/**
 * Components that would wait for the budget in every minute. Logins share one, other calls have one by account. What
 * fails is tried twice in every round whatever its `every` says, and what cannot be asked then stops the outage clock.
 * Pages of the service have no budget, which would hold up the one probe that needs no account; a redirect counts anew.
 */
function budgetWarnings({ service, accounts }: Config): Fault[] {
  const { components, interval } = service
  const isLogin = ({ kind }: ComponentConfig): boolean => kind === 'omnicomm-login'
  const online = components.filter(isOnline)
  const logins = online.filter(isLogin)
  const calls = accounts.map(({ id }) =>
    online.filter((one) => !isLogin(one) && accountOf(one, service) === id),
  )
  const hosts = new Set([service, ...accounts].map(({ baseUrl }) => new URL(baseUrl).host))
  const pages = components.filter((one) => one.kind === 'http' && hosts.has(new URL(one.url).host))
  const sent = (allowed: number): string => `at most ${allowed} are sent`
  const blocked = (allowed: number): string => `more than ${allowed} may get this address blocked`
  return [
    ...tooMany(calls, interval, USER_RATE.perMinute, 'calls a minute with one account', sent),
    ...tooMany([logins], interval, UNAUTHORISED_RATE.perMinute, 'logins a minute', sent),
    ...tooMany([pages], interval, PAGES_PER_MINUTE, 'requests a minute for pages of the service', blocked),
  ]
}

/** `groups`: those that share a budget. The one that asks most is told of. */
function tooMany(
  groups: readonly (readonly ComponentConfig[])[],
  intervalMs: number,
  allowed: number,
  what: string,
  beyond: (allowed: number) => string,
): Fault[] {
  const most = (perMinute: (component: ComponentConfig) => number): number =>
    Math.ceil(Math.max(0, ...groups.map((group) => group.reduce((sum, one) => sum + perMinute(one), 0))))
  const usual = most(({ every = 0 }) => MINUTE / Math.max(every, intervalMs))
  const failing = most(() => (2 * MINUTE) / intervalMs)
  const told = (text: string): Fault[] => [{ path: 'service.components', message: text }]
  const limit = `and ${beyond(allowed)}`
  if (usual > allowed) return told(`make ${usual} ${what}, ${limit}; set a longer every`)
  if (failing <= allowed) return []
  return told(
    `make ${failing} ${what} while they fail, ${limit}, so that the outage clock would stop; set a longer service.interval`,
  )
}

function isOnline({ kind }: ComponentConfig): boolean {
  return kind.startsWith('omnicomm-')
}
