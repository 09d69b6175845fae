/** A token of a TypeScript module; comments and the insides of texts are no tokens of their own. */
export type Token =
  | { readonly kind: 'word'; readonly text: string }
  /** A quoted text, or a template without places; `text` is its content as written. */
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'mark'; readonly text: string }

/** After these words a slash begins a regular expression. */
const BEFORE_REGEX = new Set([
  'return',
  'typeof',
  'case',
  'in',
  'of',
  'delete',
  'void',
  'throw',
  'new',
  'else',
  'do',
  'await',
  'yield',
])

/** Splits a module into words, texts and marks, far enough to find imports and names in it. */
export function tokenize(source: string): Token[] {
  const tokens: Token[] = []
  /** Open braces; true: it belongs to a place of a template, which goes on after it. */
  const braces: boolean[] = []
  let at = 0

  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at
    const found = pattern.exec(source)?.[0]
    if (found !== undefined) at += found.length
    return found
  }
  const template = (): void => {
    const text = take(/(?:[^`\\$]|\\[\s\S]|\$(?!\{))*/y) ?? ''
    tokens.push({ kind: 'text', text })
    if (take(/\$\{/y) !== undefined) braces.push(true)
    else at++
  }

  while (at < source.length) {
    if (take(/\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\//y) !== undefined) continue
    const quoted = take(/'(?:[^'\\\n]|\\[\s\S])*'|"(?:[^"\\\n]|\\[\s\S])*"/y)
    if (quoted !== undefined) {
      tokens.push({ kind: 'text', text: quoted.slice(1, -1) })
      continue
    }
    if (source[at] === '`') {
      at++
      template()
      continue
    }
    const word = take(/[\p{L}\p{N}_$#]+/uy)
    if (word !== undefined) {
      tokens.push({ kind: 'word', text: word })
      continue
    }
    if (source[at] === '/' && mayBeRegex(tokens.at(-1))) {
      if (take(/\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/y) !== undefined) {
        tokens.push({ kind: 'text', text: '' })
        continue
      }
    }
    const mark = source[at] ?? ''
    at++
    if (mark === '{') braces.push(false)
    if (mark === '}' && braces.pop() === true) template()
    else tokens.push({ kind: 'mark', text: mark })
  }
  return tokens
}

function mayBeRegex(before: Token | undefined): boolean {
  if (before === undefined) return true
  if (before.kind === 'word') return BEFORE_REGEX.has(before.text)
  return before.kind === 'mark' && !')]}'.includes(before.text)
}
