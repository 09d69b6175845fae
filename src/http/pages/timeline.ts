import { html } from 'hono/html'
import type { Segment, SegmentClass } from '../../core/outage/status.ts'
import { DAY, type Instant, MINUTE } from '../../core/time.ts'
import { type Html, preciseMoment, type Reader } from './page.ts'

/** Units of the drawing; it is stretched to the width of the page. */
const WIDTH = 1440
const HEIGHT = 36
/** A stretch of a minute must stay visible. */
const MIN_WIDTH = 2
const TICKS = 4
const SHORTEST = 10 * MINUTE
/** A service that flaps all day would make a list that nobody reads. */
const MAX_LINES = 200

/** A stretch of the time line and what it is called. */
export type Strip = {
  readonly title: string
  readonly segments: readonly Segment[]
  readonly from: Instant
  readonly to: Instant
}

/** The time line as a strip, and the same in words for those who do not see it. */
export function timelineStrip(reader: Reader, { title: name, segments, from, to }: Strip): Html {
  const { texts } = reader
  const title = `${name}: ${summary(reader, segments)}`
  return html`<svg class="strip" viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-labelledby="strip-title">
    <title id="strip-title">${title}</title>
    <rect class="none" x="0" y="0" width="${WIDTH}" height="${HEIGHT}"></rect>
    ${ordered(segments).map((segment) => bar(reader, segment, from, to))}
  </svg>
  <div class="ticks" aria-hidden="true">${ticks(reader, from, to)}</div>
  <ul class="legend">${(['up', 'down', 'edge', 'unknown', 'maintenance'] as const).map(
    (name) => html`<li><span class="swatch ${name}" aria-hidden="true"></span>${texts.segment[name]}</li>`,
  )}</ul>
  <details><summary>${texts.timelineText}</summary>${inWords(reader, segments)}</details>`
}

/** What the strip shows: a day, or less when the service has not been watched for so long. */
export function timelineTitle({ texts }: Reader, from: Instant, to: Instant): string {
  return to - from < DAY ? texts.sinceStart : texts.last24
}

/** Where a strip of the day before `now` begins: ten minutes at least, and no empty beginning. */
export function timelineStart(segments: readonly Segment[], now: Instant): Instant {
  const first = segments.find((segment) => segment.class !== 'unknown')?.from ?? now
  return Math.max(now - DAY, Math.min(first, now - SHORTEST))
}

/** Downtime is drawn last, so that nothing beside it covers a short outage. */
function ordered(segments: readonly Segment[]): readonly Segment[] {
  const rank: Readonly<Record<SegmentClass, number>> = { up: 0, unknown: 1, maintenance: 2, edge: 3, down: 4 }
  return segments.toSorted((a, b) => rank[a.class] - rank[b.class])
}

function bar({ texts, format }: Reader, segment: Segment, from: Instant, to: Instant): Html {
  const scale = WIDTH / Math.max(1, to - from)
  const x = Math.max(0, (segment.from - from) * scale)
  const width = Math.max(MIN_WIDTH, Math.min(WIDTH, (segment.to - from) * scale) - x)
  const text = `${texts.segment[segment.class]}: ${format.moment(segment.from)} – ${format.moment(segment.to)}`
  return html`<rect class="${segment.class}" x="${x.toFixed(1)}" y="0" width="${width.toFixed(1)}" height="${HEIGHT}"><title>${text}</title></rect>
    `
}

function ticks({ format }: Reader, from: Instant, to: Instant): Html[] {
  const marks = []
  for (let i = 0; i <= TICKS; i++) {
    marks.push(html`<span>${format.moment(from + ((to - from) * i) / TICKS)}</span>`)
  }
  return marks
}

function summary({ texts, format }: Reader, segments: readonly Segment[]): string {
  const totals = new Map<SegmentClass, number>()
  for (const { class: name, ms } of segments) totals.set(name, (totals.get(name) ?? 0) + ms)
  const parts = [...totals].map(([name, ms]) => `${texts.segment[name]} ${format.duration(ms)}`)
  return parts.join(', ') || texts.timelineEmpty
}

function inWords(reader: Reader, segments: readonly Segment[]): Html {
  const { texts, format } = reader
  if (segments.length === 0) return html`<p>${texts.timelineEmpty}</p>`
  return html`<ol>${segments.slice(-MAX_LINES).map(
    (segment) =>
      html`<li>${preciseMoment(reader, segment.from)} – ${preciseMoment(reader, segment.to)}:
        ${texts.segment[segment.class]} (${format.duration(segment.ms)})</li>`,
  )}</ol>`
}
