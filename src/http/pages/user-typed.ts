import type { HttpContext } from '../env.ts'

type Typed = {
  readonly name: string
  readonly role: string
  readonly clients: readonly string[]
  readonly groups: readonly string[]
  readonly language: 'ru' | 'en' | null
}

/** The form of a user as it was sent: ticked names, and those that were written down one per line. */
export async function typedUser(c: HttpContext): Promise<Typed> {
  const form = new URLSearchParams(await c.req.text().catch(() => ''))
  const namesOf = (kind: 'clients' | 'groups'): string[] => [
    ...form.getAll(kind),
    ...(form.get(`${kind}-more`) ?? '')
      .split(/\r?\n/)
      .map((line) => line.trim())
      .filter((line) => line !== ''),
  ]
  const language = form.get('language')
  return {
    name: form.get('name') ?? '',
    role: form.get('role') ?? '',
    clients: namesOf('clients'),
    groups: namesOf('groups'),
    language: language === 'ru' || language === 'en' ? language : null,
  }
}
