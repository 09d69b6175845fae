import { type Document, isScalar, LineCounter, type Node, parseAllDocuments, Scalar, visit } from 'yaml'
import type { Fault } from './fault.ts'

/** A YAML text as plain data. `faults` with a tree: it can be checked further. */
export type YamlTree = { readonly tree?: unknown; readonly faults: readonly Fault[] }

type Tell = (offset: number, message: string) => void

/**
 * Reads YAML 1.2. Syntax faults carry line and column. Keys that look like numbers keep their spelling, so that a
 * terminal id such as `007` stays itself. It never throws.
 */
export function readYaml(text: string): YamlTree {
  const lines = new LineCounter()
  const faults: Fault[] = []
  const tell: Tell = (offset, message) => {
    const { line, col } = lines.linePos(offset)
    faults.push({ path: `line ${line}, column ${col}`, message })
  }
  try {
    const documents = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false })
    const [document, second] = 'empty' in documents ? [] : documents
    if (document === undefined) return { tree: {}, faults }
    for (const { code, message, pos } of [...document.errors, ...document.warnings]) {
      tell(pos[0], wordsFor(code, message, text.slice(pos[0], pos[0] + 100)))
    }
    if (second !== undefined) tell(second.range[0], 'a second document begins; one file holds one')
    if (document.errors.some(({ code }) => code !== 'DUPLICATE_KEY')) return { faults }
    keepSpelling(document)
    settleAliases(document, tell)
    return { tree: document.toJS({ maxAliasCount: 100 }) ?? {}, faults }
  } catch (error) {
    const reason =
      error instanceof RangeError ? 'is nested too deeply' : `cannot be read: ${messageOf(error)}`
    return { faults: [...faults, { path: '', message: `the file ${reason}` }] }
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** Of what the parser says nothing that repeats the file: it may be a secret without its quotes. */
function wordsFor(code: string, message: string, at: string): string {
  switch (code) {
    case 'DUPLICATE_KEY':
      return `${/^("[^"\n]*"|'[^'\n]*'|[^:\s]*)/.exec(at)?.[0] || 'the key'} is there twice`
    case 'TAG_RESOLVE_FAILED':
      return 'begins with !, which stands for a type here; a text that begins so needs quotes'
    case 'RESOURCE_EXHAUSTION':
      return 'is nested too deeply'
    case 'BAD_DQ_ESCAPE':
      return 'has a backslash in it that begins no known escape; single quotes take it as it is'
    case 'UNEXPECTED_TOKEN':
      return message.replace(/: .*$/s, '')
    default:
      return message
  }
}

function keepSpelling(document: Document): void {
  visit(document, {
    Pair(_, pair) {
      if (isScalar(pair.key) && typeof pair.key.value !== 'string') pair.key.value = pair.key.source ?? ''
    },
  })
}

/** An alias that leads nowhere is taken for the text that it looks like, so that all else is still checked. */
function settleAliases(document: Document, tell: Tell): void {
  const anchored = new Map<string, Node>()
  visit(document, {
    Value(_, node) {
      if (node.anchor) anchored.set(node.anchor, node)
    },
    Alias(_, { source, range }, path) {
      const meant = anchored.get(source)
      const offset = range?.[0] ?? 0
      if (meant === undefined) {
        tell(offset, 'begins with *, which stands for an anchor that is not there; such a text needs quotes')
        return new Scalar(`*${source}`)
      }
      if (!path.some((one) => one === meant)) return undefined
      tell(offset, 'stands for a group or list that it is in itself')
      return new Scalar(null)
    },
  })
}
