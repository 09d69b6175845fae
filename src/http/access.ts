import { ROLES, type Role } from '../core/people/account.ts'

/** Who may call a route. `anybody`: strangers, too; such a route checks for itself what else it needs. */
export type Allowed = 'anybody' | readonly Role[]

const ANYBODY = 'anybody'
const ADMIN: readonly Role[] = ['admin']
const DESK: readonly Role[] = ['admin', 'operator']
/** Those who see terminals: a dealer those of his scope alone (seen.ts). */
const PEOPLE: readonly Role[] = ['admin', 'operator', 'dealer']
/** Whoever has an account, machines as well. */
export const SIGNED_IN: readonly Role[] = ROLES

/** Every route of the API and every page, as it is registered. One that is not here is for administrators alone. */
export const ACCESS = {
  'GET /healthz': ANYBODY,
  'GET /readyz': ANYBODY,
  'GET /metrics': ANYBODY,
  'GET /api/v1/openapi.json': ANYBODY,
  'GET /assets/app.css': ANYBODY,
  'GET /assets/app.js': ANYBODY,
  'GET /login': ANYBODY,
  'GET /help': ANYBODY,
  'POST /login': ANYBODY,
  'POST /logout': ANYBODY,
  'POST /api/v1/ingest/:source': ANYBODY,

  'GET /account': SIGNED_IN,
  'POST /account': SIGNED_IN,
  'POST /account/password': SIGNED_IN,
  'POST /account/sign-out': SIGNED_IN,
  'GET /api/v1/account': SIGNED_IN,
  'PUT /api/v1/account': SIGNED_IN,
  'PUT /api/v1/account/password': SIGNED_IN,
  'DELETE /api/v1/account/sessions': SIGNED_IN,

  'GET /': PEOPLE,
  'GET /events': PEOPLE,
  'POST /terminals/acknowledge': PEOPLE,
  'GET /api/v1/summary': PEOPLE,
  'GET /api/v1/terminals': PEOPLE,
  'GET /api/v1/terminals/:id': PEOPLE,
  'GET /api/v1/terminals/:id/history': PEOPLE,
  'GET /api/v1/terminals/:id/notes': PEOPLE,
  'POST /api/v1/terminals/:id/notes': PEOPLE,
  'POST /api/v1/terminals/:id/ask': PEOPLE,
  'PUT /api/v1/terminals/:id/profile': PEOPLE,
  'PUT /api/v1/terminals/:id/maintenance': PEOPLE,
  'PUT /api/v1/terminals/:id/thresholds': PEOPLE,
  'PUT /api/v1/terminals/:id/acknowledge': PEOPLE,
  'DELETE /api/v1/terminals/:id/learnt': PEOPLE,
  'PUT /api/v1/terminals/:id/lifecycle': DESK,
  'GET /terminals/:id': PEOPLE,
  'GET /terminals/:id/visit': PEOPLE,
  'POST /terminals/:id/acknowledge': PEOPLE,
  'POST /terminals/:id/ask': PEOPLE,
  'POST /terminals/:id/notes': PEOPLE,
  'POST /terminals/:id/forget-learnt': PEOPLE,
  'POST /terminals/:id/maintenance': PEOPLE,
  'POST /terminals/:id/thresholds': PEOPLE,
  'POST /terminals/:id/profile': PEOPLE,
  'POST /terminals/:id/lifecycle': DESK,

  'GET /incidents': PEOPLE,
  'GET /incidents/:id': PEOPLE,
  'GET /api/v1/incidents': PEOPLE,
  'GET /api/v1/incidents/:id': PEOPLE,

  'GET /check': PEOPLE,
  'POST /check': PEOPLE,
  'GET /check/:id': PEOPLE,
  'POST /check/:id': PEOPLE,
  'POST /check/:id/reply': PEOPLE,
  'POST /check/:id/eml': PEOPLE,
  'POST /check/:id/keep': PEOPLE,
  'POST /api/v1/check': PEOPLE,
  'GET /api/v1/check/:id': PEOPLE,
  'POST /api/v1/check/:id/reply': PEOPLE,
  'GET /requests': PEOPLE,
  'POST /requests': PEOPLE,
  'GET /requests/new': PEOPLE,
  'GET /requests/:id': PEOPLE,
  'POST /requests/:id/:action': PEOPLE,
  'GET /api/v1/requests': PEOPLE,
  'POST /api/v1/requests': PEOPLE,
  'GET /api/v1/requests/:id': PEOPLE,
  'GET /api/v1/requests/:id/letters/:number': PEOPLE,
  'POST /api/v1/requests/:id/sent': PEOPLE,
  'POST /api/v1/requests/:id/ticket': PEOPLE,
  'POST /api/v1/requests/:id/note': PEOPLE,
  'POST /api/v1/requests/:id/asked': PEOPLE,
  'POST /api/v1/requests/:id/answered': PEOPLE,
  'POST /api/v1/requests/:id/follow-up': PEOPLE,
  'POST /api/v1/requests/:id/promised': PEOPLE,
  'POST /api/v1/requests/:id/official-asked': PEOPLE,
  'POST /api/v1/requests/:id/official-answered': PEOPLE,
  'POST /api/v1/requests/:id/step': PEOPLE,
  'POST /api/v1/requests/:id/step-done': PEOPLE,
  'POST /api/v1/requests/:id/close': PEOPLE,
  'POST /api/v1/requests/:id/reopen': PEOPLE,
  'GET /firmware': PEOPLE,
  'POST /firmware': DESK,
  'POST /firmware/import': DESK,
  'POST /firmware/remove': DESK,
  'GET /api/v1/firmware': PEOPLE,
  'POST /api/v1/firmware/import': DESK,
  'GET /api/v1/firmware/:model': PEOPLE,
  'PUT /api/v1/firmware/:model': DESK,
  'DELETE /api/v1/firmware/:model': DESK,
  'GET /templates': DESK,
  'GET /templates/:id': DESK,
  'POST /templates/:id': DESK,
  'POST /templates/:id/restore': DESK,
  'GET /api/v1/templates': PEOPLE,
  'GET /api/v1/templates/:id': PEOPLE,
  'PUT /api/v1/templates/:id': DESK,
  'DELETE /api/v1/templates/:id': DESK,
  'GET /contacts': PEOPLE,
  'POST /contacts': DESK,
  'POST /contacts/remove': DESK,
  'GET /api/v1/contacts': PEOPLE,
  'PUT /api/v1/contacts': DESK,
  'DELETE /api/v1/contacts': DESK,
  'GET /api/v1/contacts/:dealer': PEOPLE,
  'PUT /api/v1/contacts/:dealer': DESK,
  'DELETE /api/v1/contacts/:dealer': DESK,

  'GET /inventory': DESK,
  'POST /inventory/import': DESK,
  'POST /inventory/adopt': DESK,
  'POST /api/v1/terminals/import': DESK,
  'POST /api/v1/terminals/adopt': DESK,
  'GET /api/v1/inventory/export': DESK,
  'GET /api/v1/inventory/conflicts': DESK,
  'GET /api/v1/sources': DESK,
  'GET /api/v1/recording': ADMIN,

  'GET /service': PEOPLE,
  'GET /outages': PEOPLE,
  'GET /outages/:id': PEOPLE,
  'GET /api/v1/service': PEOPLE,
  'GET /api/v1/uptime': PEOPLE,
  'GET /api/v1/reports/uptime': PEOPLE,
  'GET /api/v1/outages': PEOPLE,
  'GET /api/v1/outages/:id': PEOPLE,
  'POST /outages/:id/expected-resolution': DESK,
  'POST /outages/:id/message': DESK,
  'POST /outages/:id/cancel': DESK,
  'POST /outages/:id/confirm': DESK,
  'POST /outages/:id/send-letter': DESK,
  'POST /api/v1/outages/:id/expected-resolution': DESK,
  'POST /api/v1/outages/:id/message': DESK,
  'POST /api/v1/outages/:id/cancel': DESK,
  'POST /api/v1/outages/:id/confirm': DESK,
  'POST /api/v1/outages/:id/send-letter': DESK,

  'GET /api/v1/maintenance': PEOPLE,
  'GET /api/v1/maintenance/rules': PEOPLE,
  'POST /api/v1/maintenance': DESK,
  'DELETE /api/v1/maintenance/:id': DESK,
  'POST /api/v1/maintenance/rules': DESK,
  'DELETE /api/v1/maintenance/rules/:id': DESK,
  'POST /service/maintenance': DESK,
  'POST /service/maintenance/:id/end': DESK,
  'POST /service/rules': DESK,
  'POST /service/rules/:id/remove': DESK,

  'GET /letters': DESK,
  'GET /letters/preview': DESK,
  'GET /letters/:id': DESK,
  'GET /letters/:id/html': DESK,
  'POST /letters/:id/requeue': DESK,
  'GET /api/v1/letters': DESK,
  'GET /api/v1/letters/preview': DESK,
  'GET /api/v1/letters/:id': DESK,
  'POST /api/v1/letters/:id/requeue': DESK,

  'GET /recipients': DESK,
  'POST /recipients': DESK,
  'POST /recipients/import': DESK,
  'POST /recipients/:id': DESK,
  'POST /recipients/:id/remove': DESK,
  'GET /api/v1/recipients': DESK,
  'POST /api/v1/recipients': DESK,
  'POST /api/v1/recipients/import': DESK,
  'GET /api/v1/recipients/:id': DESK,
  'PUT /api/v1/recipients/:id': DESK,
  'DELETE /api/v1/recipients/:id': DESK,

  'GET /users': ADMIN,
  'POST /users': ADMIN,
  'POST /users/:name': ADMIN,
  'POST /users/:name/password': ADMIN,
  'POST /users/:name/token': ADMIN,
  'POST /users/:name/token/remove': ADMIN,
  'POST /users/:name/remove': ADMIN,
  'GET /api/v1/users': ADMIN,
  'POST /api/v1/users': ADMIN,
  'GET /api/v1/users/:name': ADMIN,
  'PUT /api/v1/users/:name': ADMIN,
  'DELETE /api/v1/users/:name': ADMIN,
  'POST /api/v1/users/:name/password': ADMIN,
  'POST /api/v1/users/:name/token': ADMIN,
  'DELETE /api/v1/users/:name/token': ADMIN,

  'GET /audit': ADMIN,
  'GET /api/v1/audit': ADMIN,
} as const satisfies Readonly<Record<string, Allowed>>

/** A route as the table has it. */
export type Route = keyof typeof ACCESS

/** Who may call a route, also one that the table does not have. */
export function allowedFor(route: string): Allowed {
  return Object.hasOwn(ACCESS, route) ? ACCESS[route as Route] : ADMIN
}

/** Whether somebody with this role may; pages show nobody what he may not. */
export function mayCall(role: Role, route: Route): boolean {
  const allowed = allowedFor(route)
  return allowed === ANYBODY || allowed.includes(role)
}

/** What is open to somebody who must choose a password first. */
export function isOwnPassword(route: string | undefined): boolean {
  return route !== undefined && OWN_PASSWORD.has(route)
}

const OWN_PASSWORD: ReadonlySet<string> = new Set<Route>([
  'GET /account',
  'POST /account/password',
  'GET /api/v1/account',
  'PUT /api/v1/account/password',
])
