import { html } from 'hono/html'
import { unusableWords } from '../../core/letters/next-step.ts'
import type { ComponentStatus, Segment, ServiceStatus, UptimeReport } from '../../core/outage/status.ts'
import type { Instant } from '../../core/time.ts'
import { serviceBanner } from './banner.ts'
import { helpLink } from './help/help-link.ts'
import { type MaintenanceView, maintenanceSection } from './maintenance.ts'
import { type RulesView, rulesSection } from './maintenance-rules.ts'
import { doneNote } from './notice.ts'
import { type OutageRow, outageTable } from './outage-table.ts'
import { type Html, moment, type Reader } from './page.ts'
import { timelineStrip, timelineTitle } from './timeline.ts'
import { type ReportsView, uptimeSection } from './uptime-table.ts'

/** All that the service page shows. */
export type ServiceView = {
  readonly name: string
  readonly status: ServiceStatus
  readonly timeline: { readonly segments: readonly Segment[]; readonly from: Instant; readonly to: Instant }
  readonly uptime: readonly { readonly period: 'day1' | 'day7' | 'day30'; readonly report: UptimeReport }[]
  readonly reports: ReportsView
  readonly outages: readonly OutageRow[]
  readonly maintenance: MaintenanceView
  readonly rules: RulesView
  readonly done?: string | undefined
}

/** The watched service: state, checks, time line, uptime, outages, planned work. */
export function serviceView(reader: Reader, view: ServiceView): Html {
  const { texts } = reader
  const { segments, from, to } = view.timeline
  const title = timelineTitle(reader, from, to)
  return html`<h1 class="hidden">${view.name}</h1>
${doneNote(view.done)}${serviceBanner(reader, view.name, view.status, false)}
<section class="card" aria-labelledby="timeline">
  <div class="head"><h2 id="timeline">${title}</h2>${helpLink(reader, 'timeline')}</div>
  ${timelineStrip(reader, { title, segments, from, to })}
</section>
<section aria-labelledby="uptime">
  <h2 id="uptime" class="hidden">${texts.uptime}</h2>
  <div class="tiles">${view.uptime.map(({ period, report }) => uptimeTile(reader, texts[period], report))}</div>
</section>
<section class="card" aria-labelledby="components">
  <div class="head"><h2 id="components">${texts.components}</h2>${helpLink(reader, 'service-states')}</div>
  ${componentTable(reader, view.status.components)}
</section>
<section class="card" aria-labelledby="outages">
  <h2 id="outages">${texts.outages}</h2>
  ${outageTable(reader, view.outages)}
</section>
${uptimeSection(reader, view.reports)}
${maintenanceSection(reader, view.maintenance)}
${rulesSection(reader, view.rules)}`
}

function uptimeTile({ texts, format }: Reader, period: string, report: UptimeReport): Html {
  const { ratio, lower, upper, coverage } = report
  return html`<div class="tile">
    <h3>${texts.uptime}: ${period}</h3>
    <p class="figure">${ratio === null ? html`<span class="muted">${texts.notEnough}</span>` : format.percent(ratio, 'down')}</p>
    <p class="muted">${texts.bounds(format.percent(lower, 'down'), format.percent(upper, 'up'))};
      ${texts.coverage(format.percent(coverage, 'down'))}</p>
  </div>`
}

function componentTable(reader: Reader, components: readonly ComponentStatus[]): Html {
  const { texts, format, language } = reader
  return html`<table>
    <caption class="hidden">${texts.componentsCaption}</caption>
    <thead><tr>
      <th scope="col">${texts.componentColumn}</th>
      <th scope="col">${texts.stateColumn}</th>
      <th scope="col" class="number">${texts.latency}</th>
      <th scope="col" class="wide">${texts.checked}</th>
    </tr></thead>
    <tbody>${components.map(
      ({ id, kind, state, latencyMs, checkedAt, reason, cause }) => html`<tr>
      <th scope="row">${id} <small>${kind}</small></th>
      <td><span class="badge ${state}">${texts.component[state]}</span>${reason ? html`<small>${unusableWords({ reason, ...(cause && { cause }) }, language)}</small>` : ''}</td>
      <td class="number">${latencyMs === null ? '–' : `${format.number(Math.round(latencyMs))} ${texts.millisecond}`}</td>
      <td class="wide">${state === 'not-watched' ? '–' : moment(reader, checkedAt)}</td>
    </tr>`,
    )}</tbody>
  </table>`
}
