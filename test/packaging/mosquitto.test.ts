import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { connectAsync, type MqttClient } from 'mqtt'
import { expect, test } from 'vitest'
import { TEST_CERTIFICATE, TEST_KEY } from '../support/certificates.ts'
import { describeWithMosquitto, freePort } from '../support/mosquitto.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { until } from '../support/until.ts'
import { exampleEnv, ROOT, readCompose } from './compose-file.ts'

const service = readCompose(exampleEnv()).services['mosquitto']
const STRANGER = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}
const PATH = `${process.env['PATH']}:/usr/sbin:/usr/local/sbin`

type Container = ReturnType<typeof createContainer>

/** The container of docker-compose.yml with its paths moved into a folder, on free ports, run by a stranger. */
function createContainer(folder: string, ports: { readonly plain: number; readonly tls: number }) {
  const moved = (text: string) =>
    text.replace(/\/(mosquitto\/|tmp\b)/g, (_, name) => `${folder}/${name === 'tmp' ? name : ''}`)
  cpSync(`${ROOT}config/mosquitto`, `${folder}/config`, { recursive: true })
  renameSync(`${folder}/config/tls`, `${folder}/tls`)
  for (const own of ['data', 'tmp']) mkdirSync(`${folder}/${own}`)
  const files = ['config/start.sh', 'config/mosquitto.conf', 'config/access.conf', 'tls/tls.conf.example']
  for (const file of files) {
    const text = moved(readFileSync(`${folder}/${file}`, 'utf8'))
      .replace(/^listener 1883$/m, `listener ${ports.plain} 127.0.0.1`)
      .replace(/^listener 8883$/m, `listener ${ports.tls} 127.0.0.1`)
    writeFileSync(`${folder}/${file}`, text)
  }
  own(folder)
  const plainEnv = Object.entries(service?.environment ?? {})
  const fixed = Object.fromEntries(
    plainEnv.map(([name, value]) => [name, value === '/tmp' ? moved(value) : value]),
  )
  let child: ChildProcess | undefined

  async function stop(): Promise<void> {
    if (child === undefined || child.exitCode !== null) return
    const ended = once(child, 'exit')
    child.kill('SIGTERM')
    await ended
  }

  return {
    stop,
    async start(env: Readonly<Record<string, string>> = {}): Promise<void> {
      const [command = '', ...args] = (service?.entrypoint ?? []).map(moved)
      const started = spawn(command, args, { env: { PATH, ...fixed, ...env }, ...STRANGER })
      child = started
      let output = ''
      for (const stream of [started.stdout, started.stderr]) {
        stream.on('data', (chunk) => {
          output += chunk
        })
      }
      await until(
        async () => {
          if (started.exitCode !== null) throw new Error(`mosquitto ended: ${output}`)
          return refusesStrangers(`mqtt://127.0.0.1:${ports.plain}`)
        },
        20_000,
        'the broker answers, and refuses whoever names no user',
      )
    },
    /** Exit status of the health check. */
    health(): number | null {
      const [, command = '', ...args] = service?.healthcheck?.test ?? []
      const asked = [...args, '-p', String(ports.plain)]
      return spawnSync(command, asked, { env: { PATH, ...fixed }, ...STRANGER }).status
    },
    run: (command: string, ...args: string[]) =>
      spawnSync(command, args.map(moved), { env: { PATH }, ...STRANGER }).status,
  }
}

function own(folder: string): void {
  if (STRANGER.uid === undefined) return
  chmodSync(folder, 0o755)
  spawnSync('chown', ['-R', `${STRANGER.uid}:${STRANGER.gid}`, folder])
}

function connect(url: string, username?: string, password?: string): Promise<MqttClient> {
  const login = username === undefined || password === undefined ? {} : { username, password }
  return connectAsync(url, { ...login, reconnectPeriod: 0, protocolVersion: 5, ca: TEST_CERTIFICATE })
}

async function refusesStrangers(url: string): Promise<boolean> {
  try {
    await (await connect(url)).endAsync()
  } catch (error) {
    return error instanceof Error && error.message.includes('Not authorized')
  }
  throw new Error('the broker lets in everybody')
}

describeWithMosquitto('the broker of docker-compose.yml', () => {
  test('lets in who has a password and nobody else, gateways publish only, and users that were added stay', async () => {
    using folder = tempFolder()
    const ports = { plain: await freePort(), tls: await freePort() }
    const container = createContainer(folder.path, ports)
    try {
      await container.start()
      await expectRights(container, `mqtt://127.0.0.1:${ports.plain}`)
      expect(readdirSync(folder.file('tmp')).sort()).toEqual(['mosquitto.conf', 'mosquitto_sub'])
      expect(statSync(folder.file('data/passwords')).mode & 0o777).toBe(0o600)
      await container.stop()
      expect(container.health()).not.toBe(0)

      expect(
        container.run('mosquitto_passwd', '-b', '/mosquitto/data/passwords', 'plant', 'of-the-plant'),
      ).toBe(0)
      renameSync(folder.file('tls/tls.conf.example'), folder.file('tls/tls.conf'))
      writeFileSync(folder.file('tls/server.crt'), TEST_CERTIFICATE)
      writeFileSync(folder.file('tls/server.key'), TEST_KEY)
      await container.start({ MQTT_GATEWAY_PASSWORD: 'changed' })
      const url = `mqtts://localhost:${ports.tls}`
      await (await connect(url, 'plant', 'of-the-plant')).endAsync()
      await (await connect(url, 'gateway', 'changed')).endAsync()
      await expect(connect(url, 'gateway', PASSWORDS.gateway)).rejects.toThrow(/Not authorized/)
      await expect(connect(url)).rejects.toThrow(/Not authorized/)
    } finally {
      await container.stop()
    }
  }, 60_000)
})

const PASSWORDS = {
  watch: exampleEnv()['MQTT_WATCH_PASSWORD'] ?? '',
  gateway: exampleEnv()['MQTT_GATEWAY_PASSWORD'] ?? '',
}

async function expectRights(container: Container, url: string): Promise<void> {
  await expect(connect(url, 'gateway', 'wrong')).rejects.toThrow(/Not authorized/)
  const watch = await connect(url, 'watch', PASSWORDS.watch)
  const gateway = await connect(url, 'gateway', PASSWORDS.gateway)
  try {
    const heard: string[] = []
    watch.on('message', (_, payload) => heard.push(payload.toString()))
    await watch.subscribeAsync('fleet/#')
    // Mosquitto grants the subscription and delivers nothing to it.
    gateway.on('message', () => heard.push('the gateway listens'))
    await gateway.subscribeAsync('fleet/#')
    await gateway.publishAsync('fleet/1', 'from the gateway', { qos: 1 })
    await until(() => heard.length > 0)
    expect(heard).toEqual(['from the gateway'])
    await expect(watch.publishAsync('fleet/1', 'from the reader', { qos: 1 })).rejects.toThrow(
      /Not authorized/,
    )
    expect(container.health()).toBe(0)
  } finally {
    await Promise.all([watch.endAsync(), gateway.endAsync()])
  }
}
