import { OpenAPIHono } from '@hono/zod-openapi'
import type { Hono } from 'hono'
import { methodNotAllowed } from 'hono/method-not-allowed'
import { createAuth } from './auth.ts'
import { limitBody, MEBIBYTE } from './body.ts'
import type { AppDeps, AppOptions } from './deps.ts'
import type { HttpEnv } from './env.ts'
import { answerFailure, answerMissing, answerWrongMethod, refuseInvalid } from './failure.ts'
import { createGuard } from './guard.ts'
import { securityHeaders } from './headers.ts'
import { addPages } from './pages/pages.ts'
import { problem } from './problem.ts'
import { addAccount } from './routes/account.ts'
import { addAudit } from './routes/audit.ts'
import { addCheck } from './routes/check.ts'
import { addContacts } from './routes/contacts.ts'
import { addEvents } from './routes/events.ts'
import { addFirmware } from './routes/firmware.ts'
import { addIncidents } from './routes/incidents.ts'
import { addIngest } from './routes/ingest.ts'
import { addLetterPreview } from './routes/letter-preview.ts'
import { addLetters } from './routes/letters.ts'
import { addMaintenance } from './routes/maintenance.ts'
import { addMaintenanceRules } from './routes/maintenance-rules.ts'
import { addOpenApi } from './routes/openapi.ts'
import { addOutageActions } from './routes/outage-actions.ts'
import { addOutages } from './routes/outages.ts'
import { addProbes } from './routes/probes.ts'
import { addRecipientImport } from './routes/recipient-import.ts'
import { addRecipients } from './routes/recipients.ts'
import { addRecording } from './routes/recording.ts'
import { addReports } from './routes/reports.ts'
import { addRequestActions } from './routes/request-actions.ts'
import { addRequests } from './routes/requests.ts'
import { addService } from './routes/service.ts'
import { addTemplates } from './routes/templates.ts'
import { addTerminalAsk } from './routes/terminal-ask.ts'
import { addTerminalChanges } from './routes/terminal-changes.ts'
import { addTerminalImport } from './routes/terminal-import.ts'
import { addTerminalInventory } from './routes/terminal-inventory.ts'
import { addTerminalNotes } from './routes/terminal-notes.ts'
import { addTerminalSettings } from './routes/terminal-settings.ts'
import { addTerminals } from './routes/terminals.ts'
import { addUserSecrets } from './routes/user-secrets.ts'
import { addUsers } from './routes/users.ts'

/** The HTTP side: API, pages, probes. Who may call which route is said in access.ts. */
export function createApp(deps: AppDeps, options: AppOptions): Hono<HttpEnv> {
  const app = new OpenAPIHono<HttpEnv>({ defaultHook: refuseInvalid })
  const auth = createAuth(deps, options)
  app.onError(answerFailure(deps, options))
  app.notFound(answerMissing(options))
  app.use(securityHeaders)
  app.use(methodNotAllowed({ app, onMethodNotAllowed: answerWrongMethod }))
  app.use(createGuard(auth, options))

  addProbes(app, deps, options, auth)
  addIngest(app, deps, auth)
  addOpenApi(app)
  addTerminalImport(app, deps, options)
  addRecipientImport(app, deps, options)
  app.use('/api/*', jsonLimit)
  addTerminalInventory(app, deps, options)
  addTerminalAsk(app, deps, options)
  addTerminalChanges(app, deps, options)
  addTerminalSettings(app, deps, options)
  addTerminalNotes(app, deps, options)
  addTerminals(app, deps, options)
  addIncidents(app, deps, options)
  addService(app, deps, options)
  addRecording(app, deps)
  addReports(app, deps, options)
  addOutages(app, deps)
  addOutageActions(app, deps, options)
  addLetterPreview(app, deps, options)
  addLetters(app, deps, options)
  addMaintenanceRules(app, deps, options)
  addMaintenance(app, deps, options)
  addRecipients(app, deps, options)
  addRequests(app, deps, options)
  addRequestActions(app, deps, options)
  addContacts(app, deps, options)
  addCheck(app, deps, options)
  addFirmware(app, deps, options)
  addTemplates(app, deps, options)
  addUsers(app, deps, options, auth)
  addUserSecrets(app, deps, options, auth)
  addAccount(app, deps, options, auth)
  addAudit(app, deps)
  addEvents(app, deps, auth)
  addPages(app, deps, options, auth)
  return app
}

const jsonLimit = limitBody(MEBIBYTE, (c) => problem(c, 413, 'At most 1 MiB.'))
