import { z } from '@hono/zod-openapi'
import { ROLES } from '../core/people/account.ts'
import { accountNameFault, MOST_IN_SCOPE, passwordFault } from '../core/people/account-rules.ts'
import { textInput } from './text-input.ts'

/** As long as a field of the inventory may be. */
const LONGEST_CLIENT = 500
const LONGEST_GROUP = 1000

/** With spaces around it and its letters taken apart. */
const LONGEST_TYPED_NAME = 500

const WRONG_NAME = 'must be 1 to 64 letters, digits or ._-@, the letters of a word of one alphabet'

const PASSWORD_FAULTS = {
  'too-short': 'must have at least 12 characters',
  'too-long': 'must have at most 1000 characters',
  name: 'must not be the name of the account',
  same: 'must not be the one before',
} as const

/** What is wrong with a password, for programs. */
export function passwordProblem(fault: keyof typeof PASSWORD_FAULTS): string {
  return PASSWORD_FAULTS[fault]
}

const fields = {
  role: z.enum(ROLES),
  clients: namesOf(LONGEST_CLIENT).openapi({ description: 'Clients whose terminals a dealer sees' }),
  groups: namesOf(LONGEST_GROUP).openapi({
    description: 'Groups whose terminals a dealer sees, with all below them: Dealer/Client/Depot',
  }),
  language: z.enum(['ru', 'en']).nullable().openapi({ description: 'Of the pages; null: as configured' }),
  password: z.string().max(4000).openapi({ description: 'At least 12 characters' }),
}

/** `{"name","role","clients","groups","language","password"}` of a new account. */
export const UserInput = z
  .strictObject({
    name: z
      .string()
      // Before it is normalized: with an endless text that takes minutes.
      .max(LONGEST_TYPED_NAME, { message: WRONG_NAME, abort: true })
      .trim()
      .normalize('NFC')
      .refine((name) => accountNameFault(name) === undefined, { message: WRONG_NAME }),
    role: fields.role,
    clients: fields.clients.default([]),
    groups: fields.groups.default([]),
    language: fields.language.default(null),
    password: fields.password.optional(),
  })
  .superRefine(({ name, password }, context) => checkPassword(password, name, context))

export type UserInput = z.infer<typeof UserInput>

/** A change of an account; what is absent stays as it is. `name`: the one of the address, or absent. */
export const UserChange = z.strictObject({
  name: z.string().optional(),
  role: fields.role.optional(),
  clients: fields.clients.optional(),
  groups: fields.groups.optional(),
  language: fields.language.optional(),
})

function namesOf(longest: number) {
  return z
    .array(textInput({ min: 0, max: longest }))
    .max(MOST_IN_SCOPE)
    .transform((names) => [...new Set(names.filter((name) => name !== ''))])
}

function checkPassword(password: string | undefined, name: string, context: z.RefinementCtx): void {
  const fault = password === undefined ? undefined : passwordFault(password, name)
  if (fault !== undefined) {
    context.addIssue({ code: 'custom', path: ['password'], message: passwordProblem(fault) })
  }
}
