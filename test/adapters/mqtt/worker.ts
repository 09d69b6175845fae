import { createMemoryStores } from '../../../src/adapters/memory/stores.ts'
import { createMqttSource } from '../../../src/adapters/mqtt/source.ts'
import { addSource, createFleet } from '../../../src/core/fleet/fleet.ts'
import { createSourceWatch, endCause } from '../../../src/core/freshness/source-watch.ts'
import { createJsonDecoder } from '../../../src/core/telemetry/json.ts'
import { createJsonPayloadDecoder } from '../../../src/core/telemetry/json-payload.ts'
import { MINUTE, SECOND } from '../../../src/core/time.ts'
import type { IncomingMessage } from '../../../src/ports.ts'
import { createIngest, type Feed } from '../../../src/workers/ingest.ts'
import { createFakeClock } from '../../support/fake-clock.ts'
import { DEFAULTS } from '../../support/fleet-scenario.ts'
import { createRecordingLog, createRecordingMetrics } from '../../support/recorders.ts'

/** One service's road from the broker to the registers, on a clock of its own that stands unless it is moved. */
export function startWorker(
  { clientId, port, sharedGroup }: { clientId: string; port: number; sharedGroup?: string },
  onMessage: (message: IncomingMessage) => void = () => {},
) {
  const clock = createFakeClock()
  const log = createRecordingLog()
  const metrics = createRecordingMetrics()
  const fleet = createFleet(DEFAULTS, 2 * MINUTE)
  const settings = { id: 'gate', intervalMs: 30 * SECOND, liveLagMs: 2 * MINUTE }
  const watch = createSourceWatch(settings, clock.now(), clock.now(), [])
  addSource(fleet, watch)
  const payload = createJsonPayloadDecoder(createJsonDecoder({ timezone: 'UTC' }))
  const feeds = new Map<string, Feed>([['gate', { payload, watch, number: 1 }]])
  const ingest = createIngest({ clock, fleet, feeds, log, metrics })
  const source = createMqttSource(
    { id: 'gate', url: `mqtt://127.0.0.1:${port}`, topics: ['fleet/#'], qos: 1, clientId, sharedGroup },
    {
      received(message) {
        ingest.received(message)
        onMessage(message)
      },
      room: () => ingest.room('gate'),
      connected: (at) => endCause(watch, 'link', at),
      disconnected: () => {},
      dropped: () => {},
      dropsEnded: () => {},
    },
    { clock, log, metrics, settings: createMemoryStores().settings, random: () => 0.5 },
  )
  return { clock, metrics, fleet, watch, ingest, source }
}
