import type { Config } from '../config/schema.ts'
import type { NewLetter } from '../core/letters/letter.ts'
import type { OperatorLetter } from '../core/letters/operator-letter.ts'
import type { Span } from '../core/outage/planned-work.ts'
import type { Instant } from '../core/time.ts'
import type { ReportReader } from '../http/deps/service.ts'
import type { Clock, Log, Stores, Timetable } from '../ports.ts'
import { createMonthlyReport } from '../workers/monthly-report.ts'
import { createReports } from '../workers/reports.ts'
import type { ServiceHistory } from '../workers/service-history.ts'
import { createUptimeHours } from '../workers/uptime-hours.ts'

export type ReportingDeps = {
  readonly clock: Clock
  readonly log: Log
  readonly timetable: Pick<Timetable, 'run'>
  readonly stores: Pick<Stores, 'outages' | 'uptime' | 'outbox' | 'settings'>
  /** The past of the service under the configuration of now. */
  readonly probing: {
    history(): ServiceHistory
    pauses(): readonly Span[]
    largestGapMs(): number
  }
  readonly letters: {
    operatorLetter(letter: OperatorLetter, at: Instant): Promise<readonly NewLetter[]>
    wake(): void
  }
}

/** Uptime: folded by the hour, read by the day, week and month, and sent to operators once a month. */
export function openReporting(deps: ReportingDeps, first: Config) {
  const { clock, log, stores, probing } = deps
  let config = first
  const history: Pick<ServiceHistory, 'uptime' | 'totals'> = {
    uptime: (from, to) => probing.history().uptime(from, to),
    totals: (from, to) => probing.history().totals(from, to),
  }
  const hours = createUptimeHours(
    {
      clock,
      log,
      trace: stores.outages,
      hours: stores.uptime,
      settings: stores.settings,
      windows: probing.pauses,
    },
    { largestGapMs: probing.largestGapMs, pauses: () => config.service.maintenancePauses },
  )
  let monthly = makeMonthly(deps, history, first)
  const reader: ReportReader = {
    uptime: (period, from, to) =>
      createReports({ clock, history, hours: stores.uptime }, { zone: config.timezone }).uptime(
        period,
        from,
        to,
      ),
  }

  return {
    reader,
    start(): void {
      hours.start()
      monthly.start()
    },
    async stop(): Promise<void> {
      await Promise.all([hours.stop(), monthly.stop()])
    },
    async reconfigure(next: Config): Promise<void> {
      const same = foundationOf(next) === foundationOf(config)
      config = next
      void hours.fold()
      if (same) return
      await monthly.stop()
      monthly = makeMonthly(deps, history, next)
      monthly.start()
    },
  }
}

/** Everything that the monthly report rests on, as one text to compare. */
function foundationOf({ timezone, language, service }: Config): string {
  return JSON.stringify([timezone, language, service.name])
}

function makeMonthly(
  { clock, log, timetable, stores, letters }: ReportingDeps,
  history: Pick<ServiceHistory, 'totals'>,
  { timezone, language, service }: Config,
) {
  const { outages, outbox, uptime } = stores
  return createMonthlyReport(
    {
      clock,
      log,
      timetable,
      history,
      outages,
      outbox,
      hours: uptime,
      async send(report) {
        await outbox.add(await letters.operatorLetter({ kind: 'report', report }, clock.now()))
        letters.wake()
      },
    },
    { zone: timezone, language, serviceName: service.name },
  )
}
