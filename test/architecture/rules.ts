import { posix } from 'node:path'
import { importsOf, namesIn } from './imports.ts'
import { tokenize } from './lexer.ts'

/** Text of every module by its path from the top, such as `src/core/time.ts`. */
export type Modules = ReadonlyMap<string, string>

/** What a layer may load, beside itself: other layers, packages, `node:` (all of Node) or single modules of it. */
type Rule = { readonly layers: readonly string[]; readonly packages: readonly string[] }

const RULES: Readonly<Record<string, Rule>> = {
  core: { layers: [], packages: [] },
  ports: { layers: ['core'], packages: [] },
  metrics: { layers: ['core'], packages: [] },
  workers: { layers: ['core', 'ports'], packages: [] },
  adapters: { layers: ['core', 'ports', 'metrics'], packages: ['node:'] },
  http: {
    layers: ['core', 'ports'],
    packages: ['hono', '@hono/node-server', '@hono/zod-openapi', 'zod', 'node:'],
  },
  config: { layers: ['core'], packages: ['zod', 'yaml', 'node:'] },
  compose: {
    layers: ['core', 'ports', 'metrics', 'workers', 'adapters', 'http', 'config'],
    packages: ['node:'],
  },
  commands: { layers: ['compose', 'config', 'core', 'ports'], packages: ['node:'] },
  main: { layers: ['commands'], packages: ['node:'] },
  dashboards: { layers: ['metrics'], packages: ['node:', '@grafana/grafana-foundation-sdk'] },
}

/** The library that each adapter owns. An adapter that is not named here has none. */
const OWN_LIBRARY: Readonly<Record<string, readonly string[]>> = {
  mqtt: ['mqtt'],
  broker: ['aedes'],
  simulation: ['mqtt', 'postal-mime', 'smtp-server'],
  smtp: ['nodemailer'],
  influx: ['@influxdata/influxdb-client'],
  prometheus: ['prom-client'],
  system: ['pino'],
  cron: ['node-cron'],
}

/** Node's modules that belong to single places. */
const OWNED_BY: Readonly<Record<string, readonly string[]>> = {
  'node:sqlite': ['src/adapters/sqlite/', 'src/adapters/system/'],
  'node:process': ['src/adapters/system/'],
  process: [],
}

const IMPURE = [
  'Date',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'performance',
  'process',
  'console',
  'fetch',
  'crypto',
  'require',
  'globalThis',
]

/** Every breach of the import directions of the design, each as a sentence that names the module. */
export function violations(modules: Modules): string[] {
  const edges = new Map<string, string[]>()
  const found = [...modules].flatMap(([path, source]) => {
    const tokens = tokenize(source)
    const targets = importsOf(tokens)
    edges.set(
      path,
      targets.flatMap((name) => (name?.startsWith('.') ? [resolved(path, name)] : [])),
    )
    return [
      ...targets.flatMap((name) => importFault(path, name, modules)),
      ...nameFaults(path, namesIn(tokens), source),
    ]
  })
  return [...found, ...cycles(edges)]
}

/** `src/adapters/mqtt/source.ts` is of the layer `adapters`, `src/main.ts` of `main`. */
function layerOf(path: string): string {
  const [top = '', second = ''] = path.split('/')
  return top === 'src' ? second.replace(/\.ts$/, '') : top
}

function importFault(path: string, name: string | null, modules: Modules): string[] {
  if (name === null) return [`${path} imports what is not a plain text`]
  const rule = RULES[layerOf(path)]
  if (rule === undefined) return [`${path} is of no known layer`]
  return name.startsWith('.')
    ? moduleFault(path, resolved(path, name), rule, modules)
    : packageFault(path, name, rule)
}

function moduleFault(path: string, target: string, rule: Rule, modules: Modules): string[] {
  if (target === 'package.json')
    return ['main', 'compose'].includes(layerOf(path)) ? [] : [`${path} must not import package.json`]
  if (!modules.has(target)) return [`${path} imports ${target}, which is not there`]
  const [from, to] = [layerOf(path), layerOf(target)]
  const isNeighbour = from === to && (from !== 'adapters' || adapterOf(path) === adapterOf(target))
  return isNeighbour || (from !== to && rule.layers.includes(to)) ? [] : [`${path} must not import ${target}`]
}

function packageFault(path: string, name: string, rule: Rule): string[] {
  const owners = OWNED_BY[name]
  if (owners !== undefined) {
    return owners.some((owner) => path.startsWith(owner)) ? [] : [`${path} must not import ${name}`]
  }
  const root = name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/')
  const allowed =
    layerOf(path) === 'adapters' ? [...rule.packages, ...(OWN_LIBRARY[adapterOf(path)] ?? [])] : rule.packages
  const isAllowed = allowed.includes(root) || (name.startsWith('node:') && allowed.includes('node:'))
  return isAllowed ? [] : [`${path} must not import ${name}`]
}

function adapterOf(path: string): string {
  return path.split('/')[2] ?? ''
}

function nameFaults(path: string, names: ReadonlySet<string>, source: string): string[] {
  const isSystem = path.startsWith('src/adapters/system/')
  const faults: string[] = []
  if (layerOf(path) === 'core') {
    faults.push(...IMPURE.filter((name) => names.has(name)).map((name) => `${path} is core and uses ${name}`))
    if (names.has('Math') && /\bMath\.random\b/.test(source))
      faults.push(`${path} is core and uses Math.random`)
  } else if (names.has('process') && path !== 'src/main.ts' && !isSystem) {
    faults.push(`${path} uses process`)
  }
  const readsClock = names.has('Date') && /\bDate\.now\b|\bnew Date\(\s*\)/.test(source)
  if (readsClock && !isSystem && path.startsWith('src/')) faults.push(`${path} reads the clock`)
  return faults
}

function resolved(path: string, name: string): string {
  return posix.normalize(posix.join(posix.dirname(path), name))
}

/** Each cycle once, as the modules on it. */
function cycles(edges: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>()
  const found: string[] = []
  const visit = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path)
    if (start >= 0) {
      found.push(`cycle: ${[...trail.slice(start), path].join(' -> ')}`)
      return
    }
    if (done.has(path)) return
    for (const next of edges.get(path) ?? []) visit(next, [...trail, path])
    done.add(path)
  }
  for (const path of edges.keys()) visit(path, [])
  return found
}
