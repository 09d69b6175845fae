import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { type Mutant, readReport } from './report.ts'

/*
 * Mutation check of the outage clock and the letters: `node test/mutation/mutate.ts [FILE ...]`, by default all of
 * src/core/outage and src/core/letters. Stryker flips every comparison and condition, one at a time, in a copy of the
 * work tree, and the tests must notice. What nothing notices is printed as JSON lines; exit status 1 when there is
 * any that test/mutation/equivalent.json does not explain.
 *
 * Stryker is no dependency: its exact version is installed into the copy, which needs the package registry. It reads
 * tsconfig.json by an interface that TypeScript 7 does not have, so it is told of a file that does not exist.
 */

const STRYKER = ['@stryker-mutator/core@10.1.1', '@stryker-mutator/vitest-runner@10.1.1']
const FOLDERS = ['src/core/outage', 'src/core/letters']

/** The tests next to the code, which are fast; and those that run it through the workers, for what is left. */
const NEAR = ['test/core/outage/**/*.test.ts', 'test/core/letters/**/*.test.ts', 'test/model/clock.test.ts']
const FAR = [
  'test/workers/{prober,letter,courier,auditor,planned,operator,monthly,reports,service,uptime}*.test.ts',
  'test/model/*.test.ts',
  'test/{config,commands}/{letter,replay,test-letter}*.test.ts',
]

/** What is not asked: texts, lists and objects have no comparison in them. */
const EXCLUDED = [
  'StringLiteral',
  'ObjectLiteral',
  'ArrayDeclaration',
  'Regex',
  'BlockStatement',
  'ArrowFunction',
  'OptionalChaining',
  'AssignmentOperator',
]

const root = new URL('../..', import.meta.url).pathname
const copy = mkdtempSync(join(tmpdir(), 'mutation-'))
try {
  process.exitCode = main(process.argv.slice(2))
} finally {
  rmSync(copy, { recursive: true, force: true })
}

function main(files: readonly string[]): number {
  makeCopy()
  const targets = files.length > 0 ? files.map((file) => relative(root, file)) : filesOf(FOLDERS)
  const near = run(targets, NEAR, '0.3')
  const doubtful = near.filter(({ survived }) => survived)
  // A range for Stryker is the place of a mutant; it makes all that lie in it.
  const far = doubtful.length === 0 ? [] : run([...new Set(doubtful.map(rangeOf))], FAR, '0.05')
  const names = new Set(doubtful.map(nameOf))
  const survivors = far.filter((mutant) => mutant.survived && names.has(nameOf(mutant)))
  const explained = new Set(equivalents().map(nameOf))
  const unexplained = survivors.filter((mutant) => !explained.has(nameOf(mutant)))
  for (const mutant of unexplained) print(mutant)
  print({
    mutants: near.length,
    survivedNear: doubtful.length,
    survived: survivors.length,
    unexplained: unexplained.length,
  })
  return unexplained.length === 0 ? 0 : 1
}

function makeCopy(): void {
  const list = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], {
    cwd: root,
    encoding: 'utf8',
  })
  for (const file of list.split('\0').filter((name) => name !== '')) {
    mkdirSync(dirname(join(copy, file)), { recursive: true })
    cpSync(join(root, file), join(copy, file), { force: true, errorOnExist: false })
  }
  cpSync(join(root, 'node_modules'), join(copy, 'node_modules'), { recursive: true, verbatimSymlinks: true })
  execFileSync('npm', ['install', '--no-save', '--no-audit', '--no-fund', ...STRYKER], {
    cwd: copy,
    stdio: 'ignore',
  })
}

function filesOf(folders: readonly string[]): readonly string[] {
  return folders.map((folder) => `${folder}/**/*.ts`)
}

/** `factor`: of the random traces of the model, of which each mutant runs all. */
function run(mutate: readonly string[], tests: readonly string[], factor: string): readonly Mutant[] {
  const config = {
    packageManager: 'npm',
    testRunner: 'vitest',
    plugins: ['@stryker-mutator/vitest-runner'],
    vitest: { configFile: 'mutation.vitest.config.ts', related: false },
    tsconfigFile: 'none.json',
    disableTypeChecks: false,
    coverageAnalysis: 'perTest',
    concurrency: 2,
    mutate,
    mutator: { excludedMutations: EXCLUDED },
    reporters: ['json'],
    jsonReporter: { fileName: 'mutation.json' },
  }
  const vitest = `import { defineConfig } from 'vitest/config'
export default defineConfig({ test: { include: ${JSON.stringify(tests)}, testTimeout: 60_000, hookTimeout: 60_000 } })
`
  writeFileSync(join(copy, 'stryker.config.json'), JSON.stringify(config))
  writeFileSync(join(copy, 'mutation.vitest.config.ts'), vitest)
  const stryker = join(copy, 'node_modules/@stryker-mutator/core/bin/stryker.js')
  const env = { ...process.env, MODEL_FACTOR: factor, MODEL_SEED: '20261123' }
  const { status, stdout } = spawnSync(process.execPath, [stryker, 'run', 'stryker.config.json'], {
    cwd: copy,
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 1 << 28,
  })
  if (status !== 0) throw new Error(`Stryker ended with status ${status}:\n${stdout.slice(-5_000)}`)
  return readReport(readFileSync(join(copy, 'mutation.json'), 'utf8'))
}

function rangeOf({ file, from, to }: Mutant): string {
  return `${file}:${from.line}:${from.column - 1}-${to.line}:${to.column - 1}`
}

type Named = Pick<Mutant, 'file' | 'code' | 'replacement'> & { readonly line?: string }

/** Survives a change elsewhere in the file: the line's text in place of its number. */
function nameOf({ file, line, code, replacement }: Named): string {
  return JSON.stringify([file, line, code, replacement])
}

/** Mutants that do the same as the code, each with the reason why. */
function equivalents(): readonly (Required<Named> & { readonly reason: string })[] {
  return JSON.parse(readFileSync(new URL('equivalent.json', import.meta.url), 'utf8'))
}

function print(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`)
}
