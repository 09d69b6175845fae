import { execFileSync } from 'node:child_process'
import { setTimeout as delay } from 'node:timers/promises'
import { patiently } from './patience.ts'
import type { World } from './world.ts'

export type Phase = {
  readonly name: string
  /** Makes the fault, lets it be for a while and takes it away; resolves with what was found wrong meanwhile. */
  readonly run: (world: World, seconds: number) => Promise<readonly string[]>
  /** Of the short form; the long one takes more. */
  readonly seconds: number
  /** Messages that may be acknowledged and yet never come: what the broker that is killed had not handed on. */
  readonly mayMiss?: 'what the broker held' | 'what was not flushed'
  /** Warnings and errors of the log that belong to the fault; there are none in a calm phase. */
  readonly tells: readonly RegExp[]
}

/** The audit of letters looks once a minute: what it says may be of the fault before. */
const UNPROVEN = /every due letter/

const calm = (name: string, seconds: number): Phase => ({
  name,
  seconds,
  tells: [],
  async run(world, duration) {
    await patiently(() => hasRecovered(world), RECOVERED_WITHIN_MS, 'all has recovered')
    const before = world.log().length
    await delay(duration * 1000)
    const lines = world
      .log()
      .slice(before)
      .filter(({ message }) => !SAID_OF_TERMINALS.includes(message))
    return lines.length === 0 ? [] : [`the log is not quiet: ${JSON.stringify(lines.slice(0, 3))}`]
  },
})

const RECOVERED_WITHIN_MS = 90_000

/** What the log tells of a trouble, and of its end. */
const TROUBLES = [
  ['it is not proven that every due letter is sent', 'every due letter is proven again'],
  ['notices to operators cannot be stored; they wait', 'notices to operators can be stored again'],
] as const

async function hasRecovered(world: World): Promise<boolean> {
  const said = world.log().map(({ message }) => message)
  const areOver = TROUBLES.every(([trouble, end]) => said.lastIndexOf(trouble) <= said.lastIndexOf(end))
  // A process that was just started told of no trouble.
  return areOver && (await world.service().api.metric('watch_influx_up')) === 1
}

/** Some of the terminals fall silent all the time. */
const SAID_OF_TERMINALS = ['terminals fell silent']

const kill: Phase = {
  name: 'SIGKILL and restart',
  seconds: 5,
  mayMiss: 'what was not flushed',
  tells: [/configuration/],
  async run(world, seconds) {
    await delay(seconds * 1000)
    const killedAt = Date.now()
    await world.service().end('SIGKILL')
    await world.senders.pause()
    await world.restart()
    const known = await world.registers()
    const late = [...world.ledger.newestBefore(killedAt - FLUSHED_MS)].filter(
      ([id, eventAt]) => (known.get(id) ?? 0) < eventAt,
    )
    world.senders.resume()
    return late.length === 0
      ? []
      : [`${late.length} terminals lost what was acknowledged ${FLUSHED_MS} ms before`]
  },
}

/** A flush every second, and the time that one takes on a busy machine. */
const FLUSHED_MS = 2500

/** The broker saves each second, as does the service. */
const SAVED_MS = 2500

/** A source tries again after up to a minute (full jitter, src/adapters/mqtt/retry.ts), and then must connect. */
const HEARD_WITHIN_MS = 75_000

const broker: Phase = {
  name: 'broker killed',
  seconds: 8,
  mayMiss: 'what the broker held',
  tells: [/MQTT|source/i, UNPROVEN],
  async run(world, seconds) {
    const { stage } = world
    // A broker that dies loses what it acknowledged since it was saved; that is not the service's to keep.
    await world.senders.pause()
    await delay(SAVED_MS)
    await stage.broker.kill()
    world.senders.resume()
    await delay(seconds * 1000)
    await stage.broker.start()
    const connects = () => world.service().api.metric('watch_source_blind', 'gate')
    await patiently(async () => (await connects()) === 0, HEARD_WITHIN_MS, 'the source hears again')
    return []
  },
}

const smtp: Phase = {
  name: 'SMTP refuses, service out',
  seconds: 8,
  tells: [/letter|relay|outage|SMTP|watch|component/i],
  async run(world, seconds) {
    const { stage } = world
    stage.smtp.fail({ at: 'greeting', answer: '421 4.3.2 busy' })
    const faults = await outage(world, seconds, 0)
    stage.smtp.fail(undefined)
    return faults
  },
}

const influx: Phase = {
  name: 'InfluxDB away',
  seconds: 8,
  tells: [/influx/i, UNPROVEN],
  async run(world, seconds) {
    const from = Date.now()
    await world.stage.influx.kill()
    await delay(seconds * 1000)
    await world.stage.influx.start()
    world.influxAway.push({ from, to: Date.now() })
    return []
  },
}

const disk: Phase = {
  name: 'disk full',
  seconds: 8,
  tells: [/stor|disk|database|flush|round|history|retention|heartbeat|letter|outage/i],
  async run(world, seconds) {
    const { pid, api } = world.service()
    limitFiles(pid, '4096')
    try {
      await patiently(async () => (await api.readiness()).status === 503, 20_000, 'the full disk is noticed')
      await delay(seconds * 1000)
    } finally {
      limitFiles(pid, 'unlimited')
    }
    return []
  },
}

/** No file of the process can grow beyond so many bytes: to SQLite that is a disk that takes no more. */
function limitFiles(pid: number, bytes: string): void {
  execFileSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}:unlimited`])
}

const serviceOut: Phase = {
  name: 'service out',
  seconds: 8,
  tells: [/outage|watch|component|letter/i],
  run: (world, seconds) => outage(world, seconds, 2),
}

/** One outage from its beginning to its end, with `arrived` letters that must have come before that. */
async function outage(world: World, seconds: number, arrived: number): Promise<readonly string[]> {
  const { watched } = world.stage.outage
  const { api } = world.service()
  // The whole list grows with the hour, and so would the memory that an answer takes.
  const before = await api.newestOutage()
  const mails = world.stage.smtp.bodies.length
  await watched.refuse()
  await patiently(
    async () => {
      const { outage, total } = await api.newestOutage()
      return total > before.total && outage?.letterDueAt != null
    },
    40_000,
    'the letter is due',
  )
  await delay(seconds * 1000)
  const came = world.stage.smtp.bodies.length - mails
  await watched.accept()
  await patiently(
    async () => (await api.newestOutage()).outage?.state === 'closed',
    40_000,
    'the outage is over',
  )
  const made = (await api.newestOutage()).total - before.total
  return [
    ...(made === 1 ? [] : [`${made} outages were made of one`]),
    ...(came >= arrived ? [] : [`only ${came} letters came during the outage`]),
  ]
}

const reload: Phase = {
  name: 'SIGHUP',
  seconds: 3,
  tells: [/configuration/i, UNPROVEN],
  async run(world, seconds) {
    const before = world.log().length
    await world.stage.configure({ retention: { transitions: `${400 + before}d` } })
    world.service().hangUp()
    const told = () =>
      world
        .log()
        .slice(before)
        .some(({ message }) => message === 'configuration reloaded')
    await patiently(told, 20_000, 'the configuration is reloaded')
    await delay(seconds * 1000)
    return []
  },
}

/** The kill comes first, so that one process lives through all other faults. */
export function phasesFor(minutes: number): readonly Phase[] {
  const cycles = Math.max(1, Math.floor((minutes - 2) / 4))
  const faults = Array.from({ length: cycles }, (_, cycle) => [
    calm(`calm ${cycle + 1}`, 25),
    smtp,
    broker,
    influx,
    disk,
    serviceOut,
    reload,
  ])
  return [calmUnchecked(12), kill, ...faults.flat(), calm('calm at the end', 30)]
}

function calmUnchecked(seconds: number): Phase {
  return {
    name: 'warm-up',
    seconds,
    tells: [],
    async run(_world, duration) {
      await delay(duration * 1000)
      return []
    },
  }
}
