/**
 * Natural logarithm of P[Bin(n, p) >= x]; 0, so that the chance is 1, when x <= n p (spec/freshness.md 7). Terms are
 * added from x upwards: each is smaller than the one before it, so that the sum is exact to some 1e-9 of itself for n
 * up to 1,000,000.
 */
export function logBinomialTail(n: number, p: number, x: number): number {
  if (x <= n * p) return 0
  if (x > n || p <= 0) return -Infinity
  const first = logChoose(n, x) + x * Math.log(p) + (n - x) * Math.log1p(-p)
  const odds = p / (1 - p)
  let term = 1
  let sum = 1
  for (let k = x; k < n && term > sum * NEGLIGIBLE; k++) {
    term *= ((n - k) / (k + 1)) * odds
    sum += term
  }
  return Math.min(0, first + Math.log(sum))
}

const NEGLIGIBLE = 1e-17

function logChoose(n: number, k: number): number {
  return logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1)
}

/** Stirling's series (Abramowitz and Stegun 6.1.41), after the recurrence 6.1.15 has made the argument large. */
function logGamma(z: number): number {
  let shift = 0
  let large = z
  for (; large < LARGE; large++) shift += Math.log(large)
  const inverse = 1 / large
  const square = inverse * inverse
  const series =
    inverse * (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square * (1 / 1680 - square / 1188))))
  return (large - 0.5) * Math.log(large) - large + HALF_LOG_TAU + series - shift
}

/** From here on five terms of the series are exact to 1e-15. */
const LARGE = 16
const HALF_LOG_TAU = 0.5 * Math.log(2 * Math.PI)
