import { UNAUTHORISED_RATE, USER_RATE } from '../core/online/rate.ts'
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

/**
 * Components that would wait for the budget in every minute. Logins share one, other calls have one by account. What
 * fails is tried twice in every round whatever its `every` says, and what cannot be asked then stops the outage clock.
 */
function budgetWarnings({ service, accounts }: Config): Fault[] {
  const isLogin = ({ kind }: ComponentConfig): boolean => kind === 'omnicomm-login'
  const online = service.components.filter(isOnline)
  const logins = online.filter(isLogin)
  const calls = accounts.map(({ id }) =>
    online.filter((one) => !isLogin(one) && accountOf(one, service) === id),
  )
  return [
    ...tooMany(calls, service.interval, USER_RATE.perMinute, 'calls a minute with one account'),
    ...tooMany([logins], service.interval, UNAUTHORISED_RATE.perMinute, 'logins a minute'),
  ]
}

/** `groups`: those that share a budget. The one that asks most is told of. */
function tooMany(
  groups: readonly (readonly ComponentConfig[])[],
  intervalMs: number,
  allowed: number,
  what: string,
): Fault[] {
  const most = (perMinute: (component: ComponentConfig) => number): number =>
    Math.ceil(Math.max(0, ...groups.map((group) => group.reduce((sum, one) => sum + perMinute(one), 0))))
  const usual = most(({ every = 0 }) => MINUTE / Math.max(every, intervalMs))
  const failing = most(() => (2 * MINUTE) / intervalMs)
  const told = (text: string): Fault[] => [{ path: 'service.components', message: text }]
  const limit = `and at most ${allowed} are sent`
  if (usual > allowed) return told(`make ${usual} ${what}, ${limit}; set a longer every`)
  if (failing <= allowed) return []
  return told(
    `make ${failing} ${what} while they fail, ${limit}, so that the outage clock would stop; set a longer service.interval`,
  )
}

function isOnline({ kind }: ComponentConfig): boolean {
  return kind.startsWith('omnicomm-')
}
