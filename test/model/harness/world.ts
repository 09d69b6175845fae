import { createHash } from 'node:crypto'
import { createMemoryStores } from '../../../src/adapters/memory/stores.ts'
import type { Letter, NewLetter } from '../../../src/core/letters/letter.ts'
import type { Delivery, MailTransport, OutageStore, Outbox, Stores, TraceRow } from '../../../src/ports.ts'
import type { Deed, JournalEntry, LetterKey, Outcome } from '../oracle/journal.ts'
import type { TraceEvent } from '../oracle/trace.ts'
import type { ModelClock } from './model-clock.ts'

/** Where the program can be killed: around each thing that it does to the outside. */
export type CrashPoint = {
  readonly at: 'append' | 'commit' | 'claim' | 'send' | 'settle'
  readonly when: 'before' | 'after'
}

/** What the relay does with letters; `refusing` names one recipient that it does not know. */
export type Relay = 'up' | 'down' | 'hanging' | 'losing' | 'slow' | { readonly refusing: string }

/** What outlives the program, and what lies outside of it; everything that happens there is written down. */
export type World = {
  readonly stores: Stores
  readonly journal: JournalEntry[]
  /** Places in the journal at which the program was kept from probing when it wanted to. */
  readonly disturbances: number[]
  /** What the program logged as errors. */
  readonly errors: string[]
  /** What the auditor told operators. */
  readonly findings: string[]
  /** Bytes of what the relay accepted, as text. */
  readonly accepted: { readonly letter: LetterKey; readonly text: string }[]
  relay: Relay
  /** Kills the next time the program passes there. */
  crash: CrashPoint | null
  /** What the operator is doing right now. */
  deed: Deed | null
  note(entry: Unstamped<JournalEntry>): void
}

type Unstamped<Entry> = Entry extends JournalEntry ? Omit<Entry, 'at'> : never

export function createWorld(clock: Pick<ModelClock, 'now'>): World {
  const journal: JournalEntry[] = []
  return {
    stores: createMemoryStores(),
    journal,
    disturbances: [],
    errors: [],
    findings: [],
    accepted: [],
    relay: 'up',
    crash: null,
    deed: null,
    note: (entry) => journal.push({ ...entry, at: clock.now() } as JournalEntry),
  }
}

/** The world as one run of the program sees it, until it is killed: from then on no call ever comes back. */
export function connect(world: World, clock: ModelClock, died: () => void) {
  let dead = false

  function kill(): void {
    if (dead) return
    dead = true
    world.crash = null
    died()
  }

  /** One call to the outside, with a place to die on either side of it. */
  async function call<Value>(at: CrashPoint['at'], inner: () => Promise<Value>): Promise<Value> {
    clock.touch()
    if (world.crash?.at === at && world.crash.when === 'before') kill()
    if (dead) return never()
    const value = await inner()
    clock.touch()
    if (world.crash?.at === at && world.crash.when === 'after') kill()
    return dead ? never() : value
  }

  return {
    kill,
    isDead: () => dead,
    outages: outageStore(world, call),
    outbox: outbox(world, call),
    transport: transport(world, clock, call, () => dead),
  }
}

type Call = <Value>(at: CrashPoint['at'], inner: () => Promise<Value>) => Promise<Value>

function never<Value>(): Promise<Value> {
  return new Promise(() => {})
}

function outageStore(world: World, call: Call): OutageStore {
  const inner = world.stores.outages
  return {
    ...inner,
    append: (row) =>
      call('append', async () => {
        await inner.append(row)
        world.note({ kind: 'stored', row: eventOf(row) })
      }),
    commit: (change) =>
      call('commit', async () => {
        const { items } = await world.stores.outbox.list({ limit: 1000 })
        const outcome = await inner.commit(change)
        if (outcome === 'conflict') return outcome
        const superseded = items.filter(({ id }) => change.letters.supersede.includes(id)).map(keyOf)
        const deed = change.audit.length > 0 ? world.deed : null
        world.note({ kind: 'commit', deed, written: change.letters.add.map(keyOf), superseded })
        return outcome
      }),
  }
}

function outbox(world: World, call: Call): Outbox {
  const inner = world.stores.outbox
  return {
    ...inner,
    claim: (now, limit) =>
      call('claim', async () => {
        const claimed = await inner.claim(now, limit)
        for (const { letter } of claimed) world.note({ kind: 'claimed', letter: keyOf(letter) })
        return claimed
      }),
    settle: (id, outcome) =>
      call('settle', async () => {
        const found = await inner.get(id)
        await inner.settle(id, outcome)
        if (found) world.note({ kind: 'settled', letter: keyOf(found.letter), state: outcome.state })
      }),
  }
}

function transport(world: World, clock: ModelClock, call: Call, isDead: () => boolean): MailTransport {
  return {
    deliver: ({ to, mime, id }) =>
      call('send', async () => {
        const { relay } = world
        const found = await world.stores.outbox.get(id)
        if (!found) throw new Error(`a letter that is in no outbox: ${id}`)
        const letter = keyOf(found.letter)
        world.note({ kind: 'opened', letter })
        if (relay === 'slow' || relay === 'hanging') await wait(clock, 3_000)
        if (isDead()) return never()
        const { outcome, delivery } = answer(relay, to)
        const copy = createHash('sha256').update(mime).digest('hex')
        world.note({ kind: 'offered', letter, outcome, copy })
        if (outcome === 'accepted') world.accepted.push({ letter, text: new TextDecoder().decode(mime) })
        return delivery
      }),
  }
}

async function wait(clock: ModelClock, ms: number): Promise<void> {
  await new Promise<void>((resolve) => {
    clock.run().after(ms, resolve)
  })
}

function answer(relay: Relay, to: string): { readonly outcome: Outcome; readonly delivery: Delivery } {
  const broken = { kind: 'broken', reason: 'the connection broke' } as const
  if (relay === 'down' || relay === 'hanging')
    return { outcome: 'not-handed-over', delivery: { ...broken, bodyHandedOver: false } }
  if (relay === 'losing') return { outcome: 'lost', delivery: { ...broken, bodyHandedOver: true } }
  if (typeof relay === 'object' && relay.refusing === to) {
    const reply = '550 5.1.1 no such user'
    const delivery: Delivery = { kind: 'refused', stage: 'rcpt', code: 550, enhanced: '5.1.1', reply }
    return { outcome: 'refused-for-good', delivery }
  }
  return { outcome: 'accepted', delivery: { kind: 'accepted', reply: '250 ok' } }
}

function eventOf(row: TraceRow): TraceEvent {
  if (row.kind === 'step') return { kind: 'step', at: row.at, deltaMs: row.deltaMs }
  const { at, verdict, intervalMs, timeoutMs, components } = row
  const well = components.every(({ result }) => result.kind === 'ok')
  return { kind: 'round', at, verdict, well, intervalMs, timeoutMs }
}

export function keyOf({ subject, kind, sequence, recipient }: Letter | NewLetter): LetterKey {
  return { subject, kind, sequence, recipient }
}
