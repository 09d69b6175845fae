import { html } from 'hono/html'
import { type Addressee, unaddressedText } from '../../core/request/addressee.ts'
import type { Html, Reader } from './page.ts'

/** To whom a request goes, and by which address; where none is known, what to do about it. */
export function addressLine({ texts, language }: Reader, addressee: Addressee, address: string): Html {
  const words = texts.requests
  return html`<p><span class="muted">${words.to}:</span> ${words.addressees[addressee]}${
    address === '' ? '' : html`, <a href="mailto:${address}">${address}</a>`
  }</p>${address === '' ? html`<p class="note warn">${unaddressedText(addressee, language)}</p>` : ''}`
}
