import { expect, test } from 'vitest'
import { createMemoryStores } from '../../src/adapters/memory/stores.ts'
import { letterFacts } from '../../src/workers/letter-facts.ts'
import { ANNA, BOB, exampleLetter, exampleOutage, newLetter } from '../support/letters.ts'

async function setUp() {
  const { outages, outbox } = createMemoryStores()
  const outage = exampleOutage()
  const add = [
    newLetter(),
    newLetter({ kind: 'correction' }),
    newLetter({ recipient: BOB.email }),
    newLetter({ subject: 'another' }),
  ]
  await outages.commit({ outages: [outage], letters: { add, supersede: [] }, audit: [] })
  const calls: string[] = []
  const deps = {
    outages: {
      outages: (limit: number) => {
        calls.push('outages')
        return outages.outages(limit)
      },
    },
    outbox: {
      list: (query: Parameters<typeof outbox.list>[0]) => {
        calls.push('letters')
        return outbox.list(query)
      },
    },
    isOver: () => false,
  }
  return { deps, calls, outage }
}

test('of a correction its subject to its recipient is read, and nothing else', async () => {
  const { deps, calls } = await setUp()
  const { theirs, outage } = await letterFacts(exampleLetter({ kind: 'correction' }), deps)
  expect(theirs.map(({ kind, recipient }) => `${kind} ${recipient}`)).toEqual([
    `correction ${ANNA.email}`,
    `initial ${ANNA.email}`,
  ])
  expect(outage).toBeUndefined()
  expect(calls).toEqual(['letters'])
})

test('of an update and of an alarm the outage is read', async () => {
  const { deps, calls, outage } = await setUp()
  const alarm = exampleLetter({ kind: 'operator', subject: `alarm-${outage.id}` })
  for (const letter of [exampleLetter({ kind: 'update' }), alarm]) {
    expect(await letterFacts(letter, deps)).toEqual({ outage, theirs: [] })
  }
  expect(await letterFacts(exampleLetter({ kind: 'update', subject: 'none' }), deps)).toEqual({
    outage: undefined,
    theirs: [],
  })
  expect(new Set(calls)).toEqual(new Set(['outages']))
})

test('an initial is sent without a question to the store while its outage goes on', async () => {
  const { deps, calls } = await setUp()
  expect(await letterFacts(exampleLetter(), deps)).toEqual({ outage: undefined, theirs: [] })
  expect(calls).toEqual([])
  expect((await letterFacts(exampleLetter(), { ...deps, isOver: () => true })).theirs).toHaveLength(2)
})
