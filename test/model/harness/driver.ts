import type { Actor } from '../../../src/core/audit.ts'
import type { Recipient } from '../../../src/core/letters/letter.ts'
import type { OutageAction } from '../../../src/core/outage/handling.ts'
import type { Deed } from '../oracle/journal.ts'
import { judge } from '../oracle/judge.ts'
import { createModelClock } from './model-clock.ts'
import { type ModelOptions, type Scene, type Service, START, startService } from './service.ts'
import { type CrashPoint, createWorld, keyOf, type Relay } from './world.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND
/** Commands that leave the program its clock and its windows. */
const UNDISTURBING: readonly Command['do'][] = [
  'pass',
  'flap',
  'relay',
  'act',
  'expect',
  'recipient',
  'crash',
]
const ACTOR: Actor = { name: 'anna', via: 'session', address: '192.0.2.1' }

/** One thing that happens in a trace. */
export type Command =
  | {
      readonly do: 'pass'
      readonly verdict: Scene['verdict']
      readonly ms: number
      readonly latencyMs?: number
    }
  /** So many rounds of each in turn. */
  | { readonly do: 'flap'; readonly turns: number }
  | { readonly do: 'relay'; readonly relay: Relay }
  | { readonly do: 'act'; readonly action: Exclude<OutageAction['kind'], 'expected-resolution'> }
  /** `inMs` null: the time that was expected is withdrawn. */
  | { readonly do: 'expect'; readonly inMs: number | null }
  /** `stepMs`: somebody sets the clock while nobody looks. */
  | {
      readonly do: 'restart'
      readonly how: 'stop' | 'kill'
      readonly deadMs: number
      readonly stepMs: number
    }
  | { readonly do: 'crash'; readonly point: CrashPoint }
  | { readonly do: 'step'; readonly ms: number }
  | { readonly do: 'stall'; readonly ms: number }
  | { readonly do: 'window'; readonly inMs: number; readonly ms: number }
  | { readonly do: 'end-window' }
  | { readonly do: 'recipient'; readonly recipient: Recipient; readonly present: boolean }

/** Runs commands against the real workers and has the oracle read the journal. */
export async function createDriver(options: ModelOptions, recipients: readonly Recipient[]) {
  const clock = createModelClock(options.startAt ?? START)
  const world = createWorld(clock)
  const scene: Scene = { verdict: 'ok', latencyMs: 0, windows: [], recipients: [] }
  let service: Service | null = null
  let messages = 0

  for (const recipient of recipients) setPresent(recipient, true)
  await start()

  function setPresent(recipient: Recipient, present: boolean): void {
    scene.recipients = scene.recipients.filter(({ email }) => email !== recipient.email)
    if (present) scene.recipients.push(recipient)
    world.note({ kind: 'recipient', address: recipient.email, present })
  }

  async function start(): Promise<void> {
    const death = Promise.withResolvers<null>()
    const starting = startService(world, clock, scene, options, () => {
      service = null
      death.resolve(null)
    })
    // It may be killed before it runs, and then its start has no end.
    service = await Promise.race([starting, death.promise])
    await settle()
  }

  async function settle(): Promise<void> {
    await clock.pass(0)
    if (service !== null) world.note({ kind: 'calm' })
  }

  /** In steps of a second, so that nothing that has to follow at once is overlooked. */
  async function pass(ms: number): Promise<void> {
    for (let rest = ms; rest > 0; rest -= SECOND) {
      if (scene.latencyMs > 0) disturb()
      await clock.pass(Math.min(SECOND, rest))
      if (service === null) await restart('kill', 5 * SECOND)
      else world.note({ kind: 'calm' })
    }
  }

  function disturb(): void {
    world.disturbances.push(world.journal.length)
  }

  async function restart(how: 'stop' | 'kill', deadMs: number, stepMs = 0): Promise<void> {
    disturb()
    if (how === 'kill') service?.kill()
    else {
      void service?.stop()
      await clock.pass(10 * SECOND)
      service?.kill()
    }
    await clock.pass(deadMs)
    clock.step(stepMs)
    await start()
  }

  /**
   * The first wall time that no row can have: behind a step back a window could otherwise cover time that has
   * passed and was counted.
   */
  function unlived(): number {
    const newest = Math.max(...world.journal.map(({ at }) => at))
    // The step is noticed, and dated, a moment after it.
    return newest > clock.now() ? newest + 20 * MINUTE : clock.now()
  }

  async function newestOutage(): Promise<string | undefined> {
    return (await world.stores.outages.outages(1))[0]?.id
  }

  async function act(action: OutageAction, value: string): Promise<void> {
    const outage = await newestOutage()
    if (outage === undefined || service === null) return
    world.deed = { action: action.kind, outage, value } satisfies Deed
    // A crash on the way leaves it unanswered.
    void service.prober.act(outage, action, ACTOR).catch(() => {})
    await settle()
    world.deed = null
  }

  async function run(command: Command): Promise<void> {
    if (!UNDISTURBING.includes(command.do)) disturb()
    switch (command.do) {
      case 'pass':
        scene.verdict = command.verdict
        scene.latencyMs = command.latencyMs ?? 0
        return pass(command.ms)
      case 'flap':
        for (let turn = 0; turn < command.turns; turn++) {
          scene.verdict = turn % 2 === 0 ? 'fail' : 'ok'
          await pass(options.intervalMs)
        }
        return
      case 'relay':
        world.relay = command.relay
        return
      case 'act':
        return act(deedOf(command.action, ++messages), `${messages}`)
      case 'expect': {
        const resolution = command.inMs === null ? null : clock.now() + command.inMs
        return act({ kind: 'expected-resolution', resolution, note: '' }, `${resolution}`)
      }
      case 'restart':
        return restart(command.how, command.deadMs, command.stepMs)
      case 'crash':
        world.crash = command.point
        return
      case 'step':
        clock.step(command.ms)
        return
      case 'stall':
        await clock.stall(command.ms)
        return
      case 'window': {
        const from = unlived() + Math.max(1, command.inMs)
        scene.windows.push({ from, to: from + command.ms })
        service?.prober.windowsChanged()
        return
      }
      case 'end-window': {
        const now = unlived()
        scene.windows = scene.windows
          .filter(({ from }) => from < now)
          .map(({ from, to }) => ({ from, to: Math.min(to, now) }))
        service?.prober.windowsChanged()
        return
      }
      case 'recipient':
        setPresent(command.recipient, command.present)
        return
    }
  }

  return {
    clock,
    world,
    scene,
    run,
    async runAll(commands: readonly Command[]): Promise<void> {
      for (const command of commands) await run(command)
    },
    /** The service answers, the relay takes everything, and there is time for every retry. */
    async calmDown(): Promise<void> {
      world.crash = null
      world.relay = 'up'
      await run({ do: 'pass', verdict: 'ok', ms: 3 * options.recoveryPeriodMs + 4 * options.intervalMs })
      await run({ do: 'pass', verdict: 'ok', ms: 65 * MINUTE })
    },
    /** What contradicts the specification, and what the stores hold. */
    async judge() {
      const { journal, stores } = world
      const judgement = judge(journal, scene.windows, options, true)
      const outages = await stores.outages.outages(1000)
      const letters = (await stores.outbox.list({ limit: 1000 })).items
      return { ...judgement, stored: { outages: [...outages].reverse(), letters } }
    },
    async stop(): Promise<void> {
      service?.kill()
    },
  }
}

export type Driver = Awaited<ReturnType<typeof createDriver>>

export { keyOf }

function deedOf(action: Exclude<OutageAction['kind'], 'expected-resolution'>, count: number): OutageAction {
  switch (action) {
    case 'message':
      return { kind: 'message', text: `message ${count}` }
    case 'cancel':
      return { kind: 'cancel', reason: 'a mistake of the probe' }
    case 'confirm':
      return { kind: 'confirm' }
    case 'send-letter':
      return { kind: 'send-letter' }
  }
}
