/** Decides which retained values may be stored, so that the sum stays bounded. */
export type RetainedBudget = {
  /** True: the value may be stored (an empty one deletes it); it is then counted. */
  admit(topic: string, bytes: number): boolean
}

/** Counts the stored values by topic; at most `maxTopics` of them, and `maxBytes` in all. */
export function createRetainedBudget(maxTopics: number, maxBytes: number): RetainedBudget {
  const sizes = new Map<string, number>()
  let total = 0

  return {
    admit(topic, bytes) {
      const before = sizes.get(topic)
      if (bytes === 0) {
        sizes.delete(topic)
        total -= before ?? 0
        return true
      }
      const size = bytes + topic.length
      if (before === undefined && sizes.size >= maxTopics) return false
      if (total - (before ?? 0) + size > maxBytes) return false
      sizes.set(topic, size)
      total += size - (before ?? 0)
      return true
    },
  }
}
