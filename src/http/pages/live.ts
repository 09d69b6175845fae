import { html } from 'hono/html'
import type { Html, Reader } from './page.ts'

/**
 * What the script of live updates speaks with: it tells that something has changed and never moves what somebody
 * reads. Without the script nothing of it is seen.
 */
export function live({ texts }: Reader): Html {
  const words = texts.desk.live
  return html`<aside class="live" data-live-address="/events" hidden>
  <p data-live-lost hidden>${words.lost}</p>
  <p data-live-news hidden><span data-live-service hidden>${words.service}</span>
    <span data-live-some hidden>${words.some}</span>
    <span data-live-changes hidden>${words.changes} <b></b></span>
    <button type="button" data-live-show>${words.show}</button></p>
  <p class="hidden" role="status" data-live-said="${words.attention}"></p>
</aside>`
}
