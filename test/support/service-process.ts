import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { type ServiceApi, serviceApi } from './service-api.ts'
import { tempFolder } from './temp-folder.ts'
import { until } from './until.ts'

/** A tree as the configuration file has it; JSON is YAML. */
export type ConfigTree = { readonly [key: string]: unknown }

export type LogLine = { readonly level: string; readonly message: string; readonly [field: string]: unknown }

export type ServiceProcess = {
  readonly pid: number
  readonly api: ServiceApi
  readonly brokerPort: number
  /** Everything written to standard output. */
  output(): string
  /** Lines of the log so far; what is no JSON has the level `raw`. */
  readonly log: readonly LogLine[]
  /** Sends the signal and resolves with the exit status, which is null when the signal itself ended the process. */
  end(signal: 'SIGTERM' | 'SIGINT' | 'SIGKILL'): Promise<number | null>
  /** Asks it to read its configuration again. */
  hangUp(): void
}

export type StartWay = {
  /** For Node, before the program. */
  readonly nodeOptions?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

/** As `npm start` does it. */
export const LIKE_NPM_START: StartWay = {
  nodeOptions: ['--max-semi-space-size=4'],
  env: {
    GLIBC_TUNABLES:
      'glibc.malloc.hugetlb=1:glibc.malloc.mmap_threshold=4194304:glibc.malloc.trim_threshold=268435456',
  },
}

export type Deployment = AsyncDisposable & {
  /** The data folder. */
  readonly data: string
  file(name: string): string
  configure(tree: ConfigTree | string): Promise<void>
  /** Starts the service and resolves when it takes requests; rejects with its output when it ends instead. */
  start(way?: StartWay): Promise<ServiceProcess>
  /** Starts the service and waits for its end. */
  startAndEnd(): Promise<{ readonly status: number | null; readonly output: string; readonly errors: string }>
}

export const ADMIN_TOKEN = 'admin-token-of-the-tests'

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url))
const START_WITHIN_MS = 30_000

/**
 * The service as people run it: `node src/main.ts serve --config FILE` in a folder of its own, on free ports.
 * Disposing kills what still runs and removes the folder.
 */
export async function deployService(tree: ConfigTree): Promise<Deployment> {
  const folder = tempFolder()
  const config = folder.file('watch.yaml')
  const data = folder.file('data')
  const running = new Set<Child>()

  async function configure(next: ConfigTree | string): Promise<void> {
    const text = typeof next === 'string' ? next : JSON.stringify({ ...COMMON, data, ...next })
    await writeFile(config, text)
  }

  function launch({ nodeOptions = [], env = {} }: StartWay = {}): Child {
    const child = launchProcess([...nodeOptions, MAIN, 'serve', '--config', config], folder.path, env)
    running.add(child)
    void child.closed.then(() => running.delete(child))
    return child
  }

  await configure(tree)
  return {
    data,
    file: folder.file,
    configure,
    async start(way) {
      const child = launch(way)
      await until(
        () => child.ended() || WELCOME.test(child.output()),
        START_WITHIN_MS,
        'the service welcomes',
      )
      if (child.ended()) throw new Error(`the service ended: ${child.output()}${child.errors()}`)
      return attach(child)
    },
    async startAndEnd() {
      const child = launch()
      const status = await child.closed
      return { status, output: child.output(), errors: child.errors() }
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...running].map((child) => child.end('SIGKILL')))
      folder[Symbol.dispose]()
    },
  }
}

/** Free ports on loopback. */
const COMMON: ConfigTree = { http: { port: 0 }, broker: { port: 0 } }

/** The welcome is one text whose last line is empty. */
const WELCOME = /Pages {5}(http:\/\/\S+)\/\n(?:[\s\S]*\n)?\n$/

type Child = ReturnType<typeof launchProcess>

function launchProcess(args: readonly string[], cwd: string, env: Readonly<Record<string, string>>) {
  const process: ChildProcess = spawn(globalThis.process.execPath, args, {
    cwd,
    env: { PATH: globalThis.process.env['PATH'], WATCH_ADMIN_TOKEN: ADMIN_TOKEN, WATCH_LOG: 'json', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const { stdout, stderr } = process
  if (!stdout || !stderr) throw new Error('the output of the service is not piped')
  const log: LogLine[] = []
  let output = ''
  let errors = ''
  stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
  })
  createInterface({ input: stderr }).on('line', (line) => {
    log.push(readLogLine(line))
    errors += `${line}\n`
  })
  const closed = once(process, 'close').then(([status]): number | null => status)
  return {
    pid: process.pid ?? 0,
    log,
    output: () => output,
    errors: () => errors,
    ended: () => process.exitCode !== null || process.signalCode !== null,
    closed,
    signal: (signal: NodeJS.Signals) => void process.kill(signal),
    async end(signal: NodeJS.Signals): Promise<number | null> {
      process.kill(signal)
      return closed
    },
  }
}

function attach(child: Child): ServiceProcess {
  const text = child.output()
  return {
    pid: child.pid,
    api: serviceApi(WELCOME.exec(text)?.[1] ?? '', ADMIN_TOKEN),
    brokerPort: Number(/MQTT {6}mqtt:\/\/\S+:(\d+)/.exec(text)?.[1] ?? 0),
    output: child.output,
    log: child.log,
    end: child.end,
    hangUp: () => child.signal('SIGHUP'),
  }
}

function readLogLine(line: string): LogLine {
  try {
    return JSON.parse(line)
  } catch {
    return { level: 'raw', message: line }
  }
}
