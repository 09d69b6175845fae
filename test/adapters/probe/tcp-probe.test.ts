import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createNameResolver } from '../../../src/adapters/probe/name-resolver.ts'
import { createTcpProbe } from '../../../src/adapters/probe/tcp-probe.ts'
import { type FailingService, startFailingService } from '../../support/failing-service.ts'
import { createFakeClock, type FakeClock } from '../../support/fake-clock.ts'
import { until } from '../../support/until.ts'
import { openDeafPort } from './deaf-port.ts'

let clock: FakeClock
let service: FailingService

beforeEach(async () => {
  clock = createFakeClock()
  service = await startFailingService()
})

afterEach(() => service[Symbol.asyncDispose]())

function probe(host: string, port: number, slowAfterMs?: number) {
  return createTcpProbe({ host, port, slowAfterMs }, { clock, resolveName: createNameResolver({ clock }) })
}

describe('tcp probe', () => {
  test('an accepted connection is ok and is closed', async () => {
    service.behave({ kind: 'silent' })
    expect(await probe('localhost', service.port)(5_000)).toEqual({ kind: 'ok', latencyMs: 0, slow: false })
    await until(() => service.connections() === 1 && service.openSockets() === 0)
  })

  test.each(['::1', '[::1]'])('the IPv6 address %s is connected to', async (host) => {
    await using v6 = await startFailingService({ host: '::1' })
    expect(await probe(host, v6.port)(5_000)).toMatchObject({ kind: 'ok' })
  })

  test('a refused connection is a failure of phase tcp', async () => {
    await service.refuse()
    expect(await probe('localhost', service.port)(5_000)).toMatchObject({ kind: 'failed', phase: 'tcp' })
  })

  test('a name that does not exist is a failure of phase dns', async () => {
    const result = await probe('no-such-name.invalid', 80)(5_000)
    expect(result).toMatchObject({ kind: 'failed', phase: 'dns' })
  })

  test('a port that neither accepts nor refuses is a time-out', async () => {
    await using deaf = await openDeafPort()
    const pending = probe('127.0.0.1', deaf.port)(5_000)
    await clock.advance(5_000)
    expect(await pending).toEqual({
      kind: 'failed',
      phase: 'timeout',
      latencyMs: 5_000,
      evidence: `no end within 5s: stopped in phase tcp, connecting to 127.0.0.1:${deaf.port}`,
    })
  })
})
