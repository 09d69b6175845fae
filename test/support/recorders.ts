import type { Fields, Labels, Log, Metrics } from '../../src/ports.ts'

export type LogLine = { readonly level: keyof Log; readonly message: string; readonly fields: Fields }

/** A log that keeps its lines. */
export function createRecordingLog(): Log & { readonly lines: LogLine[] } {
  const lines: LogLine[] = []
  const write =
    (level: keyof Log) =>
    (message: string, fields: Fields = {}): void => {
      lines.push({ level, message, fields })
    }
  return { lines, debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') }
}

/** Metrics that can be read back by `name{label=value,...}`; of a histogram the newest value. */
export function createRecordingMetrics(): Metrics & {
  value(name: string, labels?: Labels): number | undefined
} {
  const values = new Map<string, number>()
  return {
    add: (name, labels, count = 1) => {
      values.set(key(name, labels), (values.get(key(name, labels)) ?? 0) + count)
    },
    set: (name, value, labels) => {
      values.set(key(name, labels), value)
    },
    observe: (name, value, labels) => {
      values.set(key(name, labels), value)
    },
    value: (name, labels) => values.get(key(name, labels)),
  }
}

function key(name: string, labels: Labels = {}): string {
  const pairs = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))
  return `${name}{${pairs.map(([label, value]) => `${label}=${value}`).join(',')}}`
}
