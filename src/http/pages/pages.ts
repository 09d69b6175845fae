import type { Hono } from 'hono'
import { compress } from 'hono/compress'
import { addScript } from '../assets/script.ts'
import { addStyle } from '../assets/style.ts'
import type { Auth } from '../auth.ts'
import { limitBody, MEBIBYTE } from '../body.ts'
import type { AppDeps, AppOptions } from '../deps.ts'
import type { HttpEnv } from '../env.ts'
import { answerTooLong } from '../failure.ts'
import { FIRMWARE_LIMIT_BYTES } from '../routes/firmware.ts'
import { RECIPIENTS_LIMIT_BYTES } from '../routes/recipient-import.ts'
import { IMPORT_LIMIT_BYTES } from '../routes/terminal-import.ts'
import { addAccountPages } from './account-page.ts'
import { addAcknowledgeManyPage } from './acknowledge-many-page.ts'
import { addAcknowledgePage } from './acknowledge-page.ts'
import { addAuditPage } from './audit-page.ts'
import { addCheckForms } from './check-forms.ts'
import { addCheckPages } from './check-page.ts'
import { addContactPages } from './contacts-page.ts'
import { addFirmwarePage, firmwareTooLong } from './firmware-page.ts'
import { addFleetPage } from './fleet-page.ts'
import { addHelpPage } from './help/help-page.ts'
import { addIncidentPages } from './incidents-page.ts'
import { addInventoryPages, inventoryTooLong } from './inventory-page.ts'
import { addLetterPages } from './letters-page.ts'
import { addLoginPages } from './login-page.ts'
import { addOutagePage } from './outage-page.ts'
import { addRecipientPages, importTooLong } from './recipients-page.ts'
import { addRequestPage } from './request-page.ts'
import { addRequestsPages, REQUEST_LIMIT_BYTES, requestTooLong } from './requests-page.ts'
import { addServicePages } from './service-page.ts'
import { addTemplatePages } from './templates-page.ts'
import { addTerminalPage } from './terminal-page.ts'
import { addUserPages } from './users-page.ts'
import { addVisitPage } from './visit-page.ts'

const FORM_LIMIT_BYTES = 64 * 1024
/** Those under these addresses are longer; a Russian character takes six bytes of a form. */
const LONGER_FORMS = [
  // A pasted letter, or every point of a request.
  { under: '/check', bytes: 512 * 1024 },
  // Hundreds of clients and groups, ticked and typed.
  { under: '/users', bytes: MEBIBYTE },
] as const

/** The pages for people, with login and style sheet. */
export function addPages(app: Hono<HttpEnv>, deps: AppDeps, options: AppOptions, auth: Auth): void {
  const tooLong = answerTooLong(options)
  const limit = limitBody(FORM_LIMIT_BYTES, tooLong)
  const longer = LONGER_FORMS.map(({ under, bytes }) => ({ under, limit: limitBody(bytes, tooLong) }))
  // Lists shrink to a seventh. No page has a secret beside what others can make it say (BREACH): cookies come with
  // requests of our own pages only.
  app.use(compress())
  addStyle(app)
  addScript(app)
  const fileLimits = new Map([
    ['/firmware/import', limitBody(FIRMWARE_LIMIT_BYTES, (c) => firmwareTooLong(c, deps, options))],
    ['/recipients/import', limitBody(RECIPIENTS_LIMIT_BYTES, (c) => importTooLong(c, deps, options))],
    ['/requests', limitBody(REQUEST_LIMIT_BYTES, (c) => requestTooLong(c, deps, options))],
    ['/inventory/import', limitBody(IMPORT_LIMIT_BYTES, (c) => inventoryTooLong(c, deps, options))],
  ])
  const limitOf = (path: string) =>
    fileLimits.get(path) ?? longer.find(({ under }) => path.startsWith(under))?.limit ?? limit
  app.use((c, next) => limitOf(c.req.path)(c, next))
  addLoginPages(app, deps, options, auth)
  addHelpPage(app, deps, options, auth)
  addAccountPages(app, deps, options, auth)
  addFleetPage(app, deps, options)
  addAcknowledgeManyPage(app, deps, options)
  addAcknowledgePage(app, deps, options)
  addTerminalPage(app, deps, options)
  addVisitPage(app, deps, options)
  addCheckPages(app, deps, options)
  addCheckForms(app, deps, options)
  addFirmwarePage(app, deps, options)
  addTemplatePages(app, deps, options)
  addIncidentPages(app, deps, options)
  addInventoryPages(app, deps, options)
  addServicePages(app, deps, options)
  addOutagePage(app, deps, options)
  addLetterPages(app, deps, options)
  addRequestsPages(app, deps, options)
  addRequestPage(app, deps, options)
  addRecipientPages(app, deps, options)
  addContactPages(app, deps, options)
  addUserPages(app, deps, options, auth)
  addAuditPage(app, deps, options)
}
