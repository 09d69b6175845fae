import { expect, test } from 'vitest'
import { createDnsProbe } from '../../../src/adapters/probe/dns-probe.ts'
import { createNameResolver, type Resolution } from '../../../src/adapters/probe/name-resolver.ts'
import { createFakeClock } from '../../support/fake-clock.ts'

const found: Resolution = { kind: 'found', addresses: [{ address: '127.0.0.1', family: 4 }] }

test('a name that resolves is ok', async () => {
  const clock = createFakeClock()
  const probe = createDnsProbe({ name: 'localhost' }, { clock, resolveName: createNameResolver({ clock }) })
  expect(await probe(5_000)).toEqual({ kind: 'ok', latencyMs: 0, slow: false })
})

test.each([
  ['ENOTFOUND', { kind: 'failed', phase: 'dns', evidence: 'no address for a.example: ENOTFOUND' }],
  ['EAI_AGAIN', { kind: 'failed', phase: 'dns' }],
  ['EMFILE', { kind: 'own-fault' }],
])('%s: %j', async (code, result) => {
  const deps = {
    clock: createFakeClock(),
    resolveName: async (): Promise<Resolution> => ({ kind: 'missing', code }),
  }
  expect(await createDnsProbe({ name: 'a.example' }, deps)(5_000)).toMatchObject(result)
})

test('a slow answer is slow, one that does not come ends with the time', async () => {
  const clock = createFakeClock()
  const answer = Promise.withResolvers<Resolution>()
  const deps = { clock, resolveName: () => answer.promise }
  const slow = createDnsProbe({ name: 'a.example', slowAfterMs: 1_000 }, deps)(5_000)
  const late = createDnsProbe({ name: 'a.example' }, deps)(2_000)
  await clock.advance(2_000)
  expect(await late).toMatchObject({ kind: 'failed', phase: 'dns', latencyMs: 2_000 })
  answer.resolve(found)
  expect(await slow).toEqual({ kind: 'ok', latencyMs: 2_000, slow: true })
})
