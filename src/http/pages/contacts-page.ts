import type { Hono } from 'hono'
import { type DealerContact, isPersonalMail } from '../../core/people/dealer-contact.ts'
import { mayCall } from '../access.ts'
import { actorOf } from '../actor.ts'
import { ContactInput, DealerInput } from '../contact-input.ts'
import type { AppDeps, AppOptions } from '../deps.ts'
import type { HttpContext, HttpEnv } from '../env.ts'
import { seenContacts } from '../seen-contacts.ts'
import { type ContactsView, type ContactTyped, contactsView } from './contacts.ts'
import { type Form, formOf, formText } from './form.ts'
import { doneText } from './notice.ts'
import { page, type Reader, readerOf } from './page.ts'

type PageDeps = Pick<AppDeps, 'contacts' | 'fleet' | 'clock'>
type Refusal = Partial<Pick<ContactsView, 'typed' | 'faults' | 'fault'>>

/** `/contacts` and its forms. */
export function addContactPages(app: Hono<HttpEnv>, deps: PageDeps, options: AppOptions): void {
  const wordsOf = (c: HttpContext) => readerOf(c, options, deps.clock.now()).texts.contacts

  app.get('/contacts', (c) => show(c, deps, options, 200, {}))

  app.post('/contacts', async (c) => {
    const typed = typedIn(await formOf(c))
    const faults = faultsOf(typed, wordsOf(c))
    const { dealer, ...texts } = typed
    const checked = ContactInput.safeParse(texts)
    if (!checked.success || Object.keys(faults).length > 0) {
      return show(c, deps, options, 422, { typed, faults })
    }
    const contact = { id: dealer.trim(), ...checked.data }
    const saved = await deps.contacts.save(contact, actorOf(c, options))
    if (saved === 'full') return show(c, deps, options, 409, { typed, fault: wordsOf(c).full })
    return c.redirect(`/contacts?done=saved${isPersonalMail(contact.email) ? '&personal=1' : ''}`, 303)
  })

  app.post('/contacts/remove', async (c) => {
    const removed = await deps.contacts.remove(formText(await formOf(c), 'dealer'), actorOf(c, options))
    if (removed === 'removed') return c.redirect('/contacts?done=removed', 303)
    return show(c, deps, options, 409, { fault: wordsOf(c).missing })
  })
}

async function show(
  c: HttpContext,
  deps: PageDeps,
  options: AppOptions,
  status: 200 | 409 | 422,
  refusal: Refusal,
) {
  const reader = readerOf(c, options, deps.clock.now())
  const words = reader.texts.contacts
  const contacts = await seenContacts(c, deps)
  const edited = contacts.find(({ id }) => id === c.req.query('edit'))
  const main = contactsView(reader, {
    contacts,
    mayChange: mayCall(c.get('identity').role, 'POST /contacts'),
    typed: typedOf(edited),
    faults: {},
    editing: edited !== undefined,
    done: doneText(c, words.done),
    warning: c.req.query('personal') === '1' ? words.personalText : undefined,
    ...refusal,
  })
  return c.html(page(reader, { title: words.title, section: 'contacts', signedIn: true, main }), status)
}

function typedOf(contact: DealerContact | undefined): ContactTyped {
  const { id: dealer = '', name = '', phone = '', email = '', hours = '' } = contact ?? {}
  return { dealer, name, phone, email, hours }
}

function typedIn(form: Form): ContactTyped {
  const text = (name: keyof ContactTyped): string => formText(form, name)
  return {
    dealer: text('dealer'),
    name: text('name'),
    phone: text('phone'),
    email: text('email'),
    hours: text('hours'),
  }
}

/** What is wrong with each field; empty: nothing. */
function faultsOf({ dealer, ...texts }: ContactTyped, { wrong }: Reader['texts']['contacts']) {
  const issues = ContactInput.safeParse(texts).error?.issues ?? []
  const names = issues.map(({ path }) => String(path[0]))
  if (dealer.trim() !== '' && !DealerInput.safeParse(dealer).success) names.push('dealer')
  const known: Readonly<Record<string, string>> = wrong
  return Object.fromEntries(names.map((name) => [name, known[name] ?? '']))
}
