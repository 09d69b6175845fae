import { expect, test } from 'vitest'
import { describeWithCommand, type RealServer, startVictoriaMetrics } from '../support/real-server.ts'
import { deployService } from '../support/service-process.ts'
import { until } from '../support/until.ts'

const TOKEN = 'push-token'

function configOf(url: string) {
  return {
    influx: { url, org: 'o', bucket: 'b', token: 't' },
    broker: { enabled: false },
    sources: [{ id: 'push', kind: 'http', token: TOKEN, interval: '500ms' }],
    freshness: { default: { moving: '2s', parked: '4s' }, resumeGrace: '500ms' },
    service: { components: [] },
  }
}

/** Changes of state since then that the database holds, as `from>to`. */
async function changesIn({ base }: RealServer, since: number): Promise<string[]> {
  // Otherwise it shows what it has taken only some seconds later.
  await fetch(`${base}/internal/force_flush`)
  const query = new URLSearchParams({ 'match[]': 'terminal_state_terminal' })
  const text = await (await fetch(`${base}/api/v1/export?${query}`)).text()
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { metric: Record<string, string>; timestamps: number[] })
    .filter(({ timestamps }) => timestamps.some((at) => at >= since))
    .map(({ metric }) => `${metric['from']}>${metric['state']}`)
}

describeWithCommand('victoria-metrics', 'the history', () => {
  test('what becomes of a terminal is in the database, also when that was away meanwhile', async () => {
    await using database = await startVictoriaMetrics()
    await using deployment = await deployService(configOf(database.base))
    const service = await deployment.start()
    const speak = (id: string) => service.api.push('push', TOKEN, `{"ident":"${id}","speed":42}`)
    const stateOf = async (id: string) => (await service.api.terminal(id))?.state

    await speak('200000001')
    await until(async () => (await changesIn(database, 0)).includes('fresh>stale'), 15_000)
    expect(await service.api.metric('watch_influx_up')).toBe(1)

    await database.kill()
    const killedAt = Date.now()
    await speak('200000002')
    await until(async () => (await stateOf('200000002')) === 'fresh')
    expect(Date.now() - killedAt).toBeLessThan(5000)
    await until(async () => (await stateOf('200000002')) === 'stale', 10_000)
    await until(async () => (await service.api.metric('watch_influx_up')) === 0)
    expect((await service.api.readiness()).status).toBe(200)
    const written = await service.api.metric('watch_influx_points_total', 'result="written"')

    await database.start()
    await until(async () => (await service.api.metric('watch_influx_up')) === 1, 20_000)
    await until(async () => (await service.api.metric('watch_influx_queue_points')) === 0)
    expect(await service.api.metric('watch_influx_points_total', 'result="written"')).toBeGreaterThan(written)
    expect(await service.api.metric('watch_influx_points_total', 'result="dropped"')).toBe(0)
    await until(async () => (await changesIn(database, killedAt)).includes('fresh>stale'), 10_000)
    expect(await service.end('SIGTERM')).toBe(0)
    expect(service.log.filter(({ level }) => level === 'error')).toEqual([])
    expect(service.log.map(({ message }) => message)).toContain('InfluxDB takes points again')
  }, 60_000)
})
