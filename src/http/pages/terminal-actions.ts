import { html } from 'hono/html'
import { type ThresholdSettings, thresholdTexts } from '../../core/freshness/threshold-settings.ts'
import { MAX_REASON } from '../terminal-input.ts'
import { acknowledgeForm } from './acknowledge.ts'
import { localInput } from './local-time.ts'
import type { Html, Reader } from './page.ts'
import { field } from './terminal-field.ts'
import { terminalHref } from './terminal-href.ts'
import type { TerminalPageView } from './terminal-view.ts'

/** What may be done about the terminal, each a form of its own. */
export function actions(reader: Reader, page: TerminalPageView): Html {
  const words = reader.texts.unit
  const address = terminalHref(page.view.id)
  return html`<section class="card actions" aria-labelledby="actions">
  <h2 id="actions">${words.actions}</h2>
  <form method="post" action="${address}/ask" class="row"><button>${words.ask}</button> <span class="muted">${words.askText}</span></form>
  ${group(
    page,
    'acknowledge',
    words.known,
    html`<p class="muted">${words.knownText}</p>
    ${acknowledgeForm(reader, page.view, { back: 'terminal' })}`,
  )}
  ${group(page, 'maintenance', words.maintenance, maintenance(reader, page, address))}
  ${group(page, 'thresholds', words.own, own(reader, page, address))}
  ${group(page, 'profile', words.profile, profile(reader, page, address))}
  ${page.may.lifecycle ? group(page, 'lifecycle', words.lifecycleForm, lifecycle(reader, page, address)) : ''}
</section>`
}

/** Open where something is wrong with what was typed. */
function group({ tried }: TerminalPageView, form: string, title: string, content: Html): Html {
  return html`<details${tried?.form === form ? ' open' : ''}><summary>${title}</summary>
    ${content}</details>`
}

function maintenance(reader: Reader, { facts, tried }: TerminalPageView, address: string): Html {
  const { texts, timezone, now } = reader
  const words = texts.unit
  const window = facts.maintenance && facts.maintenance.to > now ? facts.maintenance : null
  const zone = texts.timesIn(timezone)
  return html`<form method="post" action="${address}/maintenance" class="stack">
      <p class="muted">${words.maintenanceText}</p>
      ${field('maintenance', tried, {
        name: 'from',
        label: `${words.from} (${zone})`,
        type: 'datetime-local',
        value: localInput(window?.from ?? now, timezone),
        required: true,
      })}
      ${field('maintenance', tried, {
        name: 'to',
        label: `${words.to} (${zone})`,
        type: 'datetime-local',
        value: window ? localInput(window.to, timezone) : '',
        required: true,
      })}
      ${field('maintenance', tried, {
        name: 'reason',
        label: words.reason,
        type: 'text',
        maxlength: MAX_REASON,
        value: window?.reason ?? '',
      })}
      <p class="buttons"><button class="main">${words.save}</button>
        ${window ? html`<button name="end" value="1" formnovalidate>${words.end}</button>` : ''}</p>
    </form>`
}

/** Thresholds that are durations. */
const DURATIONS = ['moving', 'parked', 'lost', 'neverAfter', 'liveLag', 'floor', 'cap'] as const

function own({ texts }: Reader, { view, tried }: TerminalPageView, address: string): Html {
  const words = texts.unit
  const set: ThresholdSettings = view.ownThresholds ?? {}
  const known = thresholdTexts(set)
  const choice = words.learnChoice
  return html`<form method="post" action="${address}/thresholds" class="stack">
      <p class="muted">${words.ownText}</p>
      <div class="fields">${DURATIONS.map((name) =>
        field('thresholds', tried, {
          name,
          label: words.setting[name],
          type: 'text',
          maxlength: 40,
          value: String(known[name] ?? ''),
        }),
      )}${field('thresholds', tried, {
        name: 'learn',
        label: words.setting.learn,
        type: 'select',
        value: set.learn === undefined ? '' : set.learn ? 'yes' : 'no',
        options: [
          ['', choice.unset],
          ['yes', choice.yes],
          ['no', choice.no],
        ],
      })}</div>
      <p class="buttons"><button class="main">${words.save}</button>
        ${view.ownThresholds ? html`<button name="clear" value="1" formnovalidate>${words.takeAway}</button>` : ''}</p>
    </form>`
}

function profile({ texts }: Reader, { facts, profiles, tried }: TerminalPageView, address: string): Html {
  const words = texts.unit
  // One that the configuration no longer has stays to be seen.
  const names =
    profiles.includes(facts.profile) || facts.profile === '' ? profiles : [facts.profile, ...profiles]
  return html`<form method="post" action="${address}/profile" class="stack">
      <p class="muted">${words.profileText}</p>
      ${field('profile', tried, {
        name: 'profile',
        label: words.profile,
        type: 'select',
        value: facts.profile,
        options: [['', words.noProfile], ...names.map((name) => [name, name] as const)],
      })}
      <p class="buttons"><button class="main">${words.save}</button></p>
    </form>`
}

function lifecycle({ texts }: Reader, { facts, tried }: TerminalPageView, address: string): Html {
  const words = texts.unit
  return html`<form method="post" action="${address}/lifecycle" class="stack">
      ${field('lifecycle', tried, {
        name: 'lifecycle',
        label: words.lifecycleForm,
        type: 'select',
        value: facts.lifecycle,
        options: (['active', 'suspended', 'decommissioned'] as const).map((name) => [
          name,
          words.lifecycle[name],
        ]),
      })}
      <p class="buttons"><button class="main">${words.save}</button></p>
    </form>`
}
