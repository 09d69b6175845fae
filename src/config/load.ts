import { readFile, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { z } from 'zod'
import { crossFaults } from './cross-checks.ts'
import { type Running, withDerived } from './derived.ts'
import { type Environment, type Substituted, substitute } from './environment.ts'
import { type Fault, pathText, schemaFaults, valueAt } from './fault.ts'
import { fileFaults } from './files.ts'
import { type Config, configSchema } from './schema.ts'
import { anyComponent } from './service-schema.ts'
import { anySource } from './source-schema.ts'
import { configWarnings } from './warnings.ts'
import { readYaml } from './yaml-tree.ts'

const DEFAULT_FILE = 'config/watch.yaml'
const LARGEST_FILE_BYTES = 1024 * 1024

export type LoadedConfig =
  | {
      readonly ok: true
      readonly config: Config
      /** What works, but probably not as somebody wants it. */
      readonly warnings: readonly Fault[]
      /** Absolute path of the file; null: the embedded defaults. */
      readonly file: string | null
    }
  | { readonly ok: false; readonly faults: readonly Fault[]; readonly file: string | null }

/**
 * Reads the configuration from `file`, else from config/watch.yaml if there is one, else takes the embedded defaults.
 * All faults are told at once. It never throws.
 */
export async function loadConfig(options: {
  readonly file?: string | undefined
  readonly env: Environment
  /** Folder to which relative paths refer; the working directory when absent. */
  readonly cwd?: string
  /** Finds further faults in the raw tree, so that they are told together with all others. */
  readonly further?: (tree: unknown, cwd: string) => readonly Fault[]
  /** What runs, where that is other than the file says: what follows from it goes on with it. */
  readonly running?: Pick<Config, 'broker' | 'language'> | undefined
}): Promise<LoadedConfig> {
  const cwd = options.cwd ?? '.'
  const file = resolve(cwd, options.file ?? DEFAULT_FILE)
  const read = await readText(file)
  if (read.kind === 'missing' && options.file === undefined) {
    return verdict(examine('', options.env, options.running), options.further?.({}, cwd) ?? [])
  }
  if (read.kind !== 'text') {
    const message = read.kind === 'missing' ? 'there is no such file' : read.reason
    return { ok: false, faults: [{ path: '', message: `${file}: ${message}` }], file }
  }
  const examined = examine(read.text, options.env, options.running)
  const named = [...(await fileFaults(examined.tree, cwd)), ...(options.further?.(examined.tree, cwd) ?? [])]
  const files = withoutUnfilled(named, examined.unfilled)
  return { ...verdict(examined, files), file }
}

/** Checks a configuration given as YAML text; an empty text gives the embedded defaults. */
export function parseConfig(yaml: string, env: Environment): LoadedConfig {
  return verdict(examine(yaml, env), [])
}

type Examined = {
  /** The file's values as the schema saw them; undefined when the file is no YAML. */
  readonly tree: unknown
  readonly unfilled: ReadonlySet<string>
  readonly faults: readonly Fault[]
  readonly config: Config | undefined
}

function examine(yaml: string, env: Environment, running?: Running): Examined {
  const { tree: plain, faults: syntax } = readYaml(yaml)
  if (plain === undefined) return { tree: undefined, unfilled: new Set(), faults: syntax, config: undefined }
  const substituted = substitute(plain, env)
  const { unfilled } = substituted
  const tree = withDerived(substituted.tree, running)
  const parsed = parseTree(tree, substituted)
  const issues = parsed.success ? [] : parsed.error.issues
  const own = [...issues, ...hiddenByKind(issues, tree)].filter(
    (issue) => !followsFromUnfilled(issue, unfilled),
  )
  const crossed = withoutUnfilled(crossFaults(tree), unfilled)
  const faults = [...syntax, ...substituted.faults, ...schemaFaults(own, tree), ...crossed]
  return { tree, unfilled, faults, config: parsed.success ? parsed.data : undefined }
}

/** A place that could not be filled has its fault already; what else is wrong there follows from it. */
function withoutUnfilled(faults: readonly Fault[], unfilled: ReadonlySet<string>): Fault[] {
  return faults.filter(({ path }) => !unfilled.has(path))
}

/** Whatever the text had become, a group or a list it would not be. */
const NEVER_TEXT: readonly string[] = ['object', 'record', 'array']

function followsFromUnfilled(issue: z.core.$ZodIssue, unfilled: ReadonlySet<string>): boolean {
  const wantsMore = issue.code === 'invalid_type' && NEVER_TEXT.includes(issue.expected)
  return !wantsMore && unfilled.has(pathText(issue.path))
}

function verdict({ faults, config }: Examined, more: readonly Fault[]): LoadedConfig {
  const all = unique([...faults, ...more])
  if (config === undefined || all.length > 0) return { ok: false, faults: all, file: null }
  return { ok: true, config, warnings: configWarnings(config), file: null }
}

/** As the schema says; a number or a truth value that came as text from the environment is taken as one. */
function parseTree(tree: unknown, { filled }: Substituted): ReturnType<typeof configSchema.safeParse> {
  const first = configSchema.safeParse(tree)
  if (first.success) return first
  let retyped = false
  for (const { path } of first.error.issues) {
    const text = valueAt(tree, path)
    if (typeof text !== 'string' || !filled.has(pathText(path))) continue
    const value = /^(0|-?[1-9]\d{0,8})$/.test(text) ? Number(text) : { true: true, false: false }[text]
    const parent = valueAt(tree, path.slice(0, -1))
    const key = path.at(-1)
    if (value === undefined || typeof parent !== 'object' || parent === null || key === undefined) continue
    retyped = Reflect.set(parent, key, value) || retyped
  }
  return retyped ? configSchema.safeParse(tree) : first
}

/** Of an entry whose kind is unknown the schema looks at nothing else; what every kind has can be judged all the same. */
function hiddenByKind(issues: readonly z.core.$ZodIssue[], tree: unknown): z.core.$ZodIssue[] {
  return issues.flatMap((issue) => {
    if (issue.code !== 'invalid_union' || issue.discriminator === undefined) return []
    const entry = issue.path.slice(0, -1)
    const common = entry[0] === 'sources' ? anySource : anyComponent
    const parsed = common.safeParse(valueAt(tree, entry))
    return parsed.success
      ? []
      : parsed.error.issues.map((inner) => ({ ...inner, path: [...entry, ...inner.path] }))
  })
}

function unique(faults: readonly Fault[]): Fault[] {
  const seen = new Set<string>()
  return faults.filter(({ path, message }) => {
    const key = `${path}\n${message}`
    return seen.has(key) ? false : seen.add(key) !== undefined
  })
}

type ReadText =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'missing' }
  | { readonly kind: 'unreadable'; readonly reason: string }

async function readText(file: string): Promise<ReadText> {
  try {
    const { size } = await stat(file)
    if (size > LARGEST_FILE_BYTES) {
      return { kind: 'unreadable', reason: `is larger than ${LARGEST_FILE_BYTES / 1024} KiB` }
    }
    const bytes = await readFile(file)
    return { kind: 'text', text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) }
  } catch (error) {
    if (error instanceof Error && 'code' in error) {
      if (error.code === 'ENOENT') return { kind: 'missing' }
      if (error.code === 'ERR_ENCODING_INVALID_ENCODED_DATA')
        return { kind: 'unreadable', reason: 'is not UTF-8' }
      return { kind: 'unreadable', reason: `cannot be read (${String(error.code)})` }
    }
    throw error
  }
}
