/** The check of a terminal. The two ids that browsers take for folders can be no part of an address. */
export function checkHref(id: string, more = ''): string {
  return hasOwnAddress(id) ? `/check/${encodeURIComponent(id)}${more}` : `/check?q=${id}`
}

/** Whether the id can stand in an address. */
export function hasOwnAddress(id: string): boolean {
  return id !== '.' && id !== '..'
}
