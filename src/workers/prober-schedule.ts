import type { Instant } from '../core/time.ts'
import type { Clock, Stop } from '../ports.ts'

/**
 * When rounds are issued: at the start, then every interval on the monotonic clock, and beside that grid at the
 * deadline. `issue` starts a round, so many ms after its time, and resolves when it is settled; it never rejects.
 */
export function createSchedule(clock: Clock, intervalMs: number, issue: (lateMs: number) => Promise<void>) {
  let stopGrid: Stop = () => {}
  let firstMs = 0
  let stopDeadline: Stop = () => {}
  let gridRound: Promise<void> | null = null
  let newestIssueAt = Number.NEGATIVE_INFINITY
  let stopped = false

  function issueNow(lateMs: number): Promise<void> {
    newestIssueAt = clock.now()
    return issue(lateMs)
  }

  async function gridStart(lateMs: number): Promise<void> {
    if (gridRound !== null) return
    gridRound = issueNow(lateMs)
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
      const lateMs = clock.monotonic() - next
      armGrid()
      return lateMs < 0 ? undefined : gridStart(lateMs)
    })
  }

  function armDeadline(at: Instant | null): void {
    stopDeadline()
    // A round that was issued after the crossing proves as much as a deadline probe.
    if (at === null || stopped || newestIssueAt >= at) return
    stopDeadline = clock.after(Math.max(0, at - clock.now()), () => {
      const now = clock.now()
      if (now < at) return armDeadline(at)
      return newestIssueAt >= at ? undefined : issueNow(now - at)
    })
  }

  return {
    start(): void {
      firstMs = clock.monotonic()
      armGrid()
      void gridStart(0)
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
