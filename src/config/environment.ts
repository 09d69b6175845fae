import { type Fault, type Path, pathText } from './fault.ts'

export type Environment = Readonly<Record<string, string | undefined>>

const NAME = /^[A-Za-z_]\w*$/

/** A tree with its `${NAME}` replaced. */
export type Substituted = {
  readonly tree: unknown
  readonly faults: readonly Fault[]
  /** Places (as text) whose value came from the environment, and those of them that could not be filled. */
  readonly filled: ReadonlySet<string>
  readonly unfilled: ReadonlySet<string>
}

/**
 * Replaces `${NAME}` in every text and key of a parsed file by the environment's value; `$${` stands for a plain
 * `${`. A text that could not be filled stays as it is, with a fault at its place.
 */
export function substitute(tree: unknown, env: Environment): Substituted {
  const faults: Fault[] = []
  const filled = new Set<string>()
  const unfilled = new Set<string>()

  function text(value: string, path: Path): string {
    const at = pathText(path)
    return value.replace(/(\$?)\$\{([^}]*)(\}?)/g, (whole, escaped: string, name: string, end: string) => {
      if (escaped !== '') return whole.slice(1)
      const isNamed = end !== '' && NAME.test(name) && Object.hasOwn(env, name)
      const found = isNamed ? env[name] : undefined
      if (found !== undefined) {
        filled.add(at)
        return found
      }
      unfilled.add(at)
      faults.push({ path: at, message: whyUnfilled(name, end) })
      return whole
    })
  }

  function walk(value: unknown, path: Path): unknown {
    if (typeof value === 'string') return text(value, path)
    if (Array.isArray(value)) return value.map((item, index) => walk(item, [...path, index]))
    if (typeof value !== 'object' || value === null) return value
    const entries = Object.entries(value).map(([key, inner]) => {
      const name = text(key, [...path, key])
      return [name, walk(inner, [...path, name])] as const
    })
    const names = entries.map(([name]) => name)
    for (const name of new Set(names.filter((key, index) => names.indexOf(key) !== index))) {
      faults.push({ path: pathText([...path, name]), message: 'is there twice' })
    }
    return Object.fromEntries(entries)
  }

  return { tree: walk(tree, []), faults, filled, unfilled }
}

function whyUnfilled(name: string, end: string): string {
  if (end !== '' && NAME.test(name)) return `environment variable ${name} is not set`
  return 'has "${" without the name of an environment variable and a closing brace; write "$${" to mean it as it is'
}
