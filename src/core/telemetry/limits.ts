import { excerpt, readNumber } from './value.ts'

/** Outside of these a number is no such value: a wrong unit or a placeholder such as 65535. */
export type Limits = { readonly min: number; readonly max: number; readonly whole?: true }

/** The number in a value, if it lies within the limits; undefined for everything else. */
export function numberWithin(value: unknown, limits: Limits): number | undefined {
  const number = readNumber(value)
  if (number === undefined || number < limits.min || number > limits.max) return undefined
  return limits.whole === true && !Number.isInteger(number) ? undefined : number
}

/** Why `numberWithin` gave nothing. */
export function limitsFault(value: unknown, { min, max, whole }: Limits): string {
  const number = readNumber(value)
  if (number === undefined) return `${excerpt(value)} is not a plain number`
  if (number < min || number > max) return `${number} is outside ${min}..${max}`
  return whole === true ? `${number} is not a whole number` : `${number} is not taken`
}
