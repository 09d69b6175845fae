import { html } from 'hono/html'
import type { Addressee } from '../../core/request/addressee.ts'
import type { RequestStanding, RequestStep } from '../../core/request/overdue.ts'
import type { SupportRequest } from '../../core/request/support-request.ts'
import type { FleetReader } from '../deps/fleet.ts'
import type { AppDeps } from '../deps.ts'
import { machineTime } from './format.ts'
import { type Html, moment, type Reader } from './page.ts'
import { terminalHref } from './terminal-href.ts'
import type { Texts } from './texts.ts'

/** The page of a request. */
export function requestHref(id: string): string {
  return `/requests/${encodeURIComponent(id)}`
}

/** Words about a request by whom it goes to: those about support do not fit a department. */
export function wordsFor({ texts }: Reader, addressee: Addressee): Texts['requests'] {
  const { requests } = texts
  return addressee === 'support' ? requests : { ...requests, ...requests.ofDepartment }
}

/** How a request stands, in words and colour. */
export function requestBadges(
  { texts }: Reader,
  { closedAt, addressee }: Pick<SupportRequest, 'closedAt' | 'addressee'>,
  { overdue, unregistered }: RequestStanding,
): Html {
  const words = texts.requests
  return html`${
    closedAt === null
      ? html`<span class="badge pending">${words.open}</span>`
      : html`<span class="badge">${words.closed}</span>`
  }${overdue ? html` <span class="badge stale">${words.overdue}</span>` : ''}${
    unregistered ? html` <span class="badge degraded">${words.unregistered}</span>` : ''
  }${addressee === 'support' ? '' : html` <span class="badge">${words.addressees[addressee]}</span>`}`
}

/** What a request waits for, and until when. */
export function requestStep(
  reader: Reader,
  { kind, at, overdue }: RequestStep,
  { promised, addressee }: Pick<SupportRequest, 'promised' | 'addressee'>,
): Html {
  const words = wordsFor(reader, addressee)
  if (at === null) return html`${words.steps[kind]}`
  // The official answer is due by the end of a day, not at a minute.
  const time = kind === 'official' ? reader.format.date(at) : reader.format.moment(at)
  const approximate = kind === 'promise' && promised?.approximate === true
  return html`${words.steps[kind]}, <time datetime="${machineTime(at)}" title="${reader.format.precise(at)}">${
    overdue ? words.wasDue(time) : words.until(time, approximate)
  }</time>`
}

/** Links to the terminals that the reader sees, at most `most`; the ids of the others alone. */
export function requestTerminals(
  { texts }: Reader,
  fleet: Pick<FleetReader, 'get'>,
  ids: readonly string[],
  most: number,
): Html {
  const words = texts.requests
  if (ids.length === 0) return html`<span class="muted">${words.ofService}</span>`
  const shown = ids.slice(0, most).map((id, place) => {
    const view = fleet.get(id)
    const comma = place === 0 ? '' : ', '
    return view
      ? html`${comma}<a href="${terminalHref(view.id)}">${view.name || view.id}</a>${view.name ? ` (${view.id})` : ''}`
      : html`${comma}${id}`
  })
  return html`${shown}${ids.length > most ? html` ${words.andMore(ids.length - most)}` : ''}`
}

/** Age of a request, with the time when it was made. */
export function requestAge(reader: Reader, { createdAt }: Pick<SupportRequest, 'createdAt'>): Html {
  return html`${reader.format.duration(Math.max(0, reader.now - createdAt))}
    <small>${moment(reader, createdAt)}</small>`
}

/** The problem in words: the title of its template, or as it was written by hand. */
export function requestProblem({ language }: Reader, templates: Titles, problem: string): string {
  return templates.get(problem)?.title[language] ?? problem
}

/** Where the titles of the kinds of problems come from. */
export type Titles = Pick<AppDeps['templates'], 'get'>
