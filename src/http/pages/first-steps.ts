import { html } from 'hono/html'
import type { FirstSteps } from '../deps.ts'
import type { Html, Reader } from './page.ts'

const EXAMPLE_ID = '354002529'

/** What an empty fleet shows: lines that send a first message, ready to be copied. */
export function firstSteps({ texts }: Reader, steps: FirstSteps, baseUrl: string): Html {
  return html`<section class="card" aria-labelledby="empty">
  <h2 id="empty">${texts.emptyTitle}</h2>
  <p>${texts.emptyText}</p>
  ${steps.mqtt ? html`<h3>${texts.byMqtt}</h3><pre><code>${mqttLine(steps.mqtt)}</code></pre>` : ''}
  ${steps.push ? html`<h3>${texts.byHttp}</h3><pre><code>${curlLine(steps.push, baseUrl)}</code></pre>` : ''}
  <p class="muted">${texts.emptyImport}</p>
</section>`
}

function mqttLine({ host, port, topic }: NonNullable<FirstSteps['mqtt']>): string {
  const payload = `'{"lat":55.7558,"lon":37.6173,"ts":'$(date +%s)'}'`
  return `mosquitto_pub -h ${host} -p ${port} -q 1 -t '${topic}' -m ${payload}`
}

function curlLine({ source }: NonNullable<FirstSteps['push']>, baseUrl: string): string {
  const payload = `'{"terminal_id":"${EXAMPLE_ID}","lat":55.7558,"lon":37.6173,"ts":'$(date +%s)'}'`
  return `curl -H 'X-Token: TOKEN' -d ${payload} ${baseUrl}/api/v1/ingest/${source}`
}
