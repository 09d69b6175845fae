/** Reasons why the service is not ready, each once: one that another ends with, which says what comes of it, is left out. */
export function distinctTroubles(troubles: readonly string[]): readonly string[] {
  const each = [...new Set(troubles)]
  return each.filter((text) => !each.some((other) => other.endsWith(`: ${text}`)))
}
