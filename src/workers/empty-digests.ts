import { hasTerminals, type Scope } from '../core/flagging/scope.ts'
import { scopeNames } from '../core/flagging/words.ts'
import type { Fleet } from '../core/fleet/fleet.ts'
import type { Language } from '../core/letters/letter.ts'
import { SECOND } from '../core/time.ts'
import type { Clock, Log } from '../ports.ts'

export type EmptyDigestsDeps = { readonly clock: Clock; readonly log: Log; readonly fleet: Fleet }

/** A digest and whose terminals it is about. */
export type DigestScope = { readonly id: string; readonly scope: Scope }

/** To go through a large inventory for each page would be much work. */
const KEPT_MS = 30 * SECOND
/** So many are named, and the others are counted. */
const NAMED_IN_LOG = 20
const NAMED_ON_PAGE = 5

/** Finds digests that tell nobody anything because no terminal has their dealer and client: names that were mistyped. */
export function createEmptyDigests(
  { clock, log, fleet }: EmptyDigestsDeps,
  digests: () => readonly DigestScope[],
) {
  let seen: { readonly at: number; readonly empty: readonly DigestScope[] } | undefined

  function look(): readonly DigestScope[] {
    const empty = digests().filter(({ scope }) => !hasTerminals(fleet, scope))
    seen = { at: clock.monotonic(), empty }
    return empty
  }

  return {
    /** To be called when the inventory has been read. */
    tell(): void {
      const empty = look()
      if (empty.length === 0) return
      log.warn('digests are about no terminal of the inventory: compare the names', {
        count: empty.length,
        digests: empty.slice(0, NAMED_IN_LOG).map(({ id, scope }) => ({ digest: id, ...scope })),
      })
    },
    /** Sentences for the pages. */
    warnings(language: Language): readonly string[] {
      const isFresh = seen !== undefined && clock.monotonic() - seen.at < KEPT_MS
      const empty = isFresh && seen !== undefined ? seen.empty : look()
      const named = empty.slice(0, NAMED_ON_PAGE).map((digest) => sentence(digest, language))
      const more = empty.length - named.length
      return more > 0 ? [...named, moreSentence(more, language)] : named
    },
  }
}

function sentence({ id, scope }: DigestScope, language: Language): string {
  const names = scopeNames(scope, language)
  return language === 'ru'
    ? `Сводка ${id} (flagging.digests) ни о чём не сообщит: в учёте нет терминалов, у которых ${names}. Сверьте названия.`
    : `Digest ${id} (flagging.digests) tells of nothing: the inventory has no terminal of ${names}. Compare the names.`
}

function moreSentence(count: number, language: Language): string {
  return language === 'ru'
    ? `Ещё сводки (flagging.digests), к которым не подходит ни один терминал: ${count}.`
    : `Further digests (flagging.digests) that are about no terminal: ${count}.`
}
