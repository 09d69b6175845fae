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

/** Components that would wait for the budget in every minute. Logins share one, other calls have one by account. */
function budgetWarnings({ service, accounts }: Config): Fault[] {
  const perMinute = (components: readonly ComponentConfig[]): number =>
    components.reduce((sum, { every = 0 }) => sum + MINUTE / Math.max(every, service.interval), 0)
  const isLogin = ({ kind }: ComponentConfig): boolean => kind === 'omnicomm-login'
  const online = service.components.filter(isOnline)
  const logins = perMinute(online.filter(isLogin))
  const calls = accounts.map(({ id }) =>
    perMinute(online.filter((one) => !isLogin(one) && accountOf(one, service) === id)),
  )
  return [
    ...tooMany(Math.max(0, ...calls), USER_RATE.perMinute, 'calls a minute with one account'),
    ...tooMany(logins, UNAUTHORISED_RATE.perMinute, 'logins a minute'),
  ]
}

function tooMany(asked: number, allowed: number, what: string): Fault[] {
  if (asked <= allowed) return []
  const message = `make ${Math.round(asked)} ${what}, and at most ${allowed} are sent; set a longer every`
  return [{ path: 'service.components', message }]
}

function isOnline({ kind }: ComponentConfig): boolean {
  return kind.startsWith('omnicomm-')
}
