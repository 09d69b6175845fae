import type { Activity } from '../core/online/activity.ts'
import type { AskOutcome } from '../core/online/ask.ts'
import { type Completeness, judgeSize, UNSIZED } from '../core/online/completeness.ts'
import type { Suspect } from '../core/online/suspects.ts'
import type { InventoryFromTree } from '../core/online/tree-inventory.ts'
import type { Instant } from '../core/time.ts'
import type { Clock, Log, Notices, PollEvents, Source, VehicleService } from '../ports.ts'
import { faultOf, type OnlineFault, sizeFaultOf } from './online-fault.ts'
import type { OnlineIntake } from './online-intake.ts'
import type { OnlineSize } from './online-size.ts'
import { createOnlineStates, type Hindrance } from './online-states.ts'
import { createOnlineTree } from './online-tree.ts'
import { createTrouble, type Trouble } from './online-trouble.ts'

export type OnlinePollerDeps = {
  readonly clock: Clock
  readonly log: Log
  /** What operators have to look at. */
  readonly notices: Notices
  readonly service: VehicleService
  readonly intake: OnlineIntake
  /** What an answer about the whole account is held against. */
  readonly lastSize: OnlineSize
  readonly events: PollEvents
  readonly suspects: () => readonly Suspect[]
  /** Takes the tree over as inventory; null: the tree is not read. */
  readonly tree: ((vehicles: readonly InventoryFromTree[]) => Promise<unknown>) | null
}

/** Times in ms. `client` and `dealer`: where the tree tells them (core/online/tree-inventory.ts). */
export type OnlinePollerOptions = {
  readonly id: string
  /** Id of the account it polls, under which operators are told what is wrong with that. */
  readonly account: string
  readonly pollEveryMs: number
  readonly treeEveryMs: number
  /** Questions about single terminals; 0: none. */
  readonly statesPerMinute: number
  readonly client: string
  readonly dealer: string
}

export type OnlinePoller = Source & {
  /** Asks about one terminal for a person. */
  ask(terminalId: string): Promise<AskOutcome>
  /** What the service last said of a vehicle in place of its state; null: nothing. */
  remark(terminalId: string): string | null
}

type Good = { readonly at: Instant; readonly rows: number; readonly skipped: number }

/**
 * Polls the activity of an account at Omnicomm Online from now on, its tree and the state of suspects beside it. At
 * most one poll, one tree and one state by itself are under way; each ends within its time, and after `stop` nothing
 * of it is taken in.
 */
export function createOnlinePoller(deps: OnlinePollerDeps, options: OnlinePollerOptions): OnlinePoller {
  const { clock, service, intake, lastSize, events } = deps
  const { id, account } = options
  const troubleOf = (part: string): Trouble => createTrouble(deps, { source: id, account, part })
  const trouble = troubleOf('activity')
  let size: Completeness = { ...UNSIZED, rows: lastSize.rows ?? intake.known() }
  let last: Good | null = null
  let hindrance: Hindrance | null = {
    why: 'not-yet',
    text: 'the first poll is not answered yet: ask again in a moment',
  }
  let polling = false
  let stopped = false

  const states = createOnlineStates(
    {
      ...deps,
      trouble: troubleOf('states'),
      told: intake.told,
      hindrance: () => hindrance,
      isBusy: () => polling,
    },
    { source: id, perMinute: options.statesPerMinute },
  )
  const tree =
    deps.tree &&
    createOnlineTree(
      { clock, service, trouble: troubleOf('tree'), apply: deps.tree },
      { ...options, everyMs: options.treeEveryMs },
    )

  /** A poll that is still under way when the next is due makes that one skipped. */
  async function poll(): Promise<void> {
    if (polling || stopped) return
    polling = true
    const begunMs = clock.monotonic()
    try {
      const answer = await service.activity()
      if (stopped) return
      const fault = answer.kind === 'answered' ? take(answer.value, begunMs) : faultOf(answer)
      if (fault !== null) fail(fault)
    } finally {
      polling = false
    }
    // On its own: the tree may take much longer than the time to the next poll.
    if (hindrance === null && tree) clock.after(0, tree.afterPoll)
  }

  function take({ rows, skipped }: Activity, begunMs: number): OnlineFault | null {
    const dated = rows.filter(({ lastDataAt }) => lastDataAt !== null).length
    // Rows that have lost their times tell nothing, unless nobody ever had one.
    const isNew = dated === 0 && rows.length > 0 && size.rows === 0
    const fault = isNew ? null : judgeRows(dated, rows.length)
    if (fault !== null) return fault
    const answeredAt = clock.now()
    // By the clock that knows no steps; with what was waited for, so that silence is rather told too short.
    const sentAt = Math.floor(answeredAt - (clock.monotonic() - begunMs))
    intake.polled(rows, answeredAt)
    events.good({ sentAt, answeredAt })
    last = { at: answeredAt, rows: rows.length, skipped }
    hindrance = null
    trouble.clear()
    states.afterPoll()
    void lastSize.keep(size.rows)
    return null
  }

  function judgeRows(dated: number, rows: number): OnlineFault | null {
    const before = size.rows
    const { judgement, after } = judgeSize(size, dated, clock.monotonic())
    size = after
    if (judgement === 'good') return null
    return sizeFaultOf(
      judgement,
      dated < rows ? 'terminals with a time of their data' : 'terminals',
      dated,
      before,
    )
  }

  function fail(fault: OnlineFault): void {
    hindrance = fault
    trouble.raise(fault)
    events.failed(fault.text)
  }

  const stopFirst = clock.after(0, poll)
  const stopTimer = clock.every(options.pollEveryMs, poll)
  states.start()
  return {
    id,
    ask: states.ask,
    remark: states.remark,
    health: () => ({
      id,
      connected: hindrance === null && !stopped,
      detail: {
        lastGoodPollAt: last?.at ?? null,
        rows: last?.rows ?? null,
        skipped: last?.skipped ?? null,
        treeAt: null,
        treeVehicles: null,
        ...tree?.health(),
        trouble: trouble.text() ?? tree?.trouble() ?? states.trouble(),
      },
    }),
    async stop() {
      stopped = true
      stopFirst()
      stopTimer()
      states.stop()
      tree?.stop()
    },
  }
}
