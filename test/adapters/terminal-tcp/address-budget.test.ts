import { Socket } from 'node:net'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type AddressBudget,
  type AddressUse,
  createAddressBudget,
  plainAddress,
} from '../../../src/adapters/terminal-tcp/address-budget.ts'
import { SECOND } from '../../../src/core/time.ts'

const MIB = 1024 * 1024

function join(budget: AddressBudget, address: string, now: number): AddressUse {
  const use = budget.admit(address, now)?.use
  if (use === undefined) throw new Error('refused')
  budget.add(use, new Socket())
  return use
}

test.each([
  ['192.0.2.1', '192.0.2.1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['2001:db8::1', '2001:db8::1'],
  ['::ffff:0:1', '::ffff:0:1'],
  ['::1', '::1'],
])('the address %s is %s', (given, plain) => {
  expect(plainAddress(given)).toBe(plain)
})

describe('the connections of an address', () => {
  test('have room below both bounds, whoever they are', () => {
    const budget = createAddressBudget(2)
    join(budget, 'a', 0)
    expect(budget.admit('a', 0)?.outgoing).toBeUndefined()
  })

  test('at a bound cost the oldest stranger its place, never one that is known', () => {
    const budget = createAddressBudget(3)
    const use = join(budget, 'a', 0)
    join(budget, 'a', 0)
    join(budget, 'a', 0)
    const [first, second, third] = [...use.sockets] as [Socket, Socket, Socket]
    expect(budget.admit('a', 0)).toEqual({ use, outgoing: first })
    budget.recognize(use, first)
    expect(budget.admit('a', 0)?.outgoing).toBe(second)
    budget.remove(use, second, 0)
    expect(budget.admit('a', 0)?.outgoing).toBeUndefined()
    join(budget, 'a', 0)
    expect(budget.admit('a', 0)?.outgoing).toBe(third)
    for (const socket of use.sockets) budget.recognize(use, socket)
    expect(budget.admit('a', 0)).toBeNull()
  })

  test('are a thousand strangers at most, beside those that are known', () => {
    const budget = createAddressBudget(10_000)
    const use = join(budget, 'a', 0)
    const [known] = use.sockets
    if (known) budget.recognize(use, known)
    for (let n = 0; n < 999; n++) join(budget, 'a', 0)
    expect(budget.admit('a', 0)?.outgoing).toBeUndefined()
    join(budget, 'a', 0)
    expect(budget.admit('a', 0)?.outgoing).toBe([...use.sockets][1])
  })
})

describe('the bytes of an address', () => {
  test('are 16 MiB at once, and 4 MiB a second from then on', () => {
    const budget = createAddressBudget(10)
    const use = join(budget, 'a', 0)
    expect(budget.charge(use, 16 * MIB, 0)).toBe(false)
    expect(budget.charge(use, 8 * MIB, 0)).toBe(true)
    expect(budget.charge(use, 8 * MIB, 0)).toBe(false)
    expect(budget.released(4 * SECOND)).toEqual([])
    expect(budget.throttled()).toBe(1)
    expect(budget.released(4 * SECOND + 1)).toEqual([use])
    expect(budget.throttled()).toBe(0)
  })

  test('never exceed burst and rate over any time, however they come', () => {
    const chunks = fc.array(fc.record({ bytes: fc.integer({ min: 1, max: 65_536 }), after: fc.nat(50) }), {
      minLength: 500,
      maxLength: 1000,
    })
    fc.assert(
      fc.property(chunks, (list) => {
        const budget = createAddressBudget(10)
        const use = join(budget, 'a', 0)
        let [now, taken] = [0, 0]
        for (const { bytes, after } of list) {
          now += after / 10
          budget.released(now)
          if (use.throttled) continue
          budget.charge(use, bytes, now)
          taken += bytes
        }
        expect(taken).toBeLessThanOrEqual(16 * MIB + (now / 1000) * 4 * MIB + 65_536)
      }),
      { numRuns: 20 },
    )
  })

  test('cost at least 128 a chunk', () => {
    const budget = createAddressBudget(10)
    const use = join(budget, 'a', 0)
    let chunks = 1
    while (!budget.charge(use, 1, 0)) chunks += 1
    expect(chunks).toBe((16 * MIB) / 128 + 1)
  })

  test('are counted for each address alone', () => {
    const budget = createAddressBudget(10)
    budget.charge(join(budget, 'a', 0), 20 * MIB, 0)
    expect(budget.charge(join(budget, 'b', 0), MIB, 0)).toBe(false)
  })
})

describe('an address without connections', () => {
  function leave(budget: AddressBudget, use: AddressUse, now: number): void {
    for (const socket of [...use.sockets]) budget.remove(use, socket, now)
  }

  test('is forgotten at once when its budget is whole', () => {
    const budget = createAddressBudget(10)
    const use = join(budget, 'a', 0)
    budget.charge(use, 1000, 0)
    leave(budget, use, SECOND)
    expect(budget.size()).toBe(0)
  })

  test('is remembered until it is, so that a new connection does not bring a new budget', () => {
    const budget = createAddressBudget(10)
    const use = join(budget, 'a', 0)
    budget.charge(use, 18 * MIB, 0)
    leave(budget, use, 0)
    expect(budget.admit('a', 0)?.use).toBe(use)
    budget.sweep(4 * SECOND)
    expect(budget.size()).toBe(1)
    budget.sweep(5 * SECOND)
    expect(budget.size()).toBe(0)
  })
})
