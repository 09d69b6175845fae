import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Files that take a minute or more; begun last they would run alone at the end. */
const LONG =
  /test\/(model\/model|e2e\/(letter-crash|demo|crash|import-stop|process)|browser\/pages|soak\/soak)\.test/

class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId }: TestSpecification): number => Number(LONG.test(moduleId))
    return (await super.sort(files)).toSorted((a, b) => isLong(b) - isLong(a))
  }
}

/** Nothing of one file is left over for the next, so they share their threads. */
const INSIDE = [
  'architecture',
  'commands',
  'compose',
  'config',
  'core',
  'dashboards',
  'http',
  'simulation',
  'workers',
].map((folder) => `test/${folder}/**/*.test.ts`)

const shared = {
  root: new URL('..', import.meta.url).pathname,
  setupFiles: [new URL('support/seed.ts', import.meta.url).pathname],
  // The hundreds of processes and threads that the tests start need not compile everything anew.
  env: { NODE_COMPILE_CACHE: new URL('../.artifacts/compile-cache', import.meta.url).pathname },
  testTimeout: 30_000,
  hookTimeout: 30_000,
}

/** They share the whole service, once compiled, and one browser for each thread. */
const BROWSER = 'test/browser/**/*.test.ts'

export default defineConfig({
  test: {
    root: shared.root,
    reporters: ['default', ['json', { outputFile: '.artifacts/tests.json' }]],
    // Two cores, and one file more: those with real servers and processes wait for most of their time.
    maxWorkers: 3,
    sequence: { sequencer: LongFirst },
    projects: [
      { test: { ...shared, name: 'edges', include: ['test/**/*.test.ts'], exclude: [...INSIDE, BROWSER] } },
      { test: { ...shared, name: 'browser', include: [BROWSER], isolate: false } },
      { test: { ...shared, name: 'inside', include: INSIDE, isolate: false } },
    ],
  },
})
