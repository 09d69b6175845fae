import type { Instant } from '../core/time.ts'
import type { Clock, Stop } from '../ports.ts'

/**
 * When rounds are issued: at the start, then every interval on the monotonic clock, and beside that grid at the
 * deadline. `issue` starts a round and resolves when it is settled; it never rejects.
 */
export function createSchedule(clock: Clock, intervalMs: number, issue: () => Promise<void>) {
  let stopGrid: Stop = () => {}
  let firstMs = 0
  let stopDeadline: Stop = () => {}
  let gridRound: Promise<void> | null = null
  let newestIssueAt = Number.NEGATIVE_INFINITY
  let stopped = false

  function issueNow(): Promise<void> {
    newestIssueAt = clock.now()
    return issue()
  }

  async function gridStart(): Promise<void> {
    if (gridRound !== null) return
    gridRound = issueNow()
    await gridRound
    gridRound = null
  }

  function armGrid(): void {
    stopGrid()
    if (stopped) return
    const past = clock.monotonic() - firstMs
    const next = firstMs + (Math.floor(past / intervalMs) + 1) * intervalMs
    stopGrid = clock.after(next - clock.monotonic(), () => {
      // Timers may fire a little early.
      const early = clock.monotonic() < next
      armGrid()
      return early ? undefined : gridStart()
    })
  }

  function armDeadline(at: Instant | null): void {
    stopDeadline()
    // A round that was issued after the crossing proves as much as a deadline probe.
    if (at === null || stopped || newestIssueAt >= at) return
    stopDeadline = clock.after(Math.max(0, at - clock.now()), () => {
      if (clock.now() < at) return armDeadline(at)
      return newestIssueAt >= at ? undefined : issueNow()
    })
  }

  return {
    start(): void {
      firstMs = clock.monotonic()
      armGrid()
      void gridStart()
    },
    armDeadline,
    /** The wall clock was stepped: the deadline that was armed refers to another time. */
    realign(): void {
      newestIssueAt = Number.NEGATIVE_INFINITY
      stopDeadline()
    },
    stop(): void {
      stopped = true
      stopGrid()
      stopDeadline()
    },
  }
}
