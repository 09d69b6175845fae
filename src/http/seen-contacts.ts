import type { DealerContact } from '../core/people/dealer-contact.ts'
import type { AppDeps } from './deps.ts'
import type { HttpContext } from './env.ts'
import { seenFleet } from './seen.ts'

/** The contacts that an account may read: all, or those that the clients of its terminals are given. */
export async function seenContacts(
  c: HttpContext,
  deps: Pick<AppDeps, 'contacts' | 'fleet'>,
): Promise<readonly DealerContact[]> {
  const all = deps.contacts.list()
  if (c.get('identity').scope === 'all') return all
  const { dealers } = await seenFleet(c, deps).summary()
  const own = new Set(dealers.map(({ dealer }) => dealer))
  return all.filter(({ id }) => id === '' || own.has(id))
}
