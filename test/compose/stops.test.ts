import { expect, test } from 'vitest'
import { createStops } from '../../src/compose/stops.ts'
import { createRecordingLog } from '../support/recorders.ts'

test('parts are released in reverse order, and one that fails keeps no other from it', async () => {
  const released: string[] = []
  const log = createRecordingLog()
  const stops = createStops(log)
  stops.add('first', () => released.push('first'))
  stops.add('broken', async () => {
    throw new Error('3 letters are lost')
  })
  stops.add('last', () => released.push('last'))
  expect(await stops.run()).toBe(false)
  expect(released).toEqual(['last', 'first'])
  expect(log.lines).toMatchObject([
    { level: 'error', fields: { part: 'broken', error: 'Error: 3 letters are lost' } },
  ])
})

test('a part that is added when all others were released is released at once, and its start is over', async () => {
  const stops = createStops(createRecordingLog())
  await stops.run()
  let isReleased = false
  const add = () =>
    stops.add('late', () => {
      isReleased = true
    })
  expect(add).toThrow('The service is stopping.')
  expect(isReleased).toBe(true)
})

test('when everything ended in order it says so', async () => {
  const stops = createStops(createRecordingLog())
  stops.add('one', async () => {})
  expect(await stops.run()).toBe(true)
})
