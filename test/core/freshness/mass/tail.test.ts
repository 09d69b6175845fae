import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { logBinomialTail } from '../../../../src/core/freshness/mass/tail.ts'

/** P[Bin(n, a / b) >= x] in whole numbers, as a logarithm. */
function exactLog(n: number, a: bigint, b: bigint, x: number): number {
  let sum = 0n
  let choose = 1n
  for (let k = 0; k <= n; k++) {
    if (k >= x) sum += choose * a ** BigInt(k) * (b - a) ** BigInt(n - k)
    choose = (choose * BigInt(n - k)) / BigInt(k + 1)
  }
  return logOf(sum) - n * Math.log(Number(b))
}

function logOf(value: bigint): number {
  const text = value.toString()
  return Math.log(Number(`0.${text.slice(0, 17)}`)) + text.length * Math.LN10
}

describe('the tail of the binomial distribution', () => {
  test.each([
    [10, 4n, 1000n, 5],
    [10, 1n, 10n, 10],
    [5, 4n, 1000n, 4],
    [9, 3n, 10n, 8],
    [40, 1n, 3n, 20],
    [150, 4n, 1000n, 30],
    [300, 1n, 1_000_000n, 3],
    [300, 99n, 100n, 299],
  ])('n %i, p %s/%s, x %i is that of whole numbers', (n, a, b, x) => {
    const exact = exactLog(n, a, b, x)
    expect(Math.abs(logBinomialTail(n, Number(a) / Number(b), x) - exact)).toBeLessThan(1e-9)
  })

  test.each([
    [1_000_000, 0.004, 4500],
    [1_000_000, 1e-6, 20],
    [1_000_000, 0.5, 501_000],
  ])('for n %i, p %f, x %i two tails differ by the chance of x itself', (n, p, x) => {
    const tail = logBinomialTail(n, p, x)
    const next = logBinomialTail(n, p, x + 1)
    // P[X = x] by the entropy form of Loader (2000) without its corrections, good to 1 / (12 x).
    const q = x / n
    const entropy = n * (q * Math.log(q / p) + (1 - q) * Math.log((1 - q) / (1 - p)))
    const density = -entropy - 0.5 * Math.log(2 * Math.PI * n * q * (1 - q))
    const difference = tail + Math.log(-Math.expm1(next - tail))
    expect(Math.abs(difference - density)).toBeLessThan(1 / (6 * x) + 1e-6)
  })

  test('it is 1 up to the mean and 0 beyond n', () => {
    expect(logBinomialTail(100, 0.2, 20)).toBe(0)
    expect(logBinomialTail(100, 0.2, 21)).toBeLessThan(0)
    expect(logBinomialTail(100, 0.2, 101)).toBe(-Infinity)
    expect(logBinomialTail(100, 1, 100)).toBe(0)
  })

  test('it never grows with x nor shrinks with p, and is a chance', () => {
    const input = fc.tuple(
      fc.integer({ min: 1, max: 1_000_000 }),
      fc.double({ min: 1e-6, max: 0.999, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
    )
    fc.assert(
      fc.property(input, ([n, p, part]) => {
        const x = Math.round(part * n)
        const tail = logBinomialTail(n, p, x)
        expect(tail).toBeLessThanOrEqual(0)
        expect(logBinomialTail(n, p, x + 1)).toBeLessThanOrEqual(tail + 1e-6)
        expect(logBinomialTail(n, Math.min(1, p * 1.01), x)).toBeGreaterThanOrEqual(tail - 1e-6)
      }),
    )
  })

  test('for small n it is the sum of its terms', () => {
    const input = fc.tuple(
      fc.integer({ min: 1, max: 60 }),
      fc.integer({ min: 1, max: 999 }),
      fc.integer({ min: 1, max: 60 }),
    )
    fc.assert(
      fc.property(input, ([n, thousandths, x]) => {
        if (x > n || x <= (n * thousandths) / 1000) return
        const exact = exactLog(n, BigInt(thousandths), 1000n, x)
        expect(Math.abs(logBinomialTail(n, thousandths / 1000, x) - exact)).toBeLessThan(1e-9)
      }),
    )
  })
})
