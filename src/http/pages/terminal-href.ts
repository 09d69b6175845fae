/**
 * The page of a terminal. Ids may hold what an address gives a meaning to: slashes, question marks, per cent signs. The
 * two that browsers take for folders can be no part of an address: they lead to the list.
 */
export function terminalHref(id: string): string {
  return id === '.' || id === '..' ? `/?q=${id}` : `/terminals/${encodeURIComponent(id)}`
}

/** The visit sheet of a terminal. */
export function visitHref(id: string): string {
  return id === '.' || id === '..' ? terminalHref(id) : `${terminalHref(id)}/visit`
}
