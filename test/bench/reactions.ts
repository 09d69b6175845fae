import { setTimeout as delay } from 'node:timers/promises'
import { freePort } from '../support/mosquitto.ts'
import { INTERVAL_MS, NOTICE_AFTER_MS, setOutageStage } from '../support/outage-stage.ts'
import { deployService } from '../support/service-process.ts'
import { until } from '../support/until.ts'
import { atMost, type Figure } from './figure.ts'
import { residentMegabytes } from './process-usage.ts'

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

/** Whether the service at the port takes requests and is ready for work. */
export async function isReady(port: number): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${port}/readyz`)).ok
  } catch {
    return false
  }
}

const MOVING_MS = 3000
/** So many, evenly over a second, that the longest wait for a sweep is among them. */
const SILENCES = 100

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
  const dueAt = new Map<string, number>()
  for (let n = 0; n < SILENCES; n++) {
    const id = `silent-${n}`
    await api.push('push', TOKEN, JSON.stringify({ ident: id, speed: 42 }))
    dueAt.set(id, Date.parse((await api.terminal(id))?.contactAt ?? '') + MOVING_MS)
    await delay(1000 / SILENCES)
  }
  const seconds: number[] = []
  await until(
    async () => {
      const stale = (await api.terminals()).filter(({ state }) => state === 'stale')
      for (const { id } of stale) {
        const due = dueAt.get(id)
        if (due !== undefined) seconds.push((Date.now() - due) / 1000)
        dueAt.delete(id)
      }
      return dueAt.size === 0
    },
    20_000,
    'all are stale',
  )
  const { runs: _runs, ...figure } = atMost(1, 's', seconds)
  return { staleFlagged: figure }
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
