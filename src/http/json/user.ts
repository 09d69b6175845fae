import { z } from '@hono/zod-openapi'
import { type Account, ROLES } from '../../core/people/account.ts'
import { InstantJson, iso } from './instant.ts'

/** An account in an answer. Passwords and tokens are not: nobody can read them again. */
export const UserJson = z
  .object({
    name: z.string(),
    role: z.enum(ROLES),
    clients: z.array(z.string()),
    groups: z.array(z.string()),
    language: z.enum(['ru', 'en']).nullable(),
    mustChange: z.boolean().openapi({ description: 'He must choose a password of his own first' }),
    hasPassword: z.boolean(),
    hasToken: z.boolean(),
    createdAt: InstantJson,
    createdBy: z.string(),
  })
  .openapi('User')

/** A new account, with the password that was made for it and is shown this once. */
export const NewUserJson = UserJson.extend({ password: z.string().optional() }).openapi('NewUser')

/** An account as the contract writes it. */
export function userJson(account: Account): z.infer<typeof UserJson> {
  const { id, role, clients, groups, language, passwordHash, mustChange, createdAt, createdBy } = account
  return {
    name: id,
    role,
    clients: [...clients],
    groups: [...groups],
    language,
    mustChange,
    hasPassword: passwordHash !== null,
    hasToken: account.tokenHash !== null,
    createdAt: iso(createdAt),
    createdBy,
  }
}
