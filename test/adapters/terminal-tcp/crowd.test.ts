import { expect, test } from 'vitest'
import { until } from '../../support/until.ts'
import { startRig } from './rig.ts'

const CROWD = 2000

test('two thousand terminals that come at once are all taken in, and leave nothing behind', async () => {
  await using rig = await startRig()
  const peers = await Promise.all(
    Array.from({ length: CROWD }, async (_, n) => {
      // No more than a thousand strangers are let in from one address.
      const peer = await rig.open(`127.0.0.${2 + (n % 4)}`)
      peer.send(`I ${n}\nO ${n}\nS done\n`)
      return peer
    }),
  )
  await until(() => peers.every((peer) => peer.text() === 'done\n'), 20_000)
  expect(rig.observations).toHaveLength(CROWD)
  expect(rig.source.health().detail).toMatchObject({ connections: CROWD, identified: CROWD })
  for (const [n, { socket }] of peers.entries()) n % 2 === 0 ? socket.destroy() : socket.resetAndDestroy()
  await until(() => rig.connections() === 0, 20_000)
  expect(rig.detail('identified')).toBe(0)
  expect(rig.taken()).toBe(CROWD)
  expect(rig.ended('peer') + rig.ended('error')).toBe(CROWD)
})
