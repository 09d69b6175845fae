import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { until } from './until.ts'

export type Mosquitto = {
  readonly port: number
  /** An empty folder of its own, for password and ACL files. */
  readonly folder: string
  /** SIGTERM and wait; the database is saved. */
  stop(): Promise<void>
  /** SIGKILL and wait. */
  kill(): Promise<void>
  /** Starts it again on the same port and folder. */
  start(): Promise<void>
  /** Ends it and removes the folder. */
  dispose(): Promise<void>
}

const BINARY = ['mosquitto', '/usr/sbin/mosquitto', '/usr/local/sbin/mosquitto'].find(
  (path) => spawnSync(path, ['-h']).error === undefined,
)

/** A suite that needs Mosquitto: skipped by name where it is missing, a failure with REQUIRE_SERVERS=1. */
export function describeWithMosquitto(name: string, suite: () => void): void {
  if (BINARY !== undefined) describe(name, suite)
  else if (process.env['REQUIRE_SERVERS'] === '1') {
    test(`${name}: mosquitto is installed`, () => expect(BINARY, 'mosquitto is required here').toBeDefined())
  } else describe.skip(`${name} (skipped: mosquitto is not installed)`, suite)
}

/**
 * Starts Mosquitto on a free loopback port. `lines` are added to its configuration, in which `FOLDER` stands for
 * its folder; without any about access, everybody may do everything.
 */
export async function startMosquitto(
  lines: readonly string[] = ['allow_anonymous true'],
  files: Readonly<Record<string, string>> = {},
): Promise<Mosquitto> {
  if (BINARY === undefined) throw new Error('mosquitto is not installed')
  const folder = await mkdtemp(join(tmpdir(), 'mosquitto-'))
  const port = await freePort()
  const config = join(folder, 'mosquitto.conf')
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text, { mode: 0o600 })
  // Started as root it would give up its rights and then not read its own folder.
  const own = [
    'user root',
    'persistence true',
    `persistence_location ${folder}/`,
    `listener ${port} 127.0.0.1`,
  ]
  const text = [...own, ...lines.map((line) => line.replaceAll('FOLDER', folder))].join('\n')
  await writeFile(config, `${text}\n`)
  let child: ChildProcess | null = null

  async function start(): Promise<void> {
    const started = spawn(BINARY ?? '', ['-c', config], { stdio: ['ignore', 'pipe', 'pipe'] })
    child = started
    let output = ''
    for (const stream of [started.stdout, started.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        output = (output + chunk.toString()).slice(-4000)
      })
    }
    await until(async () => {
      if (started.exitCode !== null) throw new Error(`mosquitto ended: ${output}`)
      return answers(port)
    })
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    const running = child
    child = null
    if (!running || running.exitCode !== null || running.signalCode !== null) return
    const exited = once(running, 'exit')
    running.kill(signal)
    await exited
  }

  await start()
  return {
    port,
    folder,
    start,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
    async dispose() {
      await end('SIGKILL')
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** A loopback port that nobody listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.on('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', () => resolve(false))
  })
}
