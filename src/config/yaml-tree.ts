import { isScalar, LineCounter, parseAllDocuments, visit } from 'yaml'
import type { Fault } from './fault.ts'

/** A YAML text as plain data. `faults` with a tree: it can be checked further. */
export type YamlTree = { readonly tree?: unknown; readonly faults: readonly Fault[] }

/**
 * Reads YAML 1.2. Syntax faults carry line and column. Keys that look like numbers keep their spelling, so that a
 * terminal id such as `007` stays itself.
 */
export function readYaml(text: string): YamlTree {
  const lines = new LineCounter()
  const documents = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false })
  const [document, second] = 'empty' in documents ? [] : documents
  if (document === undefined) return { tree: {}, faults: [] }
  const faults = [...document.errors, ...document.warnings].map((problem) => {
    const { line, col } = lines.linePos(problem.pos[0])
    const message =
      problem.code === 'DUPLICATE_KEY' ? `${keyAt(text, problem.pos[0])} is there twice` : problem.message
    return { path: `line ${line}, column ${col}`, message }
  })
  if (second !== undefined) {
    const { line, col } = lines.linePos(second.range[0])
    faults.push({
      path: `line ${line}, column ${col}`,
      message: 'a second document begins; one file holds one',
    })
  }
  if (document.errors.some((error) => error.code !== 'DUPLICATE_KEY')) return { faults }
  visit(document, {
    Pair(_, pair) {
      if (isScalar(pair.key) && typeof pair.key.value !== 'string') pair.key.value = pair.key.source ?? ''
    },
  })
  try {
    return { tree: document.toJS({ maxAliasCount: 100 }) ?? {}, faults }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return { faults: [...faults, { path: '', message: `the file cannot be read: ${message}` }] }
  }
}

/** The key that begins at an offset, shortened. */
function keyAt(text: string, offset: number): string {
  return /^("[^"\n]*"|'[^'\n]*'|[^:\s]*)/.exec(text.slice(offset, offset + 100))?.[0] || 'the key'
}
