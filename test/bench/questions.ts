import { Agent, get } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { startScript } from '../support/child-script.ts'
import { ADMIN_TOKEN, type ServiceProcess } from '../support/service-process.ts'
import { until } from '../support/until.ts'
import { atMost, type Figure, median, percentile, round } from './figure.ts'
import { terminalId } from './sample.ts'

const QUESTIONS = 500
const WARM_UP = 50
const METRICS_EVERY = 50
const PAGE_EVERY = 10
const PAGES = [
  ['pageByName', 'client=Client%207&limit=100'],
  ['pageStaleOldest', 'state=stale&sort=dataAt&limit=100'],
  ['pageAll', 'sort=name&limit=100'],
  ['pageNewestChange', 'sort=stateSince&limit=100'],
  ['pageSearch', 'q=truck%2012345&limit=100'],
] as const

/**
 * How long questions to the service take, asked one after the other over so many seconds on one connection, ms. Beside
 * each of one terminal a bare server of the same machine is asked: the machine and the asker wait in both.
 */
export async function ask(
  { api }: ServiceProcess,
  terminals: number,
  seconds: number,
): Promise<Record<string, Figure>> {
  await using bare = startScript(new URL('./bare-http.ts', import.meta.url), [])
  await until(() => bare.lines.length > 0, 5000, 'the bare server listens')
  const bareBase = `http://127.0.0.1:${bare.lines[0]}`
  const client = createClient()
  try {
    const oneTerminal = (n: number) =>
      client.timed(api, `/api/v1/terminals/${terminalId((n * 7919) % terminals)}`)
    for (let n = 0; n < WARM_UP; n++) {
      await oneTerminal(n)
      await client.timed({ base: bareBase }, '/')
    }
    const one: number[] = []
    const reference: number[] = []
    const metrics: number[] = []
    const pages = new Map<string, number[]>()
    for (let n = 0; n < QUESTIONS; n++) {
      one.push(await oneTerminal(n))
      reference.push(await client.timed({ base: bareBase }, '/'))
      if (n % METRICS_EVERY === 0) metrics.push(await client.timed(api, '/metrics'))
      const [name, query] = PAGES[(n / PAGE_EVERY) % PAGES.length] ?? PAGES[0]
      if (n % PAGE_EVERY === 0)
        pages.set(name, [...(pages.get(name) ?? []), await client.timed(api, `/api/v1/terminals?${query}`)])
      await delay((seconds * 1000) / QUESTIONS / 2)
    }
    return {
      oneTerminal: beside(reference, atMost(5, 'ms (p99)', [percentile(one, 0.99)])),
      oneTerminalMedian: { value: round(median(one)), unit: 'ms', reference: round(median(reference)) },
      metrics: atMost(20, 'ms (median)', [median(metrics)]),
      ...Object.fromEntries(
        [...pages].map(([name, runs]) => [name, atMost(50, 'ms (median)', [median(runs)])]),
      ),
    }
  } finally {
    client.close()
  }
}

function beside(reference: readonly number[], figure: Figure): Figure {
  const p99 = round(percentile(reference, 0.99))
  return { ...figure, reference: p99, ratio: round(p99 / figure.value) }
}

/** Asks on one connection that is kept; Node's own client, because `fetch` takes several ms of its own at times. */
function createClient() {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const authorization = `Bearer ${ADMIN_TOKEN}`
  return {
    /** ms from the question to the end of the answer. */
    timed({ base }: { readonly base: string }, path: string): Promise<number> {
      const startedAt = performance.now()
      return new Promise((resolve, reject) => {
        get(`${base}${path}`, { agent, headers: { authorization } }, (response) => {
          response.resume()
          response.on('end', () => {
            if (response.statusCode === 200) resolve(performance.now() - startedAt)
            else reject(new Error(`GET ${path}: ${response.statusCode}`))
          })
        }).on('error', reject)
      })
    },
    close: () => agent.destroy(),
  }
}
