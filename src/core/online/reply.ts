import { oneLine, pageTitle } from '../one-line.ts'

/** The body of an answer of Omnicomm Online. */
export type Reply =
  /** `code`: the error code in it (reference/omnicomm-online-api.md 8.2), null without one; `message`: its text. */
  | { readonly kind: 'json'; readonly value: unknown; readonly code: number | null; readonly message: string }
  /** `looks`: what it is instead, in words. */
  | { readonly kind: 'other'; readonly looks: string }

/** Reads a body of unknown origin. */
export function readReply(body: string): Reply {
  const text = body.startsWith('\ufeff') ? body.slice(1) : body
  if (text.trim() === '') return { kind: 'other', looks: 'an empty body' }
  try {
    const value: unknown = JSON.parse(text)
    return { kind: 'json', value, code: codeOf(value), message: messageOf(value) }
  } catch {
    const title = pageTitle(text)
    return { kind: 'other', looks: title === '' ? 'no JSON' : `a page "${title}"` }
  }
}

/** A group of keys. */
export function isGroup(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The first code that is not 0, else 0 if one is, under any of the names that were seen. */
function codeOf(value: unknown): number | null {
  if (!isGroup(value)) return null
  const { code, errorCode, error, err, status } = value
  const inner = [error, err, status].map((one) => (isGroup(one) ? one['code'] : undefined))
  const codes = [code, errorCode, error, err, ...inner].map(asCode).filter((one) => one !== undefined)
  return codes.find((one) => one !== 0) ?? codes[0] ?? null
}

function asCode(value: unknown): number | undefined {
  if (typeof value === 'number' && Number.isInteger(value)) return value
  return typeof value === 'string' && /^\d{1,6}$/.test(value) ? Number(value) : undefined
}

function messageOf(value: unknown): string {
  if (!isGroup(value)) return ''
  const groups = [value, value['status'], value['error'], value['err']].filter(isGroup)
  const texts = [...groups.map((group) => group['message']), value['error'], value['err']]
  const text = texts.find((one) => typeof one === 'string' && one !== '' && asCode(one) === undefined)
  return typeof text === 'string' ? oneLine(text, 1000) : ''
}
