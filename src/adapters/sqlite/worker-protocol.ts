import type { Operations } from './operations.ts'
import type { Failure } from './store-error.ts'

/** A call of `method` of `store`, or the last one: close the database and end. */
export type Request =
  | {
      readonly id: number
      readonly store: keyof Operations
      readonly method: string
      readonly args: readonly unknown[]
    }
  | { readonly id: number; readonly store: 'close' }

/** The end of call `id`; 0 is the opening of the database. */
export type Reply =
  | { readonly id: number; readonly kind: 'done'; readonly result: unknown }
  | { readonly id: number; readonly kind: 'failed'; readonly failure: Failure }

export const OPENING = 0
