import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'

/** The folder of the repository, with a slash at its end. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url))

export type Env = Readonly<Record<string, string>>

/** The parts of a service that the tests hold against the repository. */
export type ComposeService = {
  readonly image: string
  readonly user?: string
  readonly read_only?: boolean
  readonly profiles?: readonly string[]
  readonly entrypoint?: readonly string[]
  readonly command?: readonly string[]
  readonly environment?: Env
  readonly secrets?: readonly string[]
  readonly volumes: readonly string[]
  readonly ports?: readonly string[]
  readonly networks: readonly string[]
  readonly healthcheck?: { readonly test: readonly string[] }
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>
  readonly restart: string
  readonly cap_drop: readonly string[]
  readonly security_opt: readonly string[]
  readonly logging: { readonly driver: string; readonly options: Env }
  readonly stop_grace_period?: string
  readonly build?: { readonly context: string; readonly dockerfile: string }
}

export type Compose = {
  readonly services: Readonly<Record<string, ComposeService>>
  readonly networks: Readonly<Record<string, { readonly internal?: boolean }>>
  readonly volumes: Readonly<Record<string, null>>
  readonly secrets: Readonly<Record<string, { readonly environment: string }>>
}

/** A file of the repository. */
export function readText(path: string): string {
  return readFileSync(`${ROOT}${path}`, 'utf8')
}

/** A YAML file of the repository. */
export function readYaml(path: string) {
  return parse(readText(path))
}

/** docker-compose.yml with its variables filled in from `env`, as Docker Compose would do it. */
export function readCompose(env: Env): Compose {
  return parse(readText('docker-compose.yml'), (_, value) => filledText(value, env), { merge: true })
}

/** Compose parses first, so that a value never becomes anything but text. */
function filledText(value: unknown, env: Env): unknown {
  return typeof value === 'string' ? interpolate(value, env) : value
}

/**
 * Compose's rules: `${NAME}`, `${NAME:-default}`, where the default may hold another one, `${NAME:?message}`, which
 * is thrown when there is no value, and `$$` for a plain dollar.
 */
export function interpolate(text: string, env: Env): string {
  const start = text.search(/\$[${]/)
  if (start < 0) return text
  const before = text.slice(0, start)
  if (text[start + 1] === '$') return `${before}$${interpolate(text.slice(start + 2), env)}`
  const end = closingBrace(text, start + 2)
  return before + filled(text.slice(start + 2, end), env) + interpolate(text.slice(end + 1), env)
}

function closingBrace(text: string, from: number): number {
  for (let at = from, depth = 1; at < text.length; at += 1) {
    if (text[at] === '{') depth += 1
    if (text[at] === '}') depth -= 1
    if (depth === 0) return at
  }
  throw new Error(`A brace is not closed: ${text.slice(from, from + 40)}`)
}

function filled(expression: string, env: Env): string {
  const [, name = '', rule = '', rest = ''] = /^(\w+)(:[-?])?([\s\S]*)$/.exec(expression) ?? []
  const value = env[name] ?? ''
  if (value !== '' || rule === '') return value
  if (rule === ':?') throw new Error(`${name}: ${rest}`)
  return interpolate(rest, env)
}

/** The variables of .env.example: secrets that must be made, and what may be set. */
export function exampleVariables(): { readonly required: string[]; readonly optional: string[] } {
  const lines = readText('.env.example').split('\n')
  const named = (pattern: RegExp) => lines.flatMap((line) => pattern.exec(line)?.[1] ?? [])
  return { required: named(/^([A-Z_]+)=$/), optional: named(/^# ([A-Z_]+)=/) }
}

/** A value for each required variable. */
export function exampleEnv(): Env {
  return Object.fromEntries(
    exampleVariables().required.map((name) => [name, `secret-of-${name.toLowerCase()}`]),
  )
}
