import type { HttpContext } from '../env.ts'

const MAX_CHARACTERS = 10_000

/** A form as it was sent; fields that were not sent are absent. */
export type Form = Readonly<Record<string, unknown>>

/** The fields of a request; none when its body is not a form. */
export async function formOf(c: HttpContext): Promise<Form> {
  try {
    return await c.req.parseBody()
  } catch {
    return {}
  }
}

/** A field of a form as text; files, repeated fields and endless texts count as empty. */
export function formText(form: Form, name: string, longest = MAX_CHARACTERS): string {
  const value = form[name]
  return typeof value === 'string' && value.length <= longest ? value : ''
}

/** A box that can be ticked. */
export function isTicked(form: Form, name: string): boolean {
  return formText(form, name) !== ''
}
