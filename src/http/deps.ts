import type { Language } from '../core/letters/letter.ts'
import type { AuditTrail, Clock, Log, SettingsStore } from '../ports.ts'
import type { AccountEditor } from './deps/accounts.ts'
import type { CheckDesk, FirmwareEditor, TemplateEditor } from './deps/check.ts'
import type { FleetAccess } from './deps/fleet.ts'
import type { IncidentAccess } from './deps/incidents.ts'
import type { PushReader, RecordingDesk } from './deps/intake.ts'
import type { LetterDesk, RecipientEditor } from './deps/letters.ts'
import type { LiveDesk } from './deps/live.ts'
import type { ContactDesk, RequestDesk, SupportSettings } from './deps/requests.ts'
import type { MaintenanceEditor, OutageDesk, ReportReader, ServiceReader } from './deps/service.ts'
import type { FleetEditor, NoteDesk, TerminalAsker } from './deps/terminals.ts'

/** Everything the HTTP side needs; made by compose.ts. */
export type AppDeps = {
  readonly clock: Pick<Clock, 'now'>
  readonly log: Log
  readonly fleet: FleetAccess
  readonly incidents: IncidentAccess
  readonly live: LiveDesk
  readonly editor: FleetEditor
  readonly asker: TerminalAsker
  readonly notes: NoteDesk
  readonly service: ServiceReader
  readonly outageDesk: OutageDesk
  readonly maintenance: MaintenanceEditor
  readonly recipients: RecipientEditor
  readonly letters: LetterDesk
  readonly audit: AuditTrail
  readonly accounts: AccountEditor
  readonly requests: RequestDesk
  readonly support: () => SupportSettings
  readonly contacts: ContactDesk
  readonly check: CheckDesk
  readonly firmware: FirmwareEditor
  readonly templates: TemplateEditor
  readonly reports: ReportReader
  readonly push: PushReader
  readonly recorder: RecordingDesk
  readonly settings: SettingsStore
  readonly metrics: { text(): Promise<string> }
  /** Empty: able to do its work. */
  readonly troubles: () => readonly string[]
  /** Warnings for people with an account: no recipients, no SMTP. */
  readonly warnings: (language: Language) => readonly string[]
}

/** What the page of an empty fleet says about sending the first message; a part that is absent is not offered. */
export type FirstSteps = {
  readonly mqtt?: { readonly host: string; readonly port: number; readonly topic: string }
  /** An HTTP push source of format json; its token is not shown. */
  readonly push?: { readonly source: string }
}

export type AppOptions = {
  readonly publicUrl: string
  readonly metricsToken: string
  readonly adminToken: string
  readonly trustProxy: boolean
  readonly language: Language
  readonly timezone: string
  /** Called for each page, because ports may be known only after the start. */
  readonly firstSteps?: () => FirstSteps
}
