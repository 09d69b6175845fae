import { connectAsync, type MqttClient } from 'mqtt'
import { type Instant, SECOND } from '../../core/time.ts'
import type { Clock, Log } from '../../ports.ts'
import type { Channel, SimulatedTerminal } from './cast.ts'
import { reportsBetween } from './character.ts'
import { measure } from './measurement.ts'
import { deviceId, flespiPayload, gatePayload, pushPayload, type Sending } from './payload.ts'
import { createPushSender, type PushSender } from './push-sender.ts'

export type FleetSimulatorDeps = { readonly clock: Clock; readonly log: Log }

export type FleetSimulatorOptions = {
  readonly cast: readonly SimulatedTerminal[]
  /** Broker that the sources `gate` and `flespi` listen at. */
  readonly brokerUrl: string
  /** Address and token of the push source. */
  readonly pushUrl: string
  readonly pushToken: string
}

export type FleetSimulator = { stop(): Promise<void> }

const TICK = 500
const GARBAGE_EVERY = 9 * SECOND

/** Starts a fleet that reports by MQTT (JSON, flespi) and HTTP until it is stopped. Rejects without a broker. */
export async function startFleetSimulator(
  { clock, log }: FleetSimulatorDeps,
  { cast, brokerUrl, pushUrl, pushToken }: FleetSimulatorOptions,
): Promise<FleetSimulator> {
  const mqtt = await connectAsync(brokerUrl, {
    clientId: 'demo-fleet',
    protocolVersion: 4,
    reconnectPeriod: SECOND,
  })
  mqtt.on('error', (error) => log.warn('the simulated fleet lost its broker', { error: error.message }))
  const push = createPushSender({ clock, log }, { url: pushUrl, token: pushToken })
  const startedAt = clock.now()
  const started = clock.monotonic()
  let sentUntilMs = 0

  function tick(): void {
    const nowMs = Math.floor(clock.monotonic() - started)
    for (const terminal of cast) {
      const reports = reportsBetween(terminal.character, terminal.phaseMs, sentUntilMs, nowMs)
      for (const report of reports) {
        const measuredAt = startedAt + report.measuredMs
        const sending = {
          terminal,
          measurement: measure(terminal, report),
          measuredAt,
          buffered: report.buffered,
        }
        send(mqtt, push, { ...sending, sentAt: clock.now() })
      }
    }
    sentUntilMs = nowMs
  }

  let garbageCount = 0
  const timers = [
    clock.every(TICK, tick),
    clock.every(GARBAGE_EVERY, () => sendGarbage(mqtt, push, clock.now(), garbageCount++)),
  ]
  return {
    async stop() {
      for (const stop of timers) stop()
      await Promise.all([push.stop(), mqtt.endAsync(true)])
    },
  }
}

function send(mqtt: MqttClient, push: PushSender, sending: Sending): void {
  const { terminal } = sending
  const routes: Readonly<Record<Channel, () => void>> = {
    gate: () => void mqtt.publish(`fleet/${terminal.id}`, JSON.stringify(gatePayload(sending)), { qos: 1 }),
    flespi: () =>
      void mqtt.publish(
        `flespi/message/gw/devices/${deviceId(terminal)}`,
        JSON.stringify(flespiPayload(sending)),
        { qos: 1 },
      ),
    push: () => push.add(JSON.stringify(pushPayload(sending))),
  }
  routes[terminal.channel]()
}

/** Every real fleet has something in it that nobody understands: it is counted, and stops nothing. */
function sendGarbage(mqtt: MqttClient, push: PushSender, at: Instant, count: number): void {
  const kinds: readonly (() => void)[] = [
    () => void mqtt.publish('fleet/201000001', '{"ts": 17634'),
    () => void mqtt.publish('fleet/201000001', '{"ts":"yesterday","speed":40}'),
    () => void mqtt.publish('flespi/message/gw/devices/7009999', `{"timestamp":${at / SECOND}}`),
    () => push.add('{"eventTime":"2026-01-15T10:20:30Z","speed":12}'),
    () => push.add('terminal 17 says hello'),
  ]
  kinds[count % kinds.length]?.()
}
