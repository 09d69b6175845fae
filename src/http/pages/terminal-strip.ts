import { html } from 'hono/html'
import { coarseStrip, type StripPart, stripTotals } from '../../core/fleet/state-strip.ts'
import type { State, Transition } from '../../core/freshness/state.ts'
import { periodsOf } from '../../core/reports/periods.ts'
import { DAY, type Instant } from '../../core/time.ts'
import { incidentHref } from './incident-table.ts'
import { type Html, moment, type Reader } from './page.ts'

/** Columns of the drawing: two hours each in 30 days. */
const COLUMNS = 360
const HEIGHT = 40
const LABELS = 16
/** So much of the time the name of a day covers on a phone: one nearer to the end would be cut. */
const LABEL_MS = 6 * DAY
/** Changes that are listed on the page, and those of them that are in sight at once. */
const LISTED = 50
const IN_SIGHT = 8

/** The states of the last days: drawn, added up, and the changes between them. `historyAddress`: where all of them are. */
export function stateHistory(
  reader: Reader,
  strip: readonly StripPart[],
  transitions: readonly Transition[],
  historyAddress: string,
): Html {
  const words = reader.texts.unit
  return html`<section class="card" aria-labelledby="history">
  <h2 id="history">${words.history}</h2>
  ${drawing(reader, strip)}
  <div class="columns">
  ${totals(reader, strip)}
  <div class="stack">
    ${changes(reader, transitions)}
    <p class="muted">${
      transitions.length > LISTED
        ? html`${words.newest(reader.format.number(LISTED), reader.format.number(transitions.length))} `
        : ''
    }<a href="${historyAddress}?limit=1000">${words.all} (JSON)</a> · <a href="${historyAddress}?format=csv">${words.all} (CSV)</a></p>
  </div>
  </div>
</section>`
}

function drawing(reader: Reader, strip: readonly StripPart[]): Html {
  const { texts, format, timezone } = reader
  const [from, to] = [strip[0]?.from ?? 0, strip.at(-1)?.to ?? 0]
  const place = (at: Instant): string => `${((100 * (at - from)) / Math.max(1, to - from)).toFixed(2)}%`
  const bars = coarseStrip(strip, COLUMNS).map((part) => {
    const text = `${texts.unit.strip[part.state]}: ${format.moment(part.from)} – ${format.moment(part.to)}`
    return html`<rect class="${part.state}" x="${place(part.from)}" width="${place(from + part.to - part.from)}" y="0" height="${HEIGHT}"><title>${text}</title></rect>
    `
  })
  const days = periodsOf('day', { from, to }, timezone, 60).filter((day) => day.from > from)
  const lines = days.map(
    (day) => html`<line x1="${place(day.from)}" x2="${place(day.from)}" y1="0" y2="${HEIGHT}"></line>`,
  )
  const weeks = periodsOf('week', { from, to }, timezone, 10).filter(
    (week) => week.from > from && to - week.from > LABEL_MS,
  )
  const labels = weeks.map(
    (
      week,
    ) => html`<line class="week" x1="${place(week.from)}" x2="${place(week.from)}" y1="0" y2="${HEIGHT + LABELS}"></line>
    <text x="${place(week.from)}" dx="3" y="${HEIGHT + LABELS - 3}">${format.day(week.from)}</text>`,
  )
  return html`<svg class="states" width="100%" height="${HEIGHT + LABELS}" role="img" aria-labelledby="states-title">
    <title id="states-title">${texts.unit.stripTitle}: ${summary(reader, strip)}</title>
    <defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse"><path d="M0 6 6 0"></path></pattern></defs>
    ${bars}${lines}${labels}
  </svg>`
}

function summary({ texts, format }: Reader, strip: readonly StripPart[]): string {
  return stripTotals(strip)
    .map(({ state, ms }) => `${texts.unit.strip[state]} ${format.duration(ms)}`)
    .join(', ')
}

/** It is the legend of the drawing, too. */
function totals({ texts, format }: Reader, strip: readonly StripPart[]): Html {
  const words = texts.unit
  const all = stripTotals(strip)
  const whole = all.reduce((sum, { ms }) => sum + ms, 0)
  return html`<table class="totals">
    <caption>${words.totalsCaption}</caption>
    <thead><tr>
      <th scope="col">${words.stateColumn}</th>
      <th scope="col" class="number">${words.lasted}</th>
      <th scope="col" class="number">${words.share}</th>
    </tr></thead>
    <tbody>${all.map(
      ({ state, ms }) => html`<tr>
      <th scope="row"><span class="swatch ${state}" aria-hidden="true"></span>${words.strip[state]}</th>
      <td class="number">${format.duration(ms)}</td>
      <td class="number">${format.percent(ms / whole, 'down')}</td>
    </tr>`,
    )}</tbody>
  </table>`
}

/** The newest in sight, some more behind a button. */
function changes(reader: Reader, transitions: readonly Transition[]): Html {
  const words = reader.texts.unit
  if (transitions.length === 0) return html`<p>${words.noChanges}</p>`
  const more = transitions.slice(IN_SIGHT, LISTED)
  return html`${changeTable(reader, words.changesCaption, transitions.slice(0, IN_SIGHT))}${
    more.length === 0
      ? ''
      : html`
    <details><summary>${words.earlier(more.length)}</summary>
    ${changeTable(reader, words.earlierCaption, more)}</details>`
  }`
}

function changeTable(reader: Reader, caption: string, transitions: readonly Transition[]): Html {
  const words = reader.texts.unit
  return html`<table class="changes-of-state">
    <caption>${caption}</caption>
    <thead><tr>
      <th scope="col">${words.when}</th>
      <th scope="col">${words.change}</th>
      <th scope="col">${words.causeColumn}</th>
    </tr></thead>
    <tbody>${transitions.map(
      (change) => html`<tr>
      <th scope="row">${moment(reader, change.at)}</th>
      <td>${change.from === null ? html`<span class="muted">${words.first}</span>` : badge(reader, change.from)} → ${badge(reader, change.to)}</td>
      <td>${causeOf(reader, change)}</td>
    </tr>`,
    )}</tbody>
  </table>`
}

function badge({ texts }: Reader, state: State): Html {
  return html`<span class="badge ${state}">${texts.state[state]}</span>`
}

function causeOf({ texts }: Reader, { cause, incident, note }: Transition): Html {
  const words = texts.unit
  return html`${cause === undefined ? '' : words.cause[cause]}
        ${incident === undefined ? '' : html`<a href="${incidentHref(incident)}">${words.incident}</a>`}
        ${note === undefined ? '' : texts.unstable}`
}
