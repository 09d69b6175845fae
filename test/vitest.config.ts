import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['test/**/*.test.ts'],
    setupFiles: [new URL('support/seed.ts', import.meta.url).pathname],
    reporters: ['default', ['json', { outputFile: '.artifacts/tests.json' }]],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // Two cores: the suites with real servers and processes would starve each other with more.
    maxWorkers: 2,
  },
})
