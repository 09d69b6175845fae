import { html } from 'hono/html'
import { type DealerContact, isPersonalMail, LONGEST_CONTACT_TEXT } from '../../core/people/dealer-contact.ts'
import { MAX_DEALER } from '../contact-input.ts'
import { doneNote, faultNote } from './notice.ts'
import type { Html, Reader } from './page.ts'
import { field, type Tried } from './terminal-field.ts'

/** What was typed into the form of a contact. */
export type ContactTyped = Readonly<Record<'dealer' | 'name' | 'phone' | 'email' | 'hours', string>>

/** All that the page of the contacts shows. */
export type ContactsView = {
  readonly contacts: readonly DealerContact[]
  /** Whether the reader may change them. */
  readonly mayChange: boolean
  readonly typed: ContactTyped
  readonly faults: Tried['faults']
  readonly editing: boolean
  readonly done?: string | undefined
  readonly warning?: string | undefined
  readonly fault?: string | undefined
}

/** How clients reach their dealer. */
export function contactsView(reader: Reader, view: ContactsView): Html {
  const words = reader.texts.contacts
  const { contacts, mayChange } = view
  const hasCommon = contacts.some(({ id }) => id === '')
  return html`<h1>${words.title}</h1>
${doneNote(view.done)}${view.warning === undefined ? '' : html`<p class="note warn" role="status">${view.warning}</p>`}${faultNote(view.fault)}
<section class="card" aria-labelledby="contacts">
  <h2 id="contacts">${words.caption}: ${reader.format.number(contacts.length)}</h2>
  <p class="muted">${words.text}</p>
  ${contacts.length === 0 ? html`<p class="note warn">${words.none}</p>` : table(reader, contacts, mayChange)}
  ${contacts.length > 0 && !hasCommon ? html`<p class="note warn">${words.noCommon}</p>` : ''}
</section>
${mayChange ? contactForm(reader, view) : ''}`
}

function table(reader: Reader, contacts: readonly DealerContact[], mayChange: boolean): Html {
  const words = reader.texts.contacts
  return html`<table class="trail">
    <caption class="hidden">${words.caption}</caption>
    <thead><tr>
      <th scope="col">${words.dealer}</th>
      <th scope="col">${words.name}</th>
      <th scope="col">${words.phone}, ${words.email}</th>
      <th scope="col">${words.hours}</th>
      ${mayChange ? html`<th scope="col"><span class="hidden">${words.edit}</span></th>` : ''}
    </tr></thead>
    <tbody>${contacts.map((contact) => row(reader, contact, mayChange))}</tbody>
  </table>`
}

function row({ texts }: Reader, contact: DealerContact, mayChange: boolean): Html {
  const words = texts.contacts
  const { id, name, phone, email, hours } = contact
  const dealer = id || words.common
  return html`<tr>
      <th scope="row">${dealer}</th>
      <td class="free">${name}</td>
      <td class="free">${phone}${phone && email ? html`<br>` : ''}${email}${isPersonalMail(email) ? html` <small class="alarm">${words.personal}</small>` : ''}</td>
      <td class="free">${hours}</td>
      ${mayChange ? html`<td>${buttons(words, id, dealer)}</td>` : ''}
    </tr>`
}

function buttons(words: Reader['texts']['contacts'], id: string, dealer: string): Html {
  const address = `/contacts?${new URLSearchParams({ edit: id })}#contact`
  return html`<div class="buttons"><a class="button" href="${address}" aria-label="${words.edit}: ${dealer}">${words.edit}</a>
        <details class="step"><summary class="button" aria-label="${words.remove}: ${dealer}">${words.remove}</summary>
          <form method="post" action="/contacts/remove"><input type="hidden" name="dealer" value="${id}"><button class="danger">${words.removeSure}</button></form></details></div>`
}

function contactForm({ texts }: Reader, { typed, faults, editing }: ContactsView): Html {
  const words = texts.contacts
  const tried = { form: 'contact', typed, faults }
  const line = (name: keyof ContactTyped, maxlength: number, hint?: string): Html =>
    field('contact', tried, {
      name,
      label: words[name],
      type: 'text',
      maxlength,
      ...(hint === undefined ? {} : { hint }),
    })
  return html`<section class="card" id="contact" aria-labelledby="contact-title">
  <h2 id="contact-title">${editing ? words.editTitle : words.addTitle}</h2>
  <form method="post" action="/contacts" class="stack">
    ${line('dealer', MAX_DEALER, words.commonChoice)}
    ${line('name', LONGEST_CONTACT_TEXT)}
    ${line('phone', LONGEST_CONTACT_TEXT)}
    ${line('email', LONGEST_CONTACT_TEXT)}
    ${line('hours', LONGEST_CONTACT_TEXT, words.hoursHint)}
    <p class="buttons"><button class="main">${words.save}</button>
      ${editing ? html`<a class="button" href="/contacts">${words.back}</a>` : ''}</p>
  </form>
</section>`
}
