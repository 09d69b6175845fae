import { html } from 'hono/html'
import type { Role } from '../../core/people/account.ts'
import { mayCall, type Route } from '../access.ts'
import type { Texts } from './texts.ts'

/** Sections that everybody needs each day, in their order. */
const MAIN = {
  fleet: ['/', 'fleet'],
  check: ['/check', 'checkPage'],
  requests: ['/requests', 'requestsPage'],
  incidents: ['/incidents', 'incidentsPage'],
  service: ['/service', 'servicePage'],
  letters: ['/letters', 'lettersPage'],
} as const

/** Those that are looked up now and then. */
const MORE = {
  inventory: ['/inventory', 'inventoryPage'],
  firmware: ['/firmware', 'firmwarePage'],
  templates: ['/templates', 'templatesPage'],
  recipients: ['/recipients', 'recipientsPage'],
  contacts: ['/contacts', 'contactsPage'],
  users: ['/users', 'usersPage'],
  audit: ['/audit', 'auditPage'],
} as const

/** A part of the pages that the navigation names; `account` and `help` stand beside it. */
export type Section = keyof typeof MAIN | keyof typeof MORE | 'account' | 'help'

type Entry = readonly [Section, readonly [string, keyof Texts]]

/** What somebody with this role may open, and nothing else. */
export function navigation(texts: Texts, role: Role, section: Section | undefined) {
  const open = (entries: typeof MAIN | typeof MORE): Entry[] =>
    (Object.entries(entries) as Entry[]).filter(([, [href]]) => mayCall(role, `GET ${href}` as Route))
  const links = (entries: readonly Entry[]) => entries.map((entry) => link(texts, entry, section))
  const more = open(MORE)
  const isInMore = more.some(([name]) => name === section)
  return html`<nav aria-label="${texts.navigation}">
        <div class="sections">${links(open(MAIN))}</div>
        ${
          more.length === 0
            ? ''
            : html`<details class="more">
          <summary class="${isInMore ? 'here' : ''}">${texts.more}</summary>
          <div>${links(more)}</div>
        </details>`
        }
      </nav>`
}

function link(texts: Texts, [name, [href, text]]: Entry, section: Section | undefined) {
  return name === section
    ? html`<a href="${href}" aria-current="page">${texts[text]}</a> `
    : html`<a href="${href}">${texts[text]}</a> `
}
