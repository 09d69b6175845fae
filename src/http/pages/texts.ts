import type { Language } from '../../core/letters/letter.ts'
import { accountTexts } from './texts/accounts.ts'
import { acknowledgeTexts } from './texts/acknowledge.ts'
import { auditTexts } from './texts/audit.ts'
import { checkTexts } from './texts/check.ts'
import { contactTexts } from './texts/contacts.ts'
import { firmwareTexts } from './texts/firmware.ts'
import { fleetTexts } from './texts/fleet.ts'
import { frameTexts } from './texts/frame.ts'
import { incidentTexts } from './texts/incidents.ts'
import { inventoryTexts } from './texts/inventory.ts'
import { letterTexts } from './texts/letters.ts'
import { outageTexts } from './texts/outage.ts'
import { recipientTexts } from './texts/recipients.ts'
import { requestTexts } from './texts/requests.ts'
import { serviceTexts } from './texts/service.ts'
import { templateTexts } from './texts/templates.ts'
import { terminalTexts } from './texts/terminal.ts'
import { visitTexts } from './texts/visit.ts'
import { wordTexts } from './texts/words.ts'

const ru = {
  ...wordTexts.ru,
  ...frameTexts.ru,
  ...fleetTexts.ru,
  ...serviceTexts.ru,
  handling: outageTexts.ru,
  mail: letterTexts.ru,
  people: recipientTexts.ru,
  accounts: accountTexts.ru,
  trail: auditTexts.ru,
  stock: inventoryTexts.ru,
  incidents: incidentTexts.ru,
  acknowledging: acknowledgeTexts.ru,
  unit: terminalTexts.ru,
  visiting: visitTexts.ru,
  requests: requestTexts.ru,
  contacts: contactTexts.ru,
  checking: checkTexts.ru,
  releases: firmwareTexts.ru,
  templating: templateTexts.ru,
}

/** Every text of the pages; a language that lacks one does not compile. */
export type Texts = typeof ru

const en: Texts = {
  ...wordTexts.en,
  ...frameTexts.en,
  ...fleetTexts.en,
  ...serviceTexts.en,
  handling: outageTexts.en,
  mail: letterTexts.en,
  people: recipientTexts.en,
  accounts: accountTexts.en,
  trail: auditTexts.en,
  stock: inventoryTexts.en,
  incidents: incidentTexts.en,
  acknowledging: acknowledgeTexts.en,
  unit: terminalTexts.en,
  visiting: visitTexts.en,
  requests: requestTexts.en,
  contacts: contactTexts.en,
  checking: checkTexts.en,
  releases: firmwareTexts.en,
  templating: templateTexts.en,
}

/** The texts of each language. */
export const TEXTS: Readonly<Record<Language, Texts>> = { ru, en }
