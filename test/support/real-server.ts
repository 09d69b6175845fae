import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { freePort } from './mosquitto.ts'
import { until } from './until.ts'

/** A program of the machine that tests talk to over HTTP, with an empty folder of its own. */
export type RealServer = {
  readonly base: string
  readonly port: number
  readonly folder: string
  /** Ends it at once; the folder stays, so that it can be started again. */
  kill(): Promise<void>
  /** Starts it again on the same port and folder. */
  start(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** Whether a command is installed on this machine. */
export function hasCommand(command: string): boolean {
  return spawnSync(command, ['--version']).error === undefined
}

/** A suite that needs a command: skipped by name where it is missing, a failure with REQUIRE_SERVERS=1. */
export function describeWithCommand(command: string, name: string, suite: () => void): void {
  const missing = !hasCommand(command)
  if (!missing) describe(name, suite)
  else if (process.env['REQUIRE_SERVERS'] === '1') {
    test(`${name}: ${command} is installed`, () => expect(missing, `${command} is required here`).toBe(false))
  } else describe.skip(`${name} (skipped: ${command} is not installed)`, suite)
}

/** A Prometheus that reads `config` (`FOLDER` stands for its folder) beside `files`. */
export function startPrometheus(
  config: string,
  files: Readonly<Record<string, string>> = {},
): Promise<RealServer> {
  return startServer({
    command: 'prometheus',
    files: { ...files, 'prometheus.yml': config },
    args: (folder, port) => [
      `--config.file=${folder}/prometheus.yml`,
      `--storage.tsdb.path=${folder}/tsdb`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--web.enable-lifecycle',
    ],
    readyPath: '/-/ready',
  })
}

/** An Alertmanager with this configuration. */
export function startAlertmanager(config: string): Promise<RealServer> {
  return startServer({
    command: 'prometheus-alertmanager',
    files: { 'alertmanager.yml': config },
    args: (folder, port) => [
      `--config.file=${folder}/alertmanager.yml`,
      `--storage.path=${folder}/data`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--cluster.listen-address=',
    ],
    readyPath: '/-/ready',
  })
}

/** A VictoriaMetrics that shows what was written within a second. */
export function startVictoriaMetrics(args: readonly string[] = []): Promise<RealServer> {
  return startServer({
    command: 'victoria-metrics',
    files: {},
    args: (folder, port) => [
      `-storageDataPath=${folder}/storage`,
      `-httpListenAddr=127.0.0.1:${port}`,
      '-retentionPeriod=100y',
      '-search.latencyOffset=0s',
      ...args,
    ],
    readyPath: '/health',
  })
}

/** An nginx that ends TLS at `https://127.0.0.1:httpsPort`, where it does what the location block says. */
export function startNginx(
  location: string,
  tls: { readonly port: number; readonly cert: string; readonly key: string },
): Promise<RealServer> {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path FOLDER/${name};`,
  )
  const config = `daemon off; master_process off; pid FOLDER/pid; error_log stderr; events {}
http {
  access_log off; ${temporary.join(' ')}
  server { listen 127.0.0.1:OWN_PORT; location / { return 200; } }
  server {
    listen 127.0.0.1:${tls.port} ssl;
    ssl_certificate FOLDER/certificate; ssl_certificate_key FOLDER/key;
    ${location}
  }
}`
  return startServer({
    command: 'nginx',
    files: { 'nginx.conf': config, certificate: tls.cert, key: tls.key },
    args: (folder) => ['-p', folder, '-c', `${folder}/nginx.conf`],
    readyPath: '/',
  })
}

type Program = {
  readonly command: string
  readonly files: Readonly<Record<string, string>>
  readonly args: (folder: string, port: number) => readonly string[]
  readonly readyPath: string
}

async function startServer({ command, files, args, readyPath }: Program): Promise<RealServer> {
  const folder = await mkdtemp(join(tmpdir(), `${command}-`))
  const port = await freePort()
  const base = `http://127.0.0.1:${port}`
  for (const [name, text] of Object.entries(files)) {
    await writeFile(
      join(folder, name),
      text.replaceAll('FOLDER', folder).replaceAll('OWN_PORT', String(port)),
    )
  }
  let child: ChildProcess | null = null

  async function start(): Promise<void> {
    const started = spawn(command, args(folder, port), { stdio: ['ignore', 'pipe', 'pipe'] })
    child = started
    let output = ''
    for (const stream of [started.stdout, started.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        output = (output + chunk.toString()).slice(-4000)
      })
    }
    await until(
      async () => {
        if (started.exitCode !== null) throw new Error(`${command} ended: ${output}`)
        return answersWell(base + readyPath)
      },
      20_000,
      `${command} is ready`,
    )
  }

  async function kill(): Promise<void> {
    const running = child
    child = null
    if (!running || running.exitCode !== null || running.signalCode !== null) return
    const exited = once(running, 'exit')
    running.kill('SIGKILL')
    await exited
  }

  async function dispose(): Promise<void> {
    await kill()
    await rm(folder, { recursive: true, force: true })
  }

  try {
    await start()
  } catch (error) {
    await dispose()
    throw error
  }
  return { base, port, folder, start, kill, [Symbol.asyncDispose]: dispose }
}

async function answersWell(url: string): Promise<boolean> {
  try {
    const response = await fetch(url)
    await response.arrayBuffer()
    return response.ok
  } catch {
    return false
  }
}
