import { html } from 'hono/html'
import type { Uptime, UptimeReport } from '../../core/outage/status.ts'
import type { Instant } from '../../core/time.ts'
import type { ReportPeriod } from '../deps/service.ts'
import { REPORT_PERIODS } from '../report-range.ts'
import type { Html, Reader } from './page.ts'

/** Reports of one kind of period, and the range that they were asked for. */
export type ReportsView = {
  readonly period: ReportPeriod
  readonly reports: readonly UptimeReport[]
}

/** Uptime by day, week or month with what is known about it. */
export function uptimeSection(reader: Reader, { period, reports }: ReportsView): Html {
  const { texts } = reader
  return html`<section class="card" id="reports" aria-labelledby="reports-title">
  <div class="head"><h2 id="reports-title">${texts.reports}</h2>
    <a href="/api/v1/reports/uptime?period=${period}&amp;format=csv">${texts.download}</a></div>
  <nav class="choices" aria-label="${texts.periodColumn}">${REPORT_PERIODS.map((name) =>
    name === period
      ? html`<a href="/service?period=${name}#reports" aria-current="true">${texts.periods[name]}</a> `
      : html`<a href="/service?period=${name}#reports">${texts.periods[name]}</a> `,
  )}</nav>
  ${reports.length === 0 ? html`<p>${texts.reportEmpty}</p>` : table(reader, period, reports)}
</section>`
}

function table(reader: Reader, period: ReportPeriod, reports: readonly UptimeReport[]): Html {
  const { texts } = reader
  return html`<table>
    <caption class="hidden">${texts.reportsCaption}</caption>
    <thead><tr>
      <th scope="col">${texts.periodColumn}</th>
      <th scope="col" class="number">${texts.uptime}</th>
      <th scope="col" class="number">${texts.coverageColumn}</th>
      <th scope="col" class="wide">${texts.partsColumn}</th>
    </tr></thead>
    <tbody>${reports.map((report) => row(reader, period, report))}</tbody>
  </table>`
}

function row(reader: Reader, period: ReportPeriod, report: UptimeReport): Html {
  const { texts, format } = reader
  const { lower, upper, coverage, components } = report
  return html`<tr>
      <th scope="row">${periodName(reader, period, report.from, report.to)}</th>
      <td class="number">${ratio(reader, report)}
        <small>${texts.bounds(format.percent(lower, 'down'), format.percent(upper, 'up'))}</small></td>
      <td class="number">${format.percent(coverage, 'down')}</td>
      <td class="wide"><small>${components.map((part) => `${part.id}: ${ratio(reader, part)}`).join(', ')}</small></td>
    </tr>`
}

function ratio({ texts, format }: Reader, { ratio: share }: Uptime): string {
  return share === null ? texts.notEnough : format.percent(share, 'down')
}

/** The end of a period is its last moment, so that a week does not seem to have eight days. */
function periodName({ format }: Reader, period: ReportPeriod, from: Instant, to: Instant): string {
  switch (period) {
    case 'day':
      return format.date(from)
    case 'week':
      return `${format.date(from)} – ${format.date(to - 1)}`
    case 'month':
      return format.month(from)
  }
}
