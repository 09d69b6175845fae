import { html } from 'hono/html'
import { letterDueAt } from '../../core/outage/action.ts'
import type { Handling, Signature } from '../../core/outage/handling.ts'
import type { Outage } from '../../core/outage/outage.ts'
import { nextLetterBy } from '../json/outage.ts'
import { type Html, preciseMoment, type Reader } from './page.ts'

type Fact = readonly [name: string, value: Html | string]

/** All that is known of an outage, in words: bounds, both clocks, what people said, what is owed. */
export function outageFacts(reader: Reader, outage: Outage): Html {
  const facts = [
    ...clockFacts(reader, outage),
    ...handlingFacts(reader, outage.handling, outage.end === null),
    ...letterFacts(reader, outage),
  ]
  return html`<dl class="facts">${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`
}

function clockFacts(reader: Reader, outage: Outage): Fact[] {
  const { format, texts } = reader
  const { handling: words } = texts
  const start = format.precise(outage.start)
  return [
    [
      words.start,
      outage.notBefore === null
        ? words.startUnbound(start)
        : words.startBound(start, format.precise(outage.notBefore)),
    ],
    [words.end, outage.end === null ? words.stillOn : preciseMoment(reader, outage.end)],
    [words.certain, words.certainText(format.duration(outage.downMs))],
    [words.possible, words.possibleText(format.duration(outage.possibleMs))],
    [words.latestFail, preciseMoment(reader, outage.latestFailAt)],
    [
      words.failed,
      html`${outage.failed.join(', ')}${outage.intermittent ? html`<small>${words.intermittent}</small>` : ''}`,
    ],
  ]
}

function handlingFacts(reader: Reader, handling: Handling, isOpen: boolean): Fact[] {
  const { handling: words } = reader.texts
  const { message, confirmed, cancelled } = handling
  const facts: Fact[] = [[words.expected, expected(reader, handling, isOpen)]]
  if (message)
    facts.push([words.message, html`<span class="lines">${message.text}</span>${signed(reader, message)}`])
  if (confirmed)
    facts.push([words.confirmed, words.signed(confirmed.by, reader.format.precise(confirmed.at))])
  if (cancelled) {
    const at = reader.format.precise(cancelled.at)
    facts.push([words.states.cancelled, words.cancelledBy(cancelled.by, at, cancelled.reason)])
  }
  return facts
}

function expected(reader: Reader, handling: Handling, isOpen: boolean): Html | string {
  const { handling: words } = reader.texts
  const stated = handling.expected
  if (stated === null) return isOpen ? words.expectedNone : '–'
  const passed = isOpen && stated.resolution !== null && stated.resolution <= reader.now
  return html`${stated.resolution === null ? words.expectedAnew : preciseMoment(reader, stated.resolution)}
    ${stated.note === '' ? '' : html`<br>${stated.note}`}
    ${passed ? html`<small class="alarm">${words.expectedPassed}</small>` : ''}
    <small>${words.expectedBy(stated.by, reader.format.precise(stated.at))}</small>`
}

function signed({ texts, format }: Reader, { by, at }: Signature): Html {
  return html`<small>${texts.handling.signed(by, format.precise(at))}</small>`
}

function letterFacts(reader: Reader, outage: Outage): Fact[] {
  const { format, texts } = reader
  const { handling: words } = texts
  const facts: Fact[] = [[words.letterDue, dueText(reader, outage)]]
  const promised = nextLetterBy(outage)
  if (promised !== null) facts.push([words.nextLetter, words.nextLetterBy(format.precise(promised))])
  return facts
}

function dueText({ texts, format }: Reader, outage: Outage): string {
  const { handling: words } = texts
  if (letterDueAt(outage) === null) return outage.state === 'open' ? words.notDue : words.wasNotDue
  const { ordered } = outage.handling
  const parts = [
    ...(outage.letterDueAt === null ? [] : [words.dueSince(format.precise(outage.letterDueAt))]),
    ...(ordered === null ? [] : [words.orderedBy(ordered.by, format.precise(ordered.at))]),
  ]
  return parts.join('; ')
}
