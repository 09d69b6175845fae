import { html } from 'hono/html'
import { type Account, ROLES } from '../../core/people/account.ts'
import { LONGEST_ACCOUNT_NAME } from '../../core/people/account-rules.ts'
import type { Html, Reader } from './page.ts'
import { languageOptions } from './user-words.ts'

/** What was typed into the form of a user. */
export type UserTyped = Pick<Account, 'role' | 'clients' | 'groups' | 'language'> & { readonly name: string }

/** Names that terminals have now, for a scope to be chosen from. */
export type ScopeChoice = { readonly clients: readonly string[]; readonly groups: readonly string[] }

/** More boxes than this nobody reads through. */
const MOST_BOXES = 200

const BLANK: UserTyped = { name: '', role: 'dealer', clients: [], groups: [], language: null }

/** The form for a new user, or for the one that is `edited`. */
export function userForm(
  reader: Reader,
  choice: ScopeChoice,
  edited: Account | undefined,
  typed: UserTyped | undefined,
): Html {
  const { accounts } = reader.texts
  const value = typed ?? (edited && { ...edited, name: edited.id }) ?? BLANK
  const action = edited ? `/users/${encodeURIComponent(edited.id)}` : '/users'
  return html`<section class="card" id="user" aria-labelledby="user-title">
  <h2 id="user-title">${edited ? accounts.editTitle(edited.id) : accounts.addTitle}</h2>
  <form method="post" action="${action}" class="stack">
    ${edited ? '' : nameField(reader, value.name)}
    <fieldset class="roles"><legend>${accounts.role}</legend>
      ${ROLES.map(
        (
          role,
        ) => html`<label class="tick"><input type="radio" name="role" value="${role}"${role === value.role ? html` checked` : ''}>
        <span><b>${accounts.roles[role]}</b><small>${accounts.roleTexts[role]}</small></span></label>`,
      )}
    </fieldset>
    <p class="muted">${accounts.scopeText}</p>
    <div class="columns">
      ${scopeFields(reader, 'clients', choice.clients, value.clients)}
      ${scopeFields(reader, 'groups', choice.groups, value.groups)}
    </div>
    <label>${accounts.language} <select name="language">${languageOptions(reader, value.language)}</select></label>
    <p class="buttons"><button class="main">${edited ? accounts.save : accounts.add}</button>
      ${edited ? html`<a class="button" href="/users">${accounts.back}</a>` : ''}</p>
  </form>
</section>`
}

function nameField({ texts }: Reader, name: string): Html {
  const { accounts } = texts
  return html`<label>${accounts.name}
      <input name="name" value="${name}" required maxlength="${LONGEST_ACCOUNT_NAME}" autocomplete="off" autocapitalize="none" spellcheck="false" aria-describedby="name-hint"></label>
    <p class="muted" id="name-hint">${accounts.nameHint}</p>`
}

/** Boxes for the names that there are, and lines for all others. */
function scopeFields(
  { texts }: Reader,
  kind: 'clients' | 'groups',
  known: readonly string[],
  chosen: readonly string[],
): Html {
  const { accounts } = texts
  const boxes = known.length <= MOST_BOXES ? known : []
  const others = chosen.filter((name) => !boxes.includes(name))
  return html`<fieldset><legend>${accounts[kind]}</legend>
        ${boxes.length < known.length ? html`<p class="muted">${accounts.scopeMany(known.length)}</p>` : ''}
        ${
          boxes.length === 0
            ? ''
            : html`<div class="boxes" tabindex="0" role="group" aria-label="${accounts[kind]}">${boxes.map(
                (name) =>
                  html`<label class="tick"><input type="checkbox" name="${kind}" value="${name}"${chosen.includes(name) ? html` checked` : ''}> <span>${name}</span></label>`,
              )}</div>`
        }
        <label>${accounts.scopeMore}
          <textarea name="${kind}-more" rows="3" maxlength="50000" aria-describedby="${kind}-hint">${others.join('\n')}</textarea></label>
        <p class="muted" id="${kind}-hint">${accounts.scopeMoreHint}</p>
      </fieldset>`
}
