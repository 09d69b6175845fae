import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import packageJson from '../../package.json' with { type: 'json' }

const main = new URL('../../src/main.ts', import.meta.url).pathname

let cwd = ''
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'watch-main-'))
})
afterEach(() => rm(cwd, { recursive: true }))

function run(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], { cwd, encoding: 'utf8' })
  return { status, stdout, stderr }
}

test('help goes to standard output and names every command', () => {
  for (const flag of ['help', '--help', '-h']) {
    const { status, stdout, stderr } = run(flag)
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    for (const name of ['serve', 'check-config', 'decode', 'replay outages'])
      expect(stdout).toContain(`\n  ${name} `)
  }
  expect(run('check-config', '--help')).toMatchObject({
    status: 0,
    stdout: 'usage: omnicomm-watch check-config [--config FILE]\n',
  })
})

test('the version is that of the package', () => {
  expect(run('--version')).toEqual({ status: 0, stdout: `${packageJson.version}\n`, stderr: '' })
})

test.each([[[]], [['serv']], [['replay']], [['replay', 'nothing']]])('%j is wrong usage', (args) => {
  const { status, stdout, stderr } = run(...args)
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
  expect(stderr).toContain('usage: omnicomm-watch COMMAND')
})

test('status and output of a command come out whole, also through a pipe', async () => {
  await writeFile(join(cwd, 'bad.yaml'), 'timezone: Nowhere\n')
  expect(run('check-config', '--config', 'bad.yaml').status).toBe(2)
  const { status, stdout } = run('check-config')
  expect(status).toBe(0)
  expect(stdout.trimEnd().split('\n').at(-1)).toBe('  audit: 1830d')
})

test('a reader that goes away ends the command quietly', async () => {
  const lines = '{"ident":"1","ts":1700000000}\n'.repeat(200_000)
  await writeFile(join(cwd, 'many.ndjson'), lines)
  const child = spawn(process.execPath, [main, 'decode', '--format', 'json', 'many.ndjson'], { cwd })
  let stderr = ''
  child.stderr.on('data', (data) => {
    stderr += String(data)
  })
  await once(child.stdout, 'data')
  child.stdout.destroy()
  expect(await ended(child)).toBe(0)
  expect(stderr).toBe('')
})

async function ended(child: ChildProcess): Promise<unknown> {
  const [status] = await once(child, 'close')
  return status
}
