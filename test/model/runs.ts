/**
 * How long random traces go on. `MODEL_FACTOR=50 MODEL_SEED=7 npx vitest run --config test/vitest.config.ts test/model`
 * runs fifty times as many from that seed; without a seed each long run takes another one and fast-check prints it
 * when a trace fails.
 */
export function runs(usual: number): number {
  return Math.ceil(usual * Number(process.env['MODEL_FACTOR'] ?? 1))
}

/** Fixed in the suite, so that a red build is red for everybody. */
export function seedOf(): number {
  const seed = process.env['MODEL_SEED']
  if (seed !== undefined) return Number(seed)
  return process.env['MODEL_FACTOR'] === undefined ? 20_261_123 : Date.now() % 2 ** 31
}
