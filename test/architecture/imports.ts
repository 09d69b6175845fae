import type { Token } from './lexer.ts'

/**
 * What a module loads: `import`, `import type`, `export from`, `import('x')` in code and in types, and modules named
 * by `new URL('./x.ts', import.meta.url)`, as workers are. Null: an import whose name is not a plain text.
 */
export function importsOf(tokens: readonly Token[]): (string | null)[] {
  const found: (string | null)[] = []
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]
    if (token?.kind !== 'word' || is(tokens[i - 1], '.')) continue
    if (token.text === 'import' && is(tokens[i + 1], '(')) {
      const name = textAt(tokens, i + 2)
      const ends = is(tokens[i + 3], ')') || is(tokens[i + 3], ',')
      found.push(name !== undefined && ends ? name : null)
    } else if (token.text === 'import' || token.text === 'export') {
      const name = token.text === 'import' ? textAt(tokens, i + 1) : undefined
      const from = name ?? fromClause(tokens, i + 1)
      if (from !== undefined) found.push(from)
    } else if (token.text === 'URL' && is(tokens[i - 1], 'new') && is(tokens[i + 1], '(')) {
      const name = textAt(tokens, i + 2)
      if (name?.endsWith('.ts') && is(tokens[i + 4], 'import')) found.push(name)
    }
  }
  return found
}

/** Names that are used as variables or types: not after a dot, not as a key. */
export function namesIn(tokens: readonly Token[]): Set<string> {
  const names = tokens.filter((token, i) => {
    if (token.kind !== 'word') return false
    const before = tokens[i - 1]
    // `...rest` is a use, `object.key` is none.
    if (is(before, '.') && !is(tokens[i - 2], '.')) return is(tokens[i - 2], 'globalThis')
    const isKey = is(tokens[i + 1], ':') && (is(before, '{') || is(before, ',') || is(before, ';'))
    return !isKey
  })
  return new Set(names.map(({ text }) => text))
}

/** The name in `import a, { b as c } from 'x'`, `export * from 'x'`, `export { a } from 'x'`; else undefined. */
function fromClause(tokens: readonly Token[], start: number): string | undefined {
  let i = start
  let depth = 0
  if (is(tokens[i], 'type')) i++
  for (; i < tokens.length; i++) {
    const token = tokens[i]
    if (is(token, '{')) depth++
    else if (is(token, '}')) depth--
    else if (is(token, 'from') && depth === 0) return textAt(tokens, i + 1)
    else if (depth === 0 && token?.kind === 'mark' && token.text !== ',' && token.text !== '*')
      return undefined
    else if (depth === 0 && token?.kind === 'word' && DECLARATIONS.has(token.text)) return undefined
    else if (token?.kind === 'text' && depth === 0) return undefined
  }
  return undefined
}

const DECLARATIONS = new Set([
  'const',
  'let',
  'function',
  'class',
  'interface',
  'async',
  'default',
  'abstract',
  'declare',
])

function textAt(tokens: readonly Token[], index: number): string | undefined {
  const token = tokens[index]
  return token?.kind === 'text' ? token.text : undefined
}

function is(token: Token | undefined, text: string): boolean {
  return token !== undefined && token.kind !== 'text' && token.text === text
}
