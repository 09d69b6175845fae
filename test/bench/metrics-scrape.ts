import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { Agent, get } from 'node:http'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { startScript } from '../support/child-script.ts'
import { samplesOf } from '../support/series-bound.ts'
import { deployService } from '../support/service-process.ts'
import { until } from '../support/until.ts'
import { type Figure, median, percentile, round } from './figure.ts'
import { cpuMs } from './process-usage.ts'

export type ScrapeLoad = { readonly terminals: number; readonly clients: number; readonly scrapes: number }

const MOST_SERIES = 5000
const GOAL_MS = 20
const WARM_UP = 30
/** The order of the names is worked out in the background after the start. */
const SETTLED_MS = 20_000

/**
 * What a scrape takes with a fleet that the service has known for long, and how many series it brings; beside each one
 * a bare registry of as many series is scraped.
 */
export async function measureScrape({
  terminals,
  clients,
  scrapes,
}: ScrapeLoad): Promise<Record<string, Figure>> {
  await using deployment = await deployService({
    broker: { enabled: false },
    sources: [{ id: 'push', kind: 'http', token: 'push-token' }],
    service: { components: [] },
  })
  await mkdir(deployment.data)
  const args = [join(deployment.data, 'watch.sqlite'), String(terminals), String(clients)]
  await using writer = startScript(new URL('./store-known-fleet.ts', import.meta.url), args)
  const [status] = await once(writer.process, 'exit')
  if (status !== 0) throw new Error(`the known fleet was not written: status ${status}`)
  const { api, pid } = await deployment.start()
  await delay(SETTLED_MS)
  const own = await scrape(`${api.base}/metrics`)
  const series = samplesOf(own.text).length
  await using bare = startScript(new URL('./bare-metrics.ts', import.meta.url), [String(series)])
  await until(() => bare.lines.length > 0, 5000, 'the bare registry listens')
  const bareUrl = `http://127.0.0.1:${bare.lines[0]}/`
  const runs: number[] = []
  const referenceRuns: number[] = []
  let cpu = 0
  for (let n = 0; n < WARM_UP + scrapes; n++) {
    const before = await cpuMs(pid)
    const { ms } = await scrape(`${api.base}/metrics`)
    const spent = (await cpuMs(pid)) - before
    const reference = await scrape(bareUrl)
    if (n < WARM_UP) continue
    runs.push(ms)
    referenceRuns.push(reference.ms)
    cpu += spent
  }
  const counted = samplesOf(own.text).filter((line) => line.startsWith('watch_client_terminals{'))
  return {
    series: { value: series, unit: 'series', goal: `<= ${MOST_SERIES}`, met: series <= MOST_SERIES },
    clientSeries: { value: counted.length, unit: 'series' },
    scrapeBytes: { value: Buffer.byteLength(own.text), unit: 'bytes' },
    scrapeP50: beside(median(runs), median(referenceRuns), GOAL_MS),
    scrapeP99: beside(percentile(runs, 0.99), percentile(referenceRuns, 0.99)),
    scrapeCpu: { value: round(cpu / scrapes), unit: 'ms of processor, with all that it does beside' },
  }
}

function beside(own: number, bare: number, limit?: number): Figure {
  const [value, reference] = [round(own), round(bare)]
  const goal = limit === undefined ? {} : { goal: `< ${limit}`, met: value < limit }
  return { value, unit: 'ms', ...goal, reference, ratio: round(reference / value) }
}

const agent = new Agent({ keepAlive: true, maxSockets: 2 })

/** ms from the question to the end of the answer, as Prometheus asks: without a token from the machine itself. */
function scrape(url: string): Promise<{ readonly ms: number; readonly text: string }> {
  const startedAt = performance.now()
  return new Promise((resolve, reject) => {
    get(url, { agent }, (response) => {
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
}
