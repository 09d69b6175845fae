import { expect, test } from 'vitest'
import { proberOptions } from '../../src/compose/prober-options.ts'
import { configSchema } from '../../src/config/schema.ts'
import { HOUR, MINUTE } from '../../src/core/time.ts'

test('every component that watches a data plane is known with its account and its own limit', () => {
  const config = configSchema.parse({
    accounts: ['main', 'shard'].map((id) => ({ id, login: id, password: 'p' })),
    service: {
      account: 'main',
      components: [
        { id: 'web', kind: 'http', url: 'https://online.example/' },
        { id: 'data', kind: 'omnicomm-dataplane' },
        { id: 'data2', kind: 'omnicomm-dataplane', account: 'shard', stalledAfter: '2h' },
      ],
    },
  })
  expect(proberOptions(config).dataPlanes).toEqual([
    { id: 'data', account: 'main', stalledAfterMs: 30 * MINUTE },
    { id: 'data2', account: 'shard', stalledAfterMs: 2 * HOUR },
  ])
})
