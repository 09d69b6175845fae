import type { NewLetter } from '../core/letters/letter.ts'
import type { Log, Outbox, SettingsStore } from '../ports.ts'

export type FlagProgressDeps = {
  readonly settings: SettingsStore
  readonly outbox: Pick<Outbox, 'add' | 'list'>
  readonly log: Log
}

/** What somebody who writes letters remembers, over restarts. */
export type FlagProgress<State> = {
  /** Undefined: nothing is known. Rejects with StoreError. */
  load(): Promise<State | undefined>
  /**
   * Stores letters of one subject and what is remembered after them. Rejects when the letters are not stored: all is as
   * before, and may be decided anew. A crash at any moment repeats no letter and loses none.
   */
  commit(before: State, after: State, letters: readonly NewLetter[]): Promise<void>
}

/**
 * What is remembered lies beside the outbox, so both are not stored in one transaction: before letters are stored the
 * intention is, and whoever finds one after a crash asks the outbox whether it was carried out.
 */
export function createFlagProgress<State>(
  { settings, outbox, log }: FlagProgressDeps,
  key: string,
  read: (stored: unknown) => State | undefined,
): FlagProgress<State> {
  return {
    async load() {
      const { state, intended, subject } = parse((await settings.get(key)) ?? '{}')
      const after = read(intended)
      if (after !== undefined && typeof subject === 'string') {
        const { total } = await outbox.list({ subject, limit: 1 })
        if (total > 0) return after
      }
      const known = read(state)
      if (known === undefined && state !== undefined) {
        log.warn('what was told of silent terminals cannot be read; it begins anew', { key })
      }
      return known
    },
    async commit(before, after, letters) {
      const [first] = letters
      if (first === undefined) return settings.set(key, JSON.stringify({ state: after }))
      await settings.set(key, JSON.stringify({ state: before, intended: after, subject: first.subject }))
      await outbox.add(letters)
      try {
        await settings.set(key, JSON.stringify({ state: after }))
      } catch (error) {
        log.warn('what was told cannot be stored; the letters say it after a restart', {
          key,
          error: String(error),
        })
      }
    },
  }
}

function parse(text: string): {
  readonly state?: unknown
  readonly intended?: unknown
  readonly subject?: unknown
} {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : { state: null }
  } catch {
    return { state: null }
  }
}
