import { html } from 'hono/html'
import type { TerminalFacts } from '../../core/fleet/facts.ts'
import type { TerminalView } from '../../core/fleet/view.ts'
import { type Html, preciseMoment, type Reader } from './page.ts'

/** What the inventory says of the terminal; what is not known is left out. */
export function about(reader: Reader, view: TerminalView, facts: TerminalFacts): Html {
  const { texts } = reader
  const words = texts.unit
  const list: readonly (readonly [keyof typeof words.fact, Html | string])[] = [
    ['firmware', firmwareOf(reader, view)],
    ['imei', facts.imei],
    ['sim', facts.sim],
    ['uuid', facts.uuid],
    ['aliases', facts.aliases.join(', ')],
    ['operator', facts.operator],
    ['region', facts.region],
    ['profile', facts.profile],
    ['source', view.source ?? ''],
    ['lifecycle', words.lifecycle[facts.lifecycle]],
    ['intake', words.intake[facts.intake]],
    ['maintenance', work(reader, facts)],
    ['firstSeen', preciseMoment(reader, facts.firstSeenAt)],
    ['discovered', view.discovered ? texts.discovered : words.inInventory],
  ]
  return html`<section class="card" aria-labelledby="about">
  <h2 id="about">${words.about}</h2>
  <dl class="facts">${list
    .filter(([, value]) => value !== '')
    .map(([name, value]) => html`<div><dt>${words.fact[name]}</dt><dd>${value}</dd></div>`)}</dl>
</section>`
}

/** The version with what the catalogue says of it. */
function firmwareOf({ texts, format }: Reader, { firmware }: TerminalView): Html | string {
  if (!firmware) return ''
  const words = texts.unit
  const { version, at, status, reason, latest } = firmware
  return html`${version} <span class="badge firmware-${status}">${words.firmware[status]}</span>
      <small>${[
        at === null ? words.firmwareSaid : words.firmwareAt(format.moment(at)),
        reason === undefined ? '' : words.firmwareReason[reason],
        latest === undefined || status === 'green' ? '' : words.firmwareLatest(String(latest)),
      ]
        .filter((part) => part !== '')
        .join('; ')}</small>`
}

function work({ texts, format, now }: Reader, { maintenance: window }: TerminalFacts): string {
  if (window === null || window.to <= now) return ''
  return texts.unit.window(format.moment(window.from), format.moment(window.to), window.reason)
}
