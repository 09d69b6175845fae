import { execFileSync } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { importsOf, namesIn } from './imports.ts'
import { tokenize } from './lexer.ts'
import { type Modules, violations } from './rules.ts'

const root = new URL('../../', import.meta.url)

function readModules(): Modules {
  const paths = globSync(['src/**/*.ts', 'dashboards/**/*.ts'], { cwd: root })
  return new Map(paths.map((path) => [path, readFileSync(new URL(path, root), 'utf8')]))
}

describe('the project', () => {
  const modules = readModules()

  test('keeps the import directions of the design', () => {
    expect(violations(modules)).toEqual([])
  })

  test('was looked at as a whole', () => {
    const folders = ['src', 'dashboards'].filter((name) => globSync(name, { cwd: root }).length > 0)
    const files = execFileSync('find', [...folders, '-name', '*.ts'], { cwd: root, encoding: 'utf8' })
    expect([...modules.keys()].toSorted()).toEqual(files.trim().split('\n').toSorted())
    expect(modules.size).toBeGreaterThan(100)
  })

  test('has imports that were found: each module but those that load nothing has one', () => {
    const edges = [...modules.values()].reduce((sum, source) => sum + importsOf(tokenize(source)).length, 0)
    const lines =
      [...modules.values()].join('\n').match(/^(import |export .*from ')|^\} from '/gm)?.length ?? 0
    expect(edges).toBeGreaterThan(modules.size)
    expect(edges).toBeGreaterThan(lines / 2)
  })
})

describe('a planted violation is found', () => {
  const base: Record<string, string> = {
    'src/core/time.ts': 'export type Instant = number',
    'src/core/a.ts': "import type { Instant } from './time.ts'",
    'src/ports.ts': '',
    'src/metrics.ts': '',
    'src/workers/w.ts': '',
    'src/adapters/mqtt/source.ts': "import mqtt from 'mqtt'\nimport { connect } from 'node:net'",
    'src/adapters/sqlite/db.ts': "import { DatabaseSync } from 'node:sqlite'",
    'src/http/app.ts': "import { html } from 'hono/html'",
    'src/config/schema.ts': "import { z } from 'zod'",
    'src/compose.ts': "import './adapters/mqtt/source.ts'",
    'src/commands/serve.ts': "import '../compose.ts'",
    'src/main.ts': "const load = () => import('./commands/serve.ts')\nprocess.exitCode = 1",
    'dashboards/fleet.ts': "import { METRICS } from '../src/metrics.ts'",
  }

  const check = (planted: Record<string, string>): string[] =>
    violations(new Map(Object.entries({ ...base, ...planted })))

  test('and the plain example has none', () => {
    expect(check({})).toEqual([])
  })

  test.each([
    ['src/core/a.ts', "import '../ports.ts'", 'must not import src/ports.ts'],
    ['src/core/a.ts', "import { readFile } from 'node:fs'", 'must not import node:fs'],
    ['src/core/a.ts', "import { z } from 'zod'", 'must not import zod'],
    ['src/core/a.ts', "export * from 'zod'", 'must not import zod'],
    ['src/core/a.ts', "const z = await import('zod')", 'must not import zod'],
    ['src/core/a.ts', "type Z = import('zod').ZodType", 'must not import zod'],
    ['src/core/a.ts', 'const later = (name: string) => import(name)', 'imports what is not a plain text'],
    ['src/core/a.ts', "import './gone.ts'", 'imports src/core/gone.ts, which is not there'],
    ['src/core/a.ts', 'const at = Date.now()', 'is core and uses Date'],
    ['src/core/a.ts', 'setTimeout(() => {}, 1)', 'is core and uses setTimeout'],
    ['src/core/a.ts', 'const x = Math.random()', 'is core and uses Math.random'],
    ['src/core/a.ts', `const x = \`\${process.pid}\``, 'is core and uses process'],
    ['src/core/a.ts', 'globalThis.console.log(1)', 'is core and uses console'],
    ['src/ports.ts', "import './workers/w.ts'", 'must not import src/workers/w.ts'],
    ['src/metrics.ts', "import './ports.ts'", 'must not import src/ports.ts'],
    [
      'src/workers/w.ts',
      "import '../adapters/mqtt/source.ts'",
      'must not import src/adapters/mqtt/source.ts',
    ],
    ['src/workers/w.ts', "import { randomUUID } from 'node:crypto'", 'must not import node:crypto'],
    ['src/workers/w.ts', "import '../config/schema.ts'", 'must not import src/config/schema.ts'],
    ['src/adapters/mqtt/source.ts', "import '../sqlite/db.ts'", 'must not import src/adapters/sqlite/db.ts'],
    ['src/adapters/mqtt/source.ts', "import pino from 'pino'", 'must not import pino'],
    [
      'src/adapters/mqtt/source.ts',
      "import { DatabaseSync } from 'node:sqlite'",
      'must not import node:sqlite',
    ],
    [
      'src/adapters/sqlite/db.ts',
      "new Worker(new URL('../mqtt/source.ts', import.meta.url))",
      'must not import src/adapters/mqtt/source.ts',
    ],
    ['src/http/app.ts', "import '../workers/w.ts'", 'must not import src/workers/w.ts'],
    ['src/http/app.ts', "import mqtt from 'mqtt/dist'", 'must not import mqtt/dist'],
    ['src/config/schema.ts', "import '../ports.ts'", 'must not import src/ports.ts'],
    [
      'src/commands/serve.ts',
      "import '../adapters/mqtt/source.ts'",
      'must not import src/adapters/mqtt/source.ts',
    ],
    ['src/commands/serve.ts', "import { env } from 'node:process'", 'must not import node:process'],
    ['src/commands/serve.ts', 'const home = process.env', 'uses process'],
    ['src/commands/serve.ts', 'const now = new Date()', 'reads the clock'],
    ['src/main.ts', "import './compose.ts'", 'must not import src/compose.ts'],
    ['src/utils/x.ts', "import '../ports.ts'", 'is of no known layer'],
    ['dashboards/fleet.ts', "import '../src/core/time.ts'", 'must not import src/core/time.ts'],
  ])('%s: %s', (path, source, fault) => {
    expect(check({ [path]: source })).toContain(`${path} ${fault}`)
  })

  test('a cycle, also of types only', () => {
    expect(check({ 'src/core/time.ts': "import type { A } from './a.ts'" })).toEqual([
      'cycle: src/core/time.ts -> src/core/a.ts -> src/core/time.ts',
    ])
  })
})

describe('the lexer', () => {
  test('finds every form of import', () => {
    const source = `
import a, { b as c } from 'm1'
import * as d from "m2"
import type { E } from 'm3'
import 'm4'
import { type F, from } from 'm5'
import data from 'm6' with { type: 'json' }
export { g } from 'm7'
export * as h from 'm8'
export type { I } from 'm9'
export default await import('m10')
type J = typeof import('m11')
const w = new Worker(new URL('./m12.ts', import.meta.url))
`
    expect(importsOf(tokenize(source))).toEqual(
      Array.from({ length: 12 }, (_, i) => (i === 11 ? './m12.ts' : `m${i + 1}`)),
    )
  })

  test('is not taken in by comments, texts, templates and regular expressions', () => {
    const source = [
      "// import 'x1'",
      "/* import 'x2' \n * from 'x3' */",
      'const a = "import \'x4\'"',
      `const b = \`import 'x5' \${\`from \${'x6'}\`} import('x7')\``,
      'const c = /import \'x8\'/g.test("//") // /',
      "const d = 4 / 2 / 1; const e = f(1) / 2 // import 'x9'",
      "const g = [/['\"`]/, /[/]'/]",
      'export const from = 1',
      "export const h = 'm'",
      'object.import("x10")',
      'const url = import.meta.url',
      "const asset = new URL('./style.css', import.meta.url)",
      "import real from 'real'",
    ].join('\n')
    expect(importsOf(tokenize(source))).toEqual(['real'])
  })

  test('tells uses of a name from keys, members and texts', () => {
    const names = namesIn(
      tokenize(
        `const x = { Date: 1, process: y }; x.console; 'fetch'; type A = { Date: B }; z(\`\${used}\`); [...rest]`,
      ),
    )
    expect([...names].filter((name) => ['Date', 'process', 'console', 'fetch'].includes(name))).toEqual([])
    expect(names.has('used') && names.has('rest') && names.has('y')).toBe(true)
    expect(namesIn(tokenize('const a = { b: Date.now() }')).has('Date')).toBe(true)
  })
})
