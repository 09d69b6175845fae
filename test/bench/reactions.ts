import { setTimeout as delay } from 'node:timers/promises'
import { freePort } from '../support/mosquitto.ts'
import { INTERVAL_MS, NOTICE_AFTER_MS, setOutageStage } from '../support/outage-stage.ts'
import { deployService } from '../support/service-process.ts'
import { until } from '../support/until.ts'
import { atMost, type Figure } from './figure.ts'
import { residentMegabytes } from './process.ts'

const STARTS = 5
const IDLE_MS = 5000
const TOKEN = 'push-token'

/** From the start of the process to the first good answer of /readyz; memory of a service that has nothing to do. */
export async function measureStart(): Promise<Record<string, Figure>> {
  const port = await freePort()
  await using deployment = await deployService({ http: { port } })
  const seconds: number[] = []
  for (let n = 0; n < STARTS; n++) {
    const startedAt = performance.now()
    const starting = deployment.start()
    await until(() => isReady(port), 30_000, 'the service is ready')
    seconds.push((performance.now() - startedAt) / 1000)
    await (await starting).end('SIGTERM')
  }
  const { pid } = await deployment.start()
  await delay(IDLE_MS)
  return {
    readyAfterStart: atMost(2, 's', seconds),
    residentIdle: atMost(200, 'MB', [await residentMegabytes(pid)]),
  }
}

async function isReady(port: number): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${port}/readyz`)).ok
  } catch {
    return false
  }
}

const MOVING_MS = 3000
const SILENCES = 8

/** From the instant at which a silent terminal is stale to the API saying so. */
export async function measureStale(): Promise<Record<string, Figure>> {
  await using deployment = await deployService({
    broker: { enabled: false },
    sources: [{ id: 'push', kind: 'http', token: TOKEN, interval: '500ms' }],
    freshness: { default: { moving: `${MOVING_MS}ms` }, resumeGrace: '500ms' },
    service: { components: [] },
  })
  const { api } = await deployment.start()
  // After the grace of the start.
  await delay(1500)
  const flagged = async (n: number): Promise<number> => {
    // Spread over the second between two sweeps.
    await delay(n * 125)
    const id = `silent-${n}`
    await api.push('push', TOKEN, JSON.stringify({ ident: id, speed: 42 }))
    const dueAt = Date.parse((await api.terminal(id))?.contactAt ?? '') + MOVING_MS
    await until(async () => (await api.terminal(id))?.state === 'stale', 20_000, `${id} is stale`)
    return (Date.now() - dueAt) / 1000
  }
  const seconds = await Promise.all(Array.from({ length: SILENCES }, (_, n) => flagged(n)))
  return { staleFlagged: atMost(1, 's', seconds) }
}

/** From the instant at which the downtime crosses the notice time to the letter in the mail server. */
export async function measureLetter(): Promise<Record<string, Figure>> {
  await using stage = await setOutageStage()
  await using deployment = await deployService(stage.config)
  const { api } = await deployment.start()
  await until(async () => (await api.service()).state === 'up', 10_000)
  await stage.watched.refuse()
  const arrivals: number[] = []
  for (let n = 1; n <= 2; n++) {
    await until(() => stage.mail.mails.length >= n, 20_000, 'the letter arrives')
    arrivals.push(Date.now())
  }
  const [outage] = await api.outages()
  const crossingAt = Date.parse(outage?.start ?? '') + NOTICE_AFTER_MS
  const seconds = arrivals.map((at) => (at - crossingAt) / 1000)
  return { letterAfterCrossing: atMost(INTERVAL_MS / 1000 + 2, 's', seconds) }
}
