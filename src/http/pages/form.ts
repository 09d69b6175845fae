import { MIMEType } from 'node:util'
import type { HttpContext } from '../env.ts'

const MAX_CHARACTERS = 10_000
/** Our largest form has four hundred; taking a hundred thousand apart holds everything else up for seconds. */
const MOST_FIELDS = 500
/** Forms with files, which are longer, are sent otherwise. */
const LONGEST_ENCODED = 1024 * 1024

/** A form as it was sent: fields that were not sent are absent, one that was sent several times has all its values. */
export type Form = Readonly<Record<string, unknown>>

/** The fields of a request; none when its body is not a form, or none of ours. */
export async function formOf(c: HttpContext): Promise<Form> {
  try {
    const type = new MIMEType(c.req.header('content-type') ?? '')
    return grouped(await fieldsIn(Buffer.from(await c.req.arrayBuffer()), type))
  } catch {
    return {}
  }
}

type Fields = Iterable<readonly [name: string, value: unknown]>

/** What is taken apart was counted before, by the same mark: nothing else that the header says reaches the parser. */
async function fieldsIn(bytes: Buffer<ArrayBuffer>, { essence, params }: MIMEType): Promise<Fields> {
  if (essence === 'application/x-www-form-urlencoded') {
    const isOurs = bytes.length <= LONGEST_ENCODED && hasFew(bytes, '&')
    return isOurs ? new URLSearchParams(bytes.toString()) : []
  }
  const boundary = params.get('boundary') ?? ''
  if (essence !== 'multipart/form-data' || boundary === '' || !hasFew(bytes, `--${boundary}`)) return []
  const type = new MIMEType(essence)
  type.params.set('boundary', boundary)
  return new Response(bytes, { headers: { 'Content-Type': String(type) } }).formData()
}

function hasFew(bytes: Buffer, mark: string): boolean {
  let count = 0
  for (let at = bytes.indexOf(mark); at !== -1; at = bytes.indexOf(mark, at + 1)) {
    count += 1
    if (count > MOST_FIELDS) return false
  }
  return true
}

function grouped(fields: Fields): Form {
  const byName = Map.groupBy(fields, ([name]) => name)
  return Object.fromEntries(
    [...byName].map(([name, sent]) => [
      name,
      sent.length === 1 ? sent[0]?.[1] : sent.map(([, value]) => value),
    ]),
  )
}

/** A field of a form as text; files, repeated fields and endless texts count as empty. */
export function formText(form: Form, name: string, longest = MAX_CHARACTERS): string {
  const value = form[name]
  return typeof value === 'string' && value.length <= longest ? value : ''
}

/** Every text of a field that may be sent several times; empty ones say nothing. */
export function formTexts(form: Form, name: string): readonly string[] {
  return [form[name]].flat().filter((value): value is string => typeof value === 'string' && value !== '')
}

/** A box that can be ticked. */
export function isTicked(form: Form, name: string): boolean {
  return formText(form, name) !== ''
}
