import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import process, { stdin } from 'node:process'
import { createConnectionBudget } from '../../src/adapters/terminal-tcp/connection-budget.ts'
import { openListener } from '../../src/compose/listeners.ts'
import { parseConfig } from '../../src/config/load.ts'
import { createFakeClock } from '../support/fake-clock.ts'
import { createRecordingLog, createRecordingMetrics } from '../support/recorders.ts'
import { until } from '../support/until.ts'

/**
 * Two listeners in a process that may hold few files open. Prints their ports; for each line that it is sent, what they
 * have, what they warned of, and whether a file can be opened besides.
 */
const kinds = ['wialon-ips', 'egts'] as const
const sources = kinds.map((kind) => ({ id: kind, kind, port: 0 }))
const parsed = parseConfig(JSON.stringify({ sources, service: { components: [] } }), {})
if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults))

const log = createRecordingLog()
const deps = {
  clock: createFakeClock(),
  log,
  metrics: createRecordingMetrics(),
  fleet: { counters: new Map() },
  budget: createConnectionBudget(),
}
const nothing = (): void => {}
const events = {
  connected: nothing,
  disconnected: nothing,
  observed: nothing,
  counted: nothing,
  rejected: nothing,
  stored: () => Promise.resolve(true),
}
const listeners = parsed.config.sources.flatMap((source) =>
  source.kind === 'wialon-ips' || source.kind === 'egts' ? [openListener(source, events, deps)] : [],
)
await until(() => listeners.every((listener) => listener.health().connected))
print({ ports: listeners.map((listener) => listener.health().detail['port']) })

stdin.on('data', () =>
  print({
    connections: listeners.map((listener) => listener.health().detail['connections']),
    refused: listeners.map((listener) => listener.health().detail['refused']),
    failures: log.lines.filter(({ level }) => level === 'error').map(({ message }) => message),
    file: openSomeFile(),
  }),
)
await once(stdin, 'end')
await Promise.all(listeners.map((listener) => listener.stop()))

function openSomeFile(): string {
  try {
    return readFileSync('/proc/self/stat').length > 0 ? 'read' : 'empty'
  } catch (error) {
    return String(error)
  }
}

function print(value: object): void {
  process.stdout.write(`${JSON.stringify(value)}\n`)
}
