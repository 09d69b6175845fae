import { monitorEventLoopDelay } from 'node:perf_hooks'
import process from 'node:process'
import { createInfluxStore } from '../../src/adapters/influx/store.ts'
import { createSystemClock } from '../../src/adapters/system/clock.ts'
import type { Transition } from '../../src/core/freshness/state.ts'
import { createNanoPlaces } from '../../src/core/history/nanos.ts'
import { transitionPoint } from '../../src/core/history/transition.ts'
import { createHistoryWriter } from '../../src/workers/history-writer.ts'
import { type RealServer, startVictoriaMetrics } from '../support/real-server.ts'
import { createRecordingLog, createRecordingMetrics } from '../support/recorders.ts'
import { type Figure, median, round } from './figure.ts'

const RUNS = 3
/** The load that the service is made for, points of one second. */
const SECONDS_WORTH = 33_000
/** Lines of one request, as the writer makes them. */
const BLOCK = 2500

type Run = { readonly perSecond: number; readonly cpuMs: number; readonly stallMs: number }

/**
 * A burst of changes of state, as at mass silence, written to VictoriaMetrics by what the service writes with, and beside
 * it prepared lines by plain requests: what is left over is the cost of making points, waiting and packing.
 */
export async function measureInfluxPoints(points = 300_000): Promise<Record<string, Figure>> {
  await using server = await startVictoriaMetrics()
  const transitions = Array.from({ length: points }, (_, i) => transitionOf(i, Date.now()))
  const bodies = preparedBodies(transitions)
  const own: Run[] = []
  const plain: Run[] = []
  for (let run = 0; run < RUNS; run++) {
    plain.push(await measured(points, () => writePlainly(server, bodies)))
    own.push(await writeByService(server, transitions))
  }
  const rates = own.map(({ perSecond }) => perSecond)
  const plainRates = plain.map(({ perSecond }) => perSecond)
  const perSecond = own.map(({ cpuMs }) => (cpuMs / points) * SECONDS_WORTH)
  const plainCpu = plain.map(({ cpuMs }) => (cpuMs / points) * SECONDS_WORTH)
  return {
    influxPointsPerSecond: {
      value: round(median(rates)),
      unit: 'points/s',
      goal: `> ${SECONDS_WORTH}`,
      met: median(rates) > SECONDS_WORTH,
      reference: round(median(plainRates)),
      ratio: round(median(rates) / median(plainRates)),
      runs: rates.map(round),
      referenceRuns: plainRates.map(round),
    },
    influxCpuPerSecondOfLoad: {
      value: round(median(perSecond)),
      unit: `ms of CPU for ${SECONDS_WORTH} points`,
      reference: round(median(plainCpu)),
      ratio: round(median(plainCpu) / median(perSecond)),
      runs: perSecond.map(round),
      referenceRuns: plainCpu.map(round),
    },
    influxLongestTurn: {
      value: round(Math.max(...own.map(({ stallMs }) => stallMs))),
      unit: 'ms that the event loop was held up at most in a burst',
      reference: round(Math.max(...plain.map(({ stallMs }) => stallMs))),
      runs: own.map(({ stallMs }) => round(stallMs)),
      referenceRuns: plain.map(({ stallMs }) => round(stallMs)),
    },
  }
}

function transitionOf(i: number, now: number): Transition {
  return {
    terminalId: String(200_000_000 + i),
    at: now - (i % 30_000),
    from: 'fresh',
    to: 'stale',
    contactAt: now - 1_800_000 - i,
    source: 'gate',
    cause: 'sim',
  }
}

async function writeByService(server: RealServer, transitions: readonly Transition[]) {
  const clock = createSystemClock({ onError: (error) => process.stderr.write(String(error)) })
  const log = createRecordingLog()
  const metrics = createRecordingMetrics()
  const store = createInfluxStore({ clock, log }, { url: server.base, org: 'o', bucket: 'b', token: '' })
  const writer = createHistoryWriter(
    { clock, log, metrics, random: Math.random, mostPoints: () => 2e6 },
    store,
  )
  const places = createNanoPlaces()
  const run = await measured(transitions.length, async () => {
    writer.offer(transitions, (transition) => transitionPoint(transition, places))
    writer.start()
    const written = (): number => metrics.value('watch_influx_points_total', { result: 'written' }) ?? 0
    while (written() < transitions.length) await new Promise((resolve) => setTimeout(resolve, 5))
  })
  await writer.stop()
  return run
}

function preparedBodies(transitions: readonly Transition[]): readonly string[] {
  const bodies: string[] = []
  for (let from = 0; from < transitions.length; from += BLOCK) {
    const lines = transitions.slice(from, from + BLOCK).map(({ terminalId, at, contactAt }) => {
      const silence = (at - (contactAt ?? 0)) / 1000
      return `terminal_state,from=fresh,source=gate,state=stale cause="sim",silence_seconds=${silence},terminal="${terminalId}" ${at}000000`
    })
    bodies.push(lines.join('\n'))
  }
  return bodies
}

async function writePlainly({ base }: RealServer, bodies: readonly string[]): Promise<void> {
  for (const body of bodies) {
    const response = await fetch(`${base}/api/v2/write?org=o&bucket=b&precision=ns`, {
      method: 'POST',
      body,
    })
    await response.arrayBuffer()
    if (response.status !== 204) throw new Error(`VictoriaMetrics answers ${response.status}`)
  }
}

async function measured(points: number, work: () => Promise<void>): Promise<Run> {
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  const cpu = process.cpuUsage()
  const begun = performance.now()
  await work()
  const seconds = (performance.now() - begun) / 1000
  const { user, system } = process.cpuUsage(cpu)
  delay.disable()
  return { perSecond: points / seconds, cpuMs: (user + system) / 1000, stallMs: delay.max / 1e6 }
}
