import { html } from 'hono/html'
import type { AuditEntry, AuditValue } from '../../core/audit.ts'
import { isOutageId } from '../json/letter.ts'
import { outageHref } from './letter-table.ts'
import { type Html, preciseMoment, type Reader } from './page.ts'

const MAX_VALUE = 300

/** Actions, newest first. `subject`: names what each was done to. */
export function auditTable(reader: Reader, entries: readonly AuditEntry[], subject: boolean): Html {
  const { trail } = reader.texts
  if (entries.length === 0) return html`<p>${trail.none}</p>`
  return html`<table>
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
        <ul class="changes">${changes(entry).map(([name, before, after]) => change(name, before, after))}</ul></td>
    </tr>`
}

function subjectOf({ texts }: Reader, { action, subject }: AuditEntry): Html {
  const only = html`<a href="/audit?subject=${encodeURIComponent(subject)}">${texts.trail.only(subject)}</a>`
  if (isOutageId(subject) && action.startsWith('outage.')) {
    return html`<a href="${outageHref(subject)}">${subject}</a>`
  }
  return only
}

/** The values that the action changed: those that it left as they were say nothing. */
function changes({ before, after }: AuditEntry): readonly [string, string | null, string | null][] {
  const names = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])
  return [...names].flatMap((name) => {
    const [old, now] = [valueText(before, name), valueText(after, name)]
    return old === now ? [] : [[name, old, now]]
  })
}

function valueText(values: AuditValue | null, name: string): string | null {
  const value = values?.[name] ?? null
  if (value === null || value === '') return null
  const text = typeof value === 'object' ? value.join(', ') : String(value)
  return text.length > MAX_VALUE ? `${text.slice(0, MAX_VALUE)}…` : text
}

function change(name: string, before: string | null, after: string | null): Html {
  return html`<li><span class="muted">${name}:</span>
          ${before === null ? '' : html`<del>${before}</del>`} ${after === null ? '' : html`<ins>${after}</ins>`}</li>`
}
