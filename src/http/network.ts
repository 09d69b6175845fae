/** 64 bits, in groups of 16. */
const NETWORK_GROUPS = 4
const ALL_GROUPS = 8

/**
 * Whose address it is, for throttling: an IPv6 customer has a whole /64 at hand, and all of it, however it is written,
 * counts as one. An IPv4 address is its own network.
 */
export function networkOf(address: string): string {
  if (!address.includes(':') || address.includes('.')) return address
  const [head = [], tail = []] = address.split('::').map((part) => part.split(':').filter(Boolean))
  const zeros = Array.from({ length: Math.max(0, ALL_GROUPS - head.length - tail.length) }, () => '0')
  const network = [...head, ...zeros, ...tail].slice(0, NETWORK_GROUPS)
  return network.map((group) => Number.parseInt(group, 16).toString(16)).join(':')
}
