import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type Address, createNameResolver } from '../../../src/adapters/probe/name-resolver.ts'
import { createFakeClock, type FakeClock } from '../../support/fake-clock.ts'
import { startNameServer } from './name-server.ts'

let clock: FakeClock
let nameServer: Awaited<ReturnType<typeof startNameServer>>

beforeEach(async () => {
  clock = createFakeClock()
  nameServer = await startNameServer({ 'control.example': '192.0.2.7' })
})

afterEach(() => nameServer[Symbol.asyncDispose]())

const never = (): Promise<readonly Address[]> => new Promise(() => {})

describe('name resolver', () => {
  test('names are resolved as the system does, its hosts file included', async () => {
    const found = await createNameResolver({ clock })('localhost')
    expect(found).toMatchObject({ kind: 'found' })
    expect(found.kind === 'found' && found.addresses.map(({ address }) => address)).toContain('127.0.0.1')
  })

  test("the system's refusal counts at once", async () => {
    expect(await createNameResolver({ clock })('no-such-name.invalid')).toEqual({
      kind: 'missing',
      code: expect.stringMatching(/^(ENOTFOUND|EAI_AGAIN)$/),
    })
  })

  test('while the system hangs the name servers are asked directly', async () => {
    const resolveName = createNameResolver({ clock }, { system: never, servers: [nameServer.address] })
    const pending = resolveName('control.example')
    await clock.advance(999)
    expect(nameServer.asked()).toEqual([])
    await clock.advance(1)
    expect(await pending).toEqual({ kind: 'found', addresses: [{ address: '192.0.2.7', family: 4 }] })
  })

  test('a name that the name servers do not know is left to the system', async () => {
    const system = Promise.withResolvers<readonly Address[]>()
    const resolveName = createNameResolver(
      { clock },
      { system: () => system.promise, servers: [nameServer.address] },
    )
    const ended = vi.fn()
    const pending = resolveName('only-in-hosts-file.example')
    pending.then(ended)
    await clock.advance(10_000)
    expect(nameServer.asked()).toContain('only-in-hosts-file.example')
    expect(ended).not.toHaveBeenCalled()
    system.resolve([{ address: '10.0.0.1', family: 4 }])
    expect(await pending).toEqual({ kind: 'found', addresses: [{ address: '10.0.0.1', family: 4 }] })
  })

  test('a name is asked of the system once at a time, also when its caller has long gone', async () => {
    const system = vi.fn(never)
    const resolveName = createNameResolver({ clock }, { system, servers: [nameServer.address] })
    for (let round = 0; round < 3; round++) {
      const pending = Promise.all([resolveName('control.example'), resolveName('control.example')])
      await clock.advance(1_000)
      await pending
    }
    expect(system).toHaveBeenCalledTimes(1)
  })

  test('a finished answer is not kept', async () => {
    const system = vi.fn(async (): Promise<readonly Address[]> => [{ address: '10.0.0.1', family: 4 }])
    const resolveName = createNameResolver({ clock }, { system })
    await resolveName('a.example')
    await resolveName('a.example')
    expect(system).toHaveBeenCalledTimes(2)
  })

  test('a name without addresses is missing', async () => {
    const resolveName = createNameResolver({ clock }, { system: async () => [] })
    expect(await resolveName('a.example')).toEqual({ kind: 'missing', code: 'ENODATA' })
  })
})
