import type { TerminalFacts } from '../fleet/facts.ts'

/** Terminals that somebody may see, each by any of its names. */
export type NamedTerminals = {
  get(name: string): { readonly id: string } | undefined
  facts(name: string): Pick<TerminalFacts, 'imei' | 'uuid' | 'aliases'> | undefined
}

/**
 * Under which names people wrote about a terminal, its id first: that of one which turned out to be it leads to it now,
 * and may be its IMEI. A name that leads nowhere stands for itself alone.
 */
export function namesOf(terminals: NamedTerminals, name: string): readonly string[] {
  const id = terminals.get(name)?.id
  const facts = terminals.facts(name)
  if (id === undefined || facts === undefined) return [name]
  const { imei, uuid, aliases } = facts
  const own = [imei, uuid].filter((other) => other !== '' && terminals.get(other)?.id === id)
  return [...new Set([id, ...own, ...aliases])]
}
