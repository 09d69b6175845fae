import type { TerminalFacts } from '../fleet/facts.ts'
import { unitSince } from '../fleet/former-units.ts'
import type { Instant } from '../time.ts'

/** Terminals that somebody may see, each by any of its names. */
export type NamedTerminals = {
  get(name: string): { readonly id: string } | undefined
  facts(
    name: string,
  ): Pick<TerminalFacts, 'imei' | 'uuid' | 'aliases' | 'firstSeenAt' | 'formerUnits'> | undefined
}

/** A name under which people wrote about a terminal, and when that was about it; half open. */
export type TerminalName = { readonly name: string; readonly since: Instant; readonly until: Instant }

/**
 * Under which names people wrote about a terminal, its id first: that of one which turned out to be it leads to it now,
 * and may be its IMEI. The units that its vehicle had before come last. A name that leads nowhere stands for itself
 * alone.
 */
export function namesOf(terminals: NamedTerminals, name: string): readonly TerminalName[] {
  const [own, ...others] = unitNamesOf(terminals, name)
  const facts = terminals.facts(name)
  if (own === undefined || facts === undefined) return [always(name)]
  const before = facts.formerUnits.map(({ id, since, until }) => ({ name: id, since, until }))
  return [{ ...own, since: unitSince(facts) }, ...others, ...before]
}

/** Under which names people wrote what the unit itself answered, whatever vehicle it was in. */
export function unitNamesOf(terminals: NamedTerminals, name: string): readonly TerminalName[] {
  const id = terminals.get(name)?.id
  const facts = terminals.facts(name)
  if (id === undefined || facts === undefined) return [always(name)]
  const { imei, uuid, aliases } = facts
  const own = [imei, uuid].filter((other) => other !== '' && terminals.get(other)?.id === id)
  return [...new Set([id, ...own, ...aliases])].map(always)
}

/** Whether what was written under a name at an instant is about a terminal that has these names. */
export function isOneOf(names: readonly TerminalName[], name: string, at: Instant): boolean {
  return names.some((each) => each.name === name && at >= each.since && at < each.until)
}

function always(name: string): TerminalName {
  return { name, since: 0, until: Infinity }
}
