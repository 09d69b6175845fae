import { fileURLToPath } from 'node:url'
import { readFirmwareFile } from '../config/firmware-file.ts'
import { loadRequestTemplates } from '../config/request-templates.ts'
import type { Config } from '../config/schema.ts'
import type { RequestTemplate } from '../core/request/template.ts'
import type { FirmwareEditor, TemplateEditor } from '../http/deps/check.ts'
import type { Clock, Log, Stores } from '../ports.ts'
import { type CheckDeskDeps, createCheckDesk } from '../workers/check-desk.ts'
import { createFirmwareBook } from '../workers/firmware-book.ts'
import { createTemplateBook } from '../workers/template-book.ts'

export type CheckingDeps = CheckDeskDeps & {
  readonly clock: Clock
  readonly log: Log
  readonly stores: Pick<Stores, 'firmware' | 'templates'>
}

/** Folder of the drafts: part of the program, beside src. */
const FOLDER = fileURLToPath(new URL('../../config/request-templates', import.meta.url))

/** The check before a ticket with the firmware catalogue and the templates of requests. Read when it resolves. */
export async function openChecking(deps: CheckingDeps, config: () => Config) {
  const { stores, fleet } = deps
  const book = createFirmwareBook({
    ...deps,
    store: stores.firmware,
    use: (catalogue) => {
      fleet.catalogue = catalogue
    },
  })
  await book.load()
  const templates: TemplateEditor & { load(): Promise<void> } = createTemplateBook({
    ...deps,
    store: stores.templates,
    drafts: readDrafts(),
  })
  await templates.load()
  const firmware: FirmwareEditor = { ...book, read: readFirmwareFile }
  return { firmware, templates, check: createCheckDesk(deps, { account: () => accountOf(config()) }) }
}

/** The drafts that come with the program. Throws an error that names every fault in them. */
function readDrafts(): readonly RequestTemplate[] {
  const read = loadRequestTemplates(FOLDER)
  if (read.ok) return read.templates
  throw new Error(read.faults.map(({ path, message }) => `${path}: ${message}`).join('\n'))
}

/** The account by which the service is watched: its login, never its password. */
function accountOf({ service, accounts }: Config): { readonly host: string; readonly login: string } {
  const account = accounts.find(({ id }) => id === service.account)
  const host = URL.canParse(service.baseUrl) ? new URL(service.baseUrl).host : ''
  return { host, login: account && 'login' in account && account.login !== undefined ? account.login : '' }
}
