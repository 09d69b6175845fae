import { html } from 'hono/html'
import type { ServiceStatus } from '../../core/outage/status.ts'
import type { BlindSource } from '../seen.ts'
import { helpLink } from './help/help-link.ts'
import { outageHref } from './letter-table.ts'
import { type Html, moment, type Reader } from './page.ts'

/** States whose words say what there is, not what the service does. */
const NOUNS: ReadonlySet<ServiceStatus['state']> = new Set(['unknown', 'maintenance'])

/** The watched service first: an outage explains most calls. */
export function serviceBanner(reader: Reader, name: string, status: ServiceStatus, link: boolean): Html {
  const { texts, format, now } = reader
  const { outage, since } = status
  return html`<section class="banner ${status.state}" aria-labelledby="service-state">
  <div>
    <h2 id="service-state"><span class="dot" aria-hidden="true"></span>${name}${NOUNS.has(status.state) ? ':' : ''} ${texts.service[status.state]}</h2>
    <p>${
      since === null
        ? wasChecked(status)
          ? texts.notKnownYet
          : texts.notChecked
        : html`${texts.since} ${moment(reader, since)}, ${texts.lasts(format.duration(Math.max(0, now - since)))}`
    }</p>
    ${
      outage
        ? html`<p><strong>${texts.openOutage}</strong> ${texts.sinceAt(format.precise(outage.start))}:
      ${texts.certainly(format.duration(outage.downMs))}, ${texts.possibly(format.duration(outage.possibleMs))}.
      ${texts.openOutageAdvice}
      <a href="${outageHref(outage.id)}">${texts.openThisOutage}</a></p>`
        : ''
    }
    ${advice(reader, status)}
  </div>
  ${link ? html`<a class="button" href="/service">${texts.details}</a>` : ''}
</section>`
}

function advice({ texts }: Reader, status: ServiceStatus): Html | string {
  if (status.outage) return ''
  switch (status.state) {
    case 'degraded':
      return html`<p>${texts.degradedAdvice}</p>`
    case 'unknown':
      return status.since === null && !wasChecked(status) ? '' : html`<p>${texts.unknownAdvice}</p>`
    case 'down':
      return html`<p>${texts.openOutageAdvice}</p>`
    case 'up':
    case 'maintenance':
      return ''
  }
}

/** Probes may have run without a verdict: when nothing answers, not even the control hosts. */
function wasChecked({ components }: ServiceStatus): boolean {
  return components.some(({ state, checkedAt }) => state !== 'not-watched' && checkedAt !== null)
}

/** What is amiss on our side: settings that are missing, sources that hear nothing. */
export function ownSideNotes(
  reader: Reader,
  warnings: readonly string[],
  blind: readonly BlindSource[],
): Html {
  const { texts, format } = reader
  return html`${list(
    'note warn',
    texts.ourSide,
    blind.map(({ id, blindSince }) => texts.blindSource(id, format.moment(blindSince))),
    helpLink(reader, 'blind'),
  )}${list('note warn', texts.toDo, warnings)}`
}

function list(
  className: string,
  title: string,
  lines: readonly string[],
  help: Html | string = '',
): Html | string {
  if (lines.length === 0) return ''
  return html`<section class="${className}" aria-label="${title}">
  <strong>${title}</strong> ${help}
  <ul>${lines.map((line) => html`<li>${line}</li>`)}</ul>
</section>
`
}
