import { OpenAPIHono } from '@hono/zod-openapi'
import type { Hono } from 'hono'
import { methodNotAllowed } from 'hono/method-not-allowed'
import { createAuth, requireAccount } from './auth.ts'
import { limitBody, MEBIBYTE } from './body.ts'
import type { AppDeps, AppOptions } from './deps.ts'
import type { HttpEnv } from './env.ts'
import { answerFailure, answerMissing, answerWrongMethod, refuseInvalid } from './failure.ts'
import { securityHeaders } from './headers.ts'
import { addPages } from './pages/pages.ts'
import { problem } from './problem.ts'
import { addAudit } from './routes/audit.ts'
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
import { addService } from './routes/service.ts'
import { addTerminalAsk } from './routes/terminal-ask.ts'
import { addTerminalChanges } from './routes/terminal-changes.ts'
import { addTerminalImport } from './routes/terminal-import.ts'
import { addTerminalInventory } from './routes/terminal-inventory.ts'
import { addTerminalSettings } from './routes/terminal-settings.ts'
import { addTerminals } from './routes/terminals.ts'

/** The HTTP side: API, pages, probes. Routes that stand before the account check are open to strangers. */
export function createApp(deps: AppDeps, options: AppOptions): Hono<HttpEnv> {
  const app = new OpenAPIHono<HttpEnv>({ defaultHook: refuseInvalid })
  const auth = createAuth(deps, options)
  app.onError(answerFailure(deps, options))
  app.notFound(answerMissing(options))
  app.use(securityHeaders)
  app.use(methodNotAllowed({ app, onMethodNotAllowed: answerWrongMethod }))

  addProbes(app, deps, options, auth)
  addIngest(app, deps)
  addOpenApi(app)

  app.use('/api/*', requireAccount(auth, options, ['admin']))
  addTerminalImport(app, deps, options)
  addRecipientImport(app, deps, options)
  app.use('/api/*', jsonLimit)
  addTerminalInventory(app, deps, options)
  addTerminalAsk(app, deps, options)
  addTerminalChanges(app, deps, options)
  addTerminalSettings(app, deps, options)
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
  addAudit(app, deps)
  addPages(app, deps, options, auth)
  return app
}

const jsonLimit = limitBody(MEBIBYTE, (c) => problem(c, 413, 'At most 1 MiB.'))
