import { enableCompileCache } from 'node:module'
import packageJson from '../package.json' with { type: 'json' }
import type { Command, ExitStatus, Io } from './commands/io.ts'
import { loadCode } from './commands/load-code.ts'

/** A command by its name, which may be two words. Its code is loaded when it is called. */
type Entry = {
  readonly name: string
  readonly usage: string
  readonly summary: string
  /** Signals are handed to it: it runs until it is told to end, or has something to bring to an end. */
  readonly takesSignals?: true
  readonly load: () => Promise<Command>
}

const COMMANDS: readonly Entry[] = [
  {
    name: 'serve',
    usage: '[--config FILE]',
    summary: 'runs the service until SIGINT or SIGTERM; SIGHUP reloads the configuration',
    takesSignals: true,
    load: async () => (await import('./commands/serve.ts')).serveCommand,
  },
  {
    name: 'check-config',
    usage: '[--config FILE]',
    summary: 'validates the configuration and prints the effective one',
    load: async () => (await import('./commands/check-config.ts')).checkConfigCommand,
  },
  {
    name: 'decode',
    usage:
      '--format omnicomm|flespi|traccar|json|wialon-ips|egts [--received-at ISO] [--topic TOPIC] [--config FILE] [--source ID] [FILE]',
    summary: 'shows what payloads become, one per line',
    load: async () => (await import('./commands/decode.ts')).decodeCommand,
  },
  {
    name: 'test-letter',
    usage: 'ADDRESS [--config FILE]',
    summary: 'sends one letter and prints the SMTP dialogue',
    load: async () => (await import('./commands/test-letter.ts')).testLetterCommand,
  },
  {
    name: 'import-terminals',
    usage: 'CSV [--config FILE]',
    summary: 'takes the inventory from a file, all rows or none, also while the service runs',
    takesSignals: true,
    load: async () => (await import('./commands/import-terminals.ts')).importTerminalsCommand,
  },
  {
    name: 'export-terminals',
    usage: '[FILE] [--config FILE]',
    summary: 'writes the inventory as a file that import-terminals takes back, also while the service runs',
    load: async () => (await import('./commands/export-terminals.ts')).exportTerminalsCommand,
  },
  {
    name: 'backup',
    usage: 'FILE [--config FILE]',
    summary: 'copies the database to a new file, also while the service runs',
    load: async () => (await import('./commands/backup.ts')).backupCommand,
  },
  {
    name: 'replay outages',
    usage: '[--policy FILE] FILE',
    summary: 'runs recorded verdicts through the outage clock',
    load: async () => (await import('./commands/replay-outages.ts')).replayOutagesCommand,
  },
  {
    name: 'record',
    usage: '[--config FILE] [--for 24h] [--max-bytes 1G] [--url URL] [--force] FILE',
    summary: 'writes what the running service takes in to a file for replay fleet',
    takesSignals: true,
    load: async () => (await import('./commands/record.ts')).recordCommand,
  },
  {
    name: 'replay fleet',
    usage: '[--config FILE] [--terminals CSV] [--summary] [FILE]',
    summary:
      'runs recorded observations through the rules of freshness, with a summary of what they would flag',
    takesSignals: true,
    load: async () => (await import('./commands/replay-fleet.ts')).replayFleetCommand,
  },
  {
    name: 'demo',
    usage: '',
    summary:
      'runs the service with a simulated fleet, a simulated Omnicomm Online and a mail catcher until Ctrl-C',
    takesSignals: true,
    load: async () => (await import('./commands/demo.ts')).demoCommand,
  },
]

// Saves a third of the start: sources that were stripped once need not be again.
enableCompileCache()

/** How long open handles may keep a finished command alive. */
const LINGER_MS = 2000

process.on('uncaughtException', (error) => {
  process.stderr.write(`omnicomm-watch: a bug ended the program: ${error.stack ?? String(error)}\n`)
  process.exit(1)
})
for (const stream of [process.stdout, process.stderr]) {
  // Whoever read the output has gone, as `head` does: there is nothing left to do.
  stream.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1))
}

process.exitCode = await run(process.argv.slice(2))
setTimeout(() => process.exit(), LINGER_MS).unref()

async function run(args: readonly string[]): Promise<ExitStatus> {
  const [first, second] = args
  if (first === '--version' || first === '-v') return print(`${packageJson.version}\n`)
  if (first === '--help' || first === '-h' || first === 'help') return print(usage())
  const entry = COMMANDS.find(({ name }) => name === first || name === `${first} ${second}`)
  if (entry === undefined) {
    process.stderr.write(
      first === undefined ? usage() : `Unknown command: ${args.slice(0, 2).join(' ')}\n\n${usage()}`,
    )
    return 2
  }
  const rest = args.slice(entry.name.split(' ').length)
  if (rest.includes('--help')) return print(`usage: omnicomm-watch ${entry.name} ${entry.usage}\n`)
  const io = processIo(entry.takesSignals === true)
  const command = await loadCode(entry.load)
  return command(rest, io)
}

function print(text: string): ExitStatus {
  process.stdout.write(text)
  return 0
}

function usage(): string {
  const rows = COMMANDS.map(({ name, usage: options, summary }) => `  ${name} ${options}\n      ${summary}\n`)
  return `omnicomm-watch ${packageJson.version}
usage: omnicomm-watch COMMAND [--config FILE]

${rows.join('')}
Without --config the file config/watch.yaml is taken, else embedded defaults.
Exit status: 0 done, 1 failed, 2 wrong usage or invalid configuration.
`
}

/** `takesSignals`: they are handed to the command; else they end the process as usual. */
function processIo(takesSignals: boolean): Io {
  const reloads: (() => void)[] = []
  if (takesSignals) {
    process.on('SIGHUP', () => {
      for (const reload of reloads) reload()
    })
  }
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    errIsTerminal: process.stderr.isTTY === true,
    env: process.env,
    cwd: process.cwd(),
    get stdin() {
      return process.stdin
    },
    shutdown: takesSignals ? shutdownSignal() : new AbortController().signal,
    onReload: (reload) => void reloads.push(reload),
  }
}

/** The first SIGINT or SIGTERM asks for a clean end, the second one ends at once. */
function shutdownSignal(): AbortSignal {
  const shutdown = new AbortController()
  for (const [signal, number] of [
    ['SIGINT', 2],
    ['SIGTERM', 15],
  ] as const) {
    process.on(signal, () => {
      if (shutdown.signal.aborted) process.exit(128 + number)
      shutdown.abort(signal)
    })
  }
  return shutdown.signal
}
