import type { Uptime, UptimeReport } from '../core/outage/status.ts'
import { csvText } from './csv-file.ts'
import { iso } from './json/instant.ts'

const HEADER = ['from', 'to', 'part', 'name', 'ratio', 'coverage', 'lower', 'upper']

/** Uptime as CSV: for each period a line of the service and one of every component. */
export function reportsCsv(serviceName: string, reports: readonly UptimeReport[]): string {
  return csvText([
    HEADER,
    ...reports.flatMap((report) => {
      const period = [iso(report.from), iso(report.to)]
      return [
        [...period, 'service', serviceName, ...figures(report)],
        ...report.components.map((component) => [
          ...period,
          'component',
          component.id,
          ...figures(component),
        ]),
      ]
    }),
  ])
}

function figures({ ratio, coverage, lower, upper }: Uptime): (number | null)[] {
  return [ratio, coverage, lower, upper]
}
