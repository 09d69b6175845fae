import { expect, test } from 'vitest'
import { createBodyLane } from '../../src/http/body-lane.ts'
import { turn } from '../support/slow-clock.ts'

const MEBIBYTE = 1024 * 1024

test('four large bodies are worked on at once, the others in their order, and one that failed makes room too', async () => {
  const lane = createBodyLane()
  const begun: number[] = []
  const ends: ((error?: Error) => void)[] = []
  const runs = Array.from({ length: 7 }, (_, n) =>
    lane.run(MEBIBYTE, async () => {
      begun.push(n)
      await new Promise<void>((resolve, reject) => {
        ends.push((error) => (error ? reject(error) : resolve()))
      })
      return n
    }),
  )
  const failed = expect(runs[1]).rejects.toThrow('broken')
  await turn()
  expect(begun).toEqual([0, 1, 2, 3])
  ends[1]?.(new Error('broken'))
  await failed
  expect(begun).toEqual([0, 1, 2, 3, 4])
  for (let n = 0; n < 7; n += 1) {
    ends[n]?.()
    await turn()
  }
  expect((await Promise.allSettled(runs)).map((run) => run.status === 'fulfilled' && run.value)).toEqual([
    0,
    false,
    2,
    3,
    4,
    5,
    6,
  ])
})

test('what would be too much that waits is not taken', async () => {
  const lane = createBodyLane()
  const ends: (() => void)[] = []
  const work = (): Promise<string> => new Promise((resolve) => ends.push(() => resolve('done')))
  const runs = Array.from({ length: 8 }, () => lane.run(16 * MEBIBYTE, work))
  expect(await lane.run(1, work)).toBeNull()
  ends[0]?.()
  await turn()
  const last = lane.run(1, work)
  while (ends.length > 0) {
    ends.shift()?.()
    await turn()
  }
  expect(await Promise.all([...runs, last])).toEqual(Array(9).fill('done'))
})
