import type { Socket } from 'node:net'

/** What one remote address uses of this listener. */
export type AddressUse = {
  readonly address: string
  readonly sockets: Set<Socket>
  /** Connections of which nobody knows yet which terminal speaks there, oldest first. */
  readonly strangers: Set<Socket>
  /** Bytes that may still be taken in; below zero what was taken in too much. */
  credit: number
  /** When `credit` was true, monotonic. */
  creditAt: number
  /** Nothing is read from its sockets until the credit is above zero again. */
  throttled: boolean
}

/** Room for one more connection of an address. */
export type Admission = {
  readonly use: AddressUse
  /** What has to be closed for it, as a bound is reached: the oldest stranger. */
  readonly outgoing: Socket | undefined
}

export type AddressBudget = {
  /** Null: the address has as many connections as it may, and all are known. `now` is monotonic, here and below. */
  admit(address: string, now: number): Admission | null
  /** Adds a connection, which is a stranger at first. */
  add(use: AddressUse, socket: Socket): void
  /** It is no stranger any more. */
  recognize(use: AddressUse, socket: Socket): void
  /** Takes a socket away; an address without any is forgotten as soon as its credit is whole. */
  remove(use: AddressUse, socket: Socket, now: number): void
  /** Counts a chunk; true when the address is throttled from now on. */
  charge(use: AddressUse, bytes: number, now: number): boolean
  /** The addresses that may be read from again. */
  released(now: number): readonly AddressUse[]
  /** Forgets the addresses without connections whose credit is whole again. */
  sweep(now: number): void
  throttled(): number
  size(): number
}

const BYTES_PER_MS = (4 * 1024 * 1024) / 1000
const BURST_BYTES = 16 * 1024 * 1024
/** A chunk costs at least so much: a flood of single bytes takes time, not bytes. */
const LEAST_COST = 128
const MAX_STRANGERS = 1000

/** Connections and bytes by remote address: a token bucket of 4 MiB/s with a burst of 16 MiB. */
export function createAddressBudget(maxPerAddress: number): AddressBudget {
  const uses = new Map<string, AddressUse>()
  const throttled = new Set<AddressUse>()

  return {
    admit(address, now) {
      const use = uses.get(address) ?? newUse(address, now)
      const hasRoom = use.sockets.size < maxPerAddress && use.strangers.size < MAX_STRANGERS
      if (hasRoom) return { use, outgoing: undefined }
      // Were the newest refused, silent connections would keep out every terminal that shares their address.
      const [outgoing] = use.strangers
      return outgoing === undefined ? null : { use, outgoing }
    },
    add(use, socket) {
      uses.set(use.address, use)
      use.sockets.add(socket)
      use.strangers.add(socket)
    },
    recognize(use, socket) {
      use.strangers.delete(socket)
    },
    remove(use, socket, now) {
      use.sockets.delete(socket)
      use.strangers.delete(socket)
      if (isForgettable(use, now)) uses.delete(use.address)
    },
    charge(use, bytes, now) {
      refill(use, now)
      use.credit -= Math.max(bytes, LEAST_COST)
      if (use.credit >= 0 || use.throttled) return false
      use.throttled = true
      throttled.add(use)
      return true
    },
    released(now) {
      const free = [...throttled].filter((use) => refill(use, now) > 0)
      for (const use of free) {
        use.throttled = false
        throttled.delete(use)
      }
      return free
    },
    sweep(now) {
      for (const use of uses.values()) if (isForgettable(use, now)) uses.delete(use.address)
    },
    throttled: () => throttled.size,
    size: () => uses.size,
  }
}

/** An IPv4 address is the same one when it comes in by an IPv6 socket (`::ffff:192.0.2.1`). */
export function plainAddress(address: string): string {
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice('::ffff:'.length) : address
}

function newUse(address: string, now: number): AddressUse {
  return {
    address,
    sockets: new Set(),
    strangers: new Set(),
    credit: BURST_BYTES,
    creditAt: now,
    throttled: false,
  }
}

function isForgettable(use: AddressUse, now: number): boolean {
  return use.sockets.size === 0 && refill(use, now) === BURST_BYTES
}

function refill(use: AddressUse, now: number): number {
  use.credit = Math.min(BURST_BYTES, use.credit + (now - use.creditAt) * BYTES_PER_MS)
  use.creditAt = now
  return use.credit
}
