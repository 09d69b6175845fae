import { Agent, get } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { startScript } from '../support/child-script.ts'
import { ADMIN_TOKEN, type ServiceProcess } from '../support/service-process.ts'
import { until } from '../support/until.ts'
import { atMost, type Figure, median, percentile, round } from './figure.ts'
import { loopDelayMs } from './process-usage.ts'
import { inRealTime } from './real-time.ts'
import { terminalId } from './sample.ts'

/** What the questions told: how long their answers took, and of each answer with metrics the event loop's delay, ms. */
export type Asked = { readonly figures: Record<string, Figure>; readonly loopDelays: readonly number[] }

/** So that in 20 s the ten slowest answers lie above the p99. */
const ASKED_EVERY_MS = 20
const WARM_UP = 50
const METRICS_EVERY = 50
/** Each kind of page every 1.1 s, so that it meets each moment of what the service does every half second. */
const PAGE_EVERY = 11
const PAGES = [
  ['pageByName', 'client=Client%207&limit=100'],
  ['pageStaleOldest', 'state=stale&sort=dataAt&limit=100'],
  ['pageAll', 'sort=name&limit=100'],
  ['pageNewestChange', 'sort=stateSince&limit=100'],
  ['pageSearch', 'q=truck%2012345&limit=100'],
] as const

/** ms of each question, and of a bare server's answer of the same size right after it. */
type Series = { readonly own: number[]; readonly bare: number[] }

/**
 * How long questions to the service take, asked one after the other over so many seconds on one connection, ms. Beside
 * each of one terminal or page a bare server of the same machine is asked: the machine waits in both.
 */
export async function ask({ api }: ServiceProcess, terminals: number, seconds: number): Promise<Asked> {
  await using bare = startScript(new URL('./bare-http.ts', import.meta.url), [])
  await until(() => bare.lines.length > 0, 5000, 'the bare server listens')
  const bareBase = `http://127.0.0.1:${bare.lines[0]}`
  const client = createClient()
  await using realTime = await inRealTime()
  const askBoth = async (path: string, into: Series): Promise<void> => {
    const answer = await client.read(`${api.base}${path}`)
    into.own.push(answer.ms)
    into.bare.push((await client.read(`${bareBase}/${answer.text.length}`)).ms)
  }
  const askOfOne = (n: number, into: Series) =>
    askBoth(`/api/v1/terminals/${terminalId((n * 7919) % terminals)}`, into)
  try {
    for (let n = 0; n < WARM_UP; n++) await askOfOne(n, emptySeries())
    const one = emptySeries()
    const pages = PAGES.map(([name, query]) => ({ name, query, series: emptySeries() }))
    const metrics: number[] = []
    const loopDelays: number[] = []
    const begunAt = performance.now()
    for (let n = 0; performance.now() - begunAt < seconds * 1000; n++) {
      await askOfOne(n, one)
      if (n % METRICS_EVERY === 0) {
        const { ms, text } = await client.read(`${api.base}/metrics`)
        metrics.push(ms)
        loopDelays.push(loopDelayMs(text))
      }
      const page = n % PAGE_EVERY === 0 ? pages[(n / PAGE_EVERY) % pages.length] : undefined
      if (page) await askBoth(`/api/v1/terminals?${page.query}`, page.series)
      await delay(Math.max(0, begunAt + (n + 1) * ASKED_EVERY_MS - performance.now()))
    }
    const unit = realTime.isGranted ? 'ms (p99)' : 'ms (p99, with waits of who asked)'
    const figures = {
      oneTerminal: beside(percentile(one.bare, 0.99), atMost(5, unit, [percentile(one.own, 0.99)])),
      oneTerminalMedian: { value: round(median(one.own)), unit: 'ms', reference: round(median(one.bare)) },
      metrics: atMost(20, 'ms (median)', [median(metrics)]),
      ...Object.fromEntries(
        pages.map(({ name, series: { own, bare } }) => [
          name,
          beside(median(bare), atMost(50, 'ms (median)', [median(own)])),
        ]),
      ),
    }
    return { figures, loopDelays }
  } finally {
    client.close()
  }
}

function emptySeries(): Series {
  return { own: [], bare: [] }
}

function beside(reference: number, figure: Figure): Figure {
  return { ...figure, reference: round(reference), ratio: round(reference / figure.value) }
}

type Answer = { readonly ms: number; readonly text: string }

/** Asks on connections that are kept; Node's own client, because `fetch` takes several ms of its own at times. */
function createClient() {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const authorization = `Bearer ${ADMIN_TOKEN}`
  return {
    /** An answer, and the ms from the question to its end. */
    read(url: string): Promise<Answer> {
      const startedAt = performance.now()
      return new Promise((resolve, reject) => {
        get(url, { agent, headers: { authorization } }, (response) => {
          let text = ''
          response.setEncoding('utf8').on('data', (chunk: string) => {
            text += chunk
          })
          response.on('end', () => {
            if (response.statusCode === 200) resolve({ ms: performance.now() - startedAt, text })
            else reject(new Error(`GET ${url}: ${response.statusCode}`))
          })
        }).on('error', reject)
      })
    },
    close: () => agent.destroy(),
  }
}
