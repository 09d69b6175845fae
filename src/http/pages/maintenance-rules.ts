import { html } from 'hono/html'
import type { MaintenanceRule } from '../../core/outage/outage.ts'
import { announceBox } from './maintenance.ts'
import { faultNote } from './notice.ts'
import { type Html, may, type Reader } from './page.ts'

/** What was typed into the form, as text. */
export type RuleTyped = {
  readonly cron: string
  readonly duration: string
  readonly reason: string
  readonly announce: boolean
}

/** Rules and the form; after a refusal with the text that says why and with what was typed. */
export type RulesView = {
  readonly rules: readonly MaintenanceRule[]
  readonly fault?: string
  readonly input?: RuleTyped
}

/** Planned work that comes back: the rules, and the form for more. */
export function rulesSection(reader: Reader, view: RulesView): Html {
  const { texts } = reader
  return html`<section class="card" id="rules" aria-labelledby="rules-title">
  <h2 id="rules-title">${texts.rules}</h2>
  <p class="muted">${texts.rulesText}</p>
  ${view.rules.length === 0 ? html`<p>${texts.noRules}</p>` : table(reader, view.rules)}
  ${faultNote(view.fault)}
  ${may(reader, 'POST /service/rules') ? form(reader, view.input) : ''}
</section>`
}

function table(reader: Reader, rules: readonly MaintenanceRule[]): Html {
  const { texts, format } = reader
  const mayRemove = may(reader, 'POST /service/rules/:id/remove')
  return html`<table>
    <caption class="hidden">${texts.rulesCaption}</caption>
    <thead><tr>
      <th scope="col">${texts.cron}</th>
      <th scope="col">${texts.reason}</th><th scope="col"><span class="hidden">${texts.remove}</span></th>
    </tr></thead>
    <tbody>${rules.map(
      (rule) => html`<tr>
      <th scope="row"><code>${rule.cron}</code>
        <small>${texts.ruleDuration}: ${format.duration(rule.durationMs)}</small></th>
      <td class="free">${rule.reason}${rule.announce ? html`<small>${texts.ruleAnnounced}</small>` : ''}</td>
      <td>${
        mayRemove
          ? html`<form method="post" action="/service/rules/${encodeURIComponent(rule.id)}/remove">
        <button aria-label="${texts.remove}: ${rule.cron}">${texts.remove}</button></form>`
          : ''
      }</td>
    </tr>`,
    )}</tbody>
  </table>`
}

function form({ texts, timezone }: Reader, input?: RuleTyped): Html {
  return html`<form method="post" action="/service/rules" class="search">
    <label>${texts.cron} <input name="cron" value="${input?.cron ?? ''}" maxlength="100" required placeholder="0 3 * * 0" aria-describedby="cron-hint"></label>
    <label>${texts.ruleDuration} <input name="duration" value="${input?.duration ?? ''}" maxlength="40" required placeholder="2h" aria-describedby="duration-hint"></label>
    <label class="grow">${texts.reason} <input name="reason" value="${input?.reason ?? ''}" maxlength="500"></label>
    ${announceBox(texts.announce, input?.announce ?? false)}
    <button class="main">${texts.addRule}</button>
  </form>
  <p class="muted"><span id="cron-hint">${texts.cronHint} (${texts.timesIn(timezone)}).</span>
    <span id="duration-hint">${texts.ruleDuration}: ${texts.ruleDurationHint}.</span></p>`
}
