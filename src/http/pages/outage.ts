import { html } from 'hono/html'
import type { Letter } from '../../core/letters/letter.ts'
import { letterDueAt } from '../../core/outage/action.ts'
import type { Outage } from '../../core/outage/outage.ts'
import type { OutageDetail } from '../json/outage.ts'
import type { LetterCounts } from '../letter-counts.ts'
import { auditTable } from './audit-table.ts'
import { helpLink } from './help/help-link.ts'
import { letterCountsText } from './letter-counts-text.ts'
import { letterTable } from './letter-table.ts'
import { doneNote, faultNote } from './notice.ts'
import { outageFacts } from './outage-facts.ts'
import { type OutageRefusal, outageForms } from './outage-forms.ts'
import { type Html, may, type Reader } from './page.ts'
import { timelineStrip } from './timeline.ts'

const LETTERS_SHOWN = 50

/** All that the page of an outage shows. */
export type OutageView = {
  readonly detail: OutageDetail
  readonly counts: LetterCounts
  /** How many would get the letter now. */
  readonly recipients: number
  readonly done?: string | undefined
  readonly refusal?: OutageRefusal | undefined
}

/** One outage: what is known, what can be done, time line, letters, what people did; the forms for those who may. */
export function outageView(reader: Reader, view: OutageView): Html {
  const { texts, format } = reader
  const { handling: words } = texts
  const { outage, timeline, audit } = view.detail
  const isDesk = may(reader, 'POST /outages/:id/confirm')
  return html`<section class="banner ${outage.state === 'open' ? 'down' : 'unknown'}">
  <div>
    <h1>${words.title(format.precise(outage.start))}</h1>
    <p><strong>${words.states[outage.state]}</strong>:
      ${texts.certainly(format.duration(outage.downMs))}, ${texts.possibly(format.duration(outage.possibleMs))}.</p>
    ${outage.state === 'cancelled' && outage.end === null ? html`<p>${words.cancelledText}</p>` : ''}
  </div>
</section>
${doneNote(view.done)}${faultNote(view.refusal?.fault)}
${isDesk && isOpenQuestion(outage) ? html`<p class="note warn">${words.openQuestion}</p>` : ''}
<section class="card" aria-labelledby="facts">
  <div class="head"><h2 id="facts">${words.facts}</h2>${helpLink(reader, 'outage-clock')}</div>
  ${outageFacts(reader, outage)}
</section>
${isDesk && outage.state === 'open' ? outageForms(reader, outage, view.recipients, view.refusal) : ''}
<section class="card" aria-labelledby="timeline">
  <h2 id="timeline">${words.timeline}</h2>
  ${timelineStrip(reader, {
    title: words.timeline,
    segments: timeline,
    from: outage.notBefore ?? outage.start,
    to: outage.end ?? Math.max(reader.now, outage.start + 1),
  })}
</section>
${letterSection(reader, view)}
${isDesk ? history(reader, audit) : ''}`
}

function history(reader: Reader, audit: OutageDetail['audit']): Html {
  return html`<section class="card" aria-labelledby="history">
  <h2 id="history">${reader.texts.handling.history}</h2>
  ${auditTable(reader, audit, false)}
</section>`
}

/** Unknown time alone keeps the letter from being due; the operator decides (spec/outage-clock.md 4). */
function isOpenQuestion(outage: Outage): boolean {
  return outage.state === 'open' && outage.operatorAlarmAt !== null && letterDueAt(outage) === null
}

function letterSection(reader: Reader, { detail, counts }: OutageView): Html {
  const { handling: words } = reader.texts
  const { outage, letters } = detail
  // To whom letters went is the business of those who write them.
  if (!may(reader, 'GET /letters')) {
    return html`<section class="card" aria-labelledby="letters">
  <h2 id="letters">${words.letters}</h2>
  <p>${letters.total === 0 ? words.lettersNone : letterCountsText(reader, counts)}</p>
</section>`
  }
  const shown = deadFirst(letters.items).slice(0, LETTERS_SHOWN)
  const kind = outage.end === null ? (outage.bulletins.at === null ? 'initial' : 'update') : 'recovery'
  return html`<section class="card" aria-labelledby="letters">
  <div class="head"><h2 id="letters">${words.letters}</h2>
    <a href="/letters/preview?kind=${kind}&amp;outage=${encodeURIComponent(outage.id)}">${words.preview}</a>
    ${letters.total > 0 ? html`<a href="/letters?outage=${encodeURIComponent(outage.id)}">${words.lettersAll(letters.total)}</a>` : ''}</div>
  ${shown.length === 0 ? html`<p>${words.lettersNone}</p>` : html`<p class="muted">${letterCountsText(reader, counts)}</p>${letterTable(reader, shown)}`}
</section>`
}

function deadFirst(letters: readonly Letter[]): readonly Letter[] {
  return letters.toSorted((a, b) => Number(b.state === 'dead') - Number(a.state === 'dead'))
}
