import { StoreError } from '../../ports.ts'

export type TroubleWatch = ReturnType<typeof createTroubleWatch>

/** What is wrong with the database now: a failed call until one that writes succeeds, damage until the restart. */
export function createTroubleWatch() {
  let lasting: string | undefined
  let passing: string | undefined

  function note(error: unknown): void {
    if (!(error instanceof StoreError) || error.kind === 'closed') return
    if (error.kind === 'corrupt') lasting ??= error.message
    else passing = error.message
  }

  return {
    troubles: (): readonly string[] => [...new Set([lasting, passing])].filter((text) => text !== undefined),
    failedForGood(error: StoreError): void {
      lasting = error.message
    },
    async reads<Result>(call: Promise<Result>): Promise<Result> {
      try {
        return await call
      } catch (error) {
        note(error)
        throw error
      }
    },
    async writes<Result>(call: Promise<Result>): Promise<Result> {
      try {
        const result = await call
        passing = undefined
        return result
      } catch (error) {
        note(error)
        throw error
      }
    },
  }
}
