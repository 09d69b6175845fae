import { once } from 'node:events'
import { startScript } from '../support/child-script.ts'
import { deployService } from '../support/service-process.ts'
import { type Figure, median, round } from './figure.ts'
import type { Load } from './mqtt-throughput.ts'

const GOAL = 150_000
const TOKEN = 'push-token'

/** Messages/s by HTTP, in NDJSON batches of 1,000 that are answered when they are in the registers. */
export async function measureHttp(
  load: Load,
  nodeOptions: readonly string[],
): Promise<Record<string, Figure>> {
  await using deployment = await deployService({
    broker: { enabled: false },
    sources: [{ id: 'push', kind: 'http', token: TOKEN }],
    service: { components: [] },
  })
  const service = await deployment.start({ nodeOptions })
  const url = `${service.api.base}/api/v1/ingest/push`
  const push = async (): Promise<number> => {
    const args = [url, TOKEN, String(load.messages), String(load.terminals)]
    await using pusher = startScript(new URL('./http-load.ts', import.meta.url), args)
    await once(pusher.process, 'exit')
    const [startedAt = 0, endedAt = 0] = (pusher.lines[0] ?? '').split(' ').map(Number)
    return round((1000 * load.messages) / (endedAt - startedAt))
  }
  await push()
  const runs: number[] = []
  for (let n = 0; n < load.rounds; n++) runs.push(await push())
  if (nodeOptions.length > 0) await service.end('SIGTERM')
  const value = median(runs)
  return { httpNdjson: { value, unit: 'messages/s', goal: `>= ${GOAL}`, met: value >= GOAL, runs } }
}
