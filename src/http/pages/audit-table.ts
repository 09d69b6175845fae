import { html } from 'hono/html'
import type { AuditEntry, AuditValue } from '../../core/audit.ts'
import { parseIso } from '../../core/time.ts'
import { isOutageId } from '../json/letter.ts'
import { outageHref } from './letter-table.ts'
import { type Html, preciseMoment, type Reader } from './page.ts'

const MAX_VALUE = 300

/** Actions, newest first. `subject`: names what each was done to. */
export function auditTable(reader: Reader, entries: readonly AuditEntry[], subject: boolean): Html {
  const { trail } = reader.texts
  if (entries.length === 0) return html`<p>${trail.none}</p>`
  return html`<table class="trail">
    <caption class="hidden">${trail.caption}</caption>
    <thead><tr>
      <th scope="col">${trail.when}</th>
      <th scope="col">${trail.who}</th>
      <th scope="col">${trail.what}</th>
    </tr></thead>
    <tbody>${entries.map((entry) => row(reader, entry, subject))}</tbody>
  </table>`
}

function row(reader: Reader, entry: AuditEntry, subject: boolean): Html {
  const { trail } = reader.texts
  const { actor } = entry
  return html`<tr>
      <th scope="row">${preciseMoment(reader, entry.at)}</th>
      <td class="free">${actor.name}<small>${trail.by[actor.via]}${actor.address ? `, ${actor.address}` : ''}</small></td>
      <td class="free">${trail.actions[entry.action] ?? entry.action}
        ${subject ? html`<small>${subjectOf(reader, entry)}</small>` : ''}
        ${changeList(reader, entry)}</td>
    </tr>`
}

function subjectOf({ texts }: Reader, { action, subject }: AuditEntry): Html {
  const only = html`<a href="/audit?subject=${encodeURIComponent(subject)}" title="${texts.trail.only(subject)}">${subject}</a>`
  if (isOutageId(subject) && action.startsWith('outage.')) {
    return html`<a href="${outageHref(subject)}">${subject}</a>`
  }
  return only
}

/** The values that the action changed: those that it left as they were say nothing. */
function changeList(reader: Reader, { action, before, after }: AuditEntry): Html | string {
  const { trail } = reader.texts
  const names = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])
  const changed = [...names].filter((name) => String(before?.[name] ?? '') !== String(after?.[name] ?? ''))
  // Of sign-ins and secrets the action itself says all.
  if (changed.length === 0)
    return action.startsWith('account.') ? '' : html`<small>${trail.unchanged}</small>`
  const told = changed.filter((name) => !SIGNATURE.has(name))
  if (told.length === 0) return ''
  return html`<ul class="changes">${told.map((name) => change(reader, name, before, after))}</ul>`
}

/** Who and when stand in columns of their own. */
const SIGNATURE: ReadonlySet<string> = new Set(['by', 'at'])

/** Times as the reader's clock shows them. */
function valueText({ format, texts }: Reader, values: AuditValue | null, name: string): string | null {
  const value = values?.[name] ?? null
  if (value === null || value === '') return null
  if (typeof value === 'boolean') return texts.trail.truth[value ? 'yes' : 'no']
  const at = typeof value === 'string' && TIMES.has(name) ? parseIso(value, 'UTC') : undefined
  if (at !== undefined) return format.precise(at)
  const text = typeof value === 'object' ? value.join(', ') : String(value)
  return text.length > MAX_VALUE ? `${text.slice(0, MAX_VALUE)}…` : text
}

const TIMES: ReadonlySet<string> = new Set([
  ...['resolution', 'from', 'to', 'until', 'sentAt', 'questionAt', 'promisedAt', 'officialAskedAt'],
  ...['officialAnsweredAt', 'closedAt', 'before'],
])

function change(reader: Reader, name: string, before: AuditValue | null, after: AuditValue | null): Html {
  const [old, now] = [valueText(reader, before, name), valueText(reader, after, name)]
  return html`<li><span class="muted">${reader.texts.trail.names[name] ?? name}:</span>
          ${old === null ? '' : html`<del>${old}</del>`} ${now === null ? '' : html`<ins>${now}</ins>`}</li>`
}
