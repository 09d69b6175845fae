import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createMemoryOutbox } from '../../src/adapters/memory/outbox.ts'
import type { Outbox } from '../../src/ports.ts'
import { createClaimHold } from '../../src/workers/claim-hold.ts'
import { newLetter, OUTAGE_START } from '../support/letters.ts'
import { settled } from './prober-rig.ts'

const NOW = OUTAGE_START + 1e9

/** Ten letters, of which one is claimed at a time; `log` says what happened. */
async function setUp(wrap: (outbox: Outbox) => Outbox = (outbox) => outbox) {
  const outbox = createMemoryOutbox()
  await outbox.add(Array.from({ length: 10 }, (_, n) => newLetter({ recipient: `${n}@example.org` })))
  const log: string[] = []
  const claims = createClaimHold()
  const wrapped = wrap(outbox)
  const claim = async (): Promise<void> => {
    for (const { letter } of await claims.claim(() => wrapped.claim(NOW, 1)))
      log.push(`claimed ${letter.recipient[0]}`)
  }
  return { claims, outbox, log, claim }
}

describe('while claims are held', () => {
  test('none is made, and those that were asked for are made when the work is done', async () => {
    const { claims, log, claim } = await setUp()
    const work = Promise.withResolvers<string>()
    const held = claims.hold(() => work.promise)
    const claiming = claim()
    await settled()
    expect(log).toEqual([])
    work.resolve('stored')
    expect(await held).toBe('stored')
    await claiming
    expect(log).toEqual(['claimed 0'])
  })

  test('the work begins when no claim is under way any more, and finds what that took', async () => {
    const answer = Promise.withResolvers<void>()
    const { claims, outbox, log, claim } = await setUp((inner) => ({
      ...inner,
      claim: async (...how) => {
        await answer.promise
        return inner.claim(...how)
      },
    }))
    const claiming = claim()
    const held = claims.hold(async () => {
      const { items } = await outbox.list({ state: 'sending', limit: 10 })
      log.push(`found ${items.length}`)
    })
    await settled()
    expect(log).toEqual([])
    answer.resolve()
    await Promise.all([held, claiming])
    // Whoever claimed it looks whether it still holds, and the work may have changed that.
    expect(log).toEqual(['found 1', 'claimed 0'])
  })

  test('by two, none is made until both are done', async () => {
    const { claims, log, claim } = await setUp()
    const [one, two] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const first = claims.hold(() => one.promise)
    const claiming = claim()
    const second = claims.hold(() => two.promise)
    one.resolve()
    await first
    await settled()
    expect(log).toEqual([])
    two.resolve()
    await Promise.all([second, claiming])
    expect(log).toEqual(['claimed 0'])
  })

  test.each([
    ['rejects', () => Promise.reject(new Error('no space left'))],
    [
      'throws',
      () => {
        throw new Error('no space left')
      },
    ],
  ])('by work that %s, they go on all the same', async (_, work) => {
    const { claims, log, claim } = await setUp()
    await expect(claims.hold(work)).rejects.toThrow('no space left')
    await claim()
    expect(log).toEqual(['claimed 0'])
  })

  test('a claim that fails keeps no work from being done', async () => {
    const { claims, claim } = await setUp((inner) => ({
      ...inner,
      claim: () => Promise.reject(new Error('the file is damaged')),
    }))
    const claiming = claim()
    expect(await claims.hold(async () => 'stored')).toBe('stored')
    await expect(claiming).rejects.toThrow('the file is damaged')
  })
})

test('in whatever order they come, all claims and all work end, and no claim falls into any work', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ hold: fc.boolean(), turns: fc.integer({ min: 0, max: 3 }) }), { maxLength: 20 }),
      async (calls) => {
        let working = 0
        const { claims, claim } = await setUp((inner) => ({
          ...inner,
          async claim(...how) {
            expect(working).toBe(0)
            await Promise.resolve()
            const letters = await inner.claim(...how)
            expect(working).toBe(0)
            return letters
          },
        }))
        const ends: Promise<void>[] = []
        for (const { hold, turns } of calls) {
          const work = async (): Promise<void> => {
            working++
            for (let turn = 0; turn < turns; turn++) await Promise.resolve()
            working--
          }
          ends.push(hold ? claims.hold(work) : claim())
          for (let turn = 0; turn < turns; turn++) await Promise.resolve()
        }
        await Promise.all(ends)
      },
    ),
  )
})
