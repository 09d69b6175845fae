import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { parse } from 'yaml'
import { checkConfigCommand } from '../../src/commands/check-config.ts'

let cwd = ''
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'watch-check-'))
})
afterEach(() => rm(cwd, { recursive: true }))

async function check(args: string[], env: Record<string, string> = {}) {
  let out = ''
  let err = ''
  const status = await checkConfigCommand(args, {
    out: (text) => {
      out += text
    },
    err: (text) => {
      err += text
    },
    env,
    cwd,
  })
  return { status, out, err }
}

test('prints the effective configuration as YAML that can be read, with warnings as comments', async () => {
  const { status, out, err } = await check([])
  expect({ status, err }).toEqual({ status: 0, err: '' })
  expect(out).toContain(
    '# warning: letters.recipients: is empty: nobody will get letters about outages but those who are entered on the page\n',
  )
  expect(out).toContain('# warning: service.components[1]: auth is not watched')
  expect(parse(out)).toMatchObject({
    freshness: { default: { moving: '30m', parked: '6h30m' } },
    service: { noticeAfter: '1h' },
  })
})

test('secrets are masked', async () => {
  await writeFile(
    join(cwd, 'a.yaml'),
    'letters: { smtp: "smtp://me:hunter2@h" }\nhttp: { metricsToken: hunter2 }',
  )
  const { status, out } = await check(['--config', 'a.yaml'])
  expect(status).toBe(0)
  expect(out).toContain('smtp://***:***@h')
  expect(out).not.toContain('hunter2')
})

test('a DKIM key that cannot be used is a fault before the service meets it', async () => {
  const key = join(cwd, 'key.pem')
  await writeFile(join(cwd, 'c.yaml'), `letters: { dkim: { domain: b.org, selector: s, keyFile: "${key}" } }`)
  expect(await check(['--config', 'c.yaml'])).toMatchObject({ status: 2, out: '' })
  await writeFile(key, 'no key')
  await writeFile(
    join(cwd, 'c.yaml'),
    'letters: { dkim: { domain: b.org, selector: s, keyFile: key.pem } }\nnosuch: 1\n',
  )
  const { status, err } = await check(['--config', 'c.yaml'])
  expect(status).toBe(2)
  expect(err).toContain('letters.dkim.keyFile: the key in key.pem ')
  expect(err).toContain('nosuch')
})

test('every fault has a line with its path, and the status is 2', async () => {
  await writeFile(
    join(cwd, 'bad.yaml'),
    `timezone: Nowhere\nsources: [{ id: push, kind: http, token: "\${PUSH_TOKEN}" }]\nhttp: { port: x }\n`,
  )
  const { status, out, err } = await check(['--config', 'bad.yaml'])
  expect({ status, out }).toEqual({ status: 2, out: '' })
  expect(err).toBe(
    [
      `The configuration is not valid (${join(cwd, 'bad.yaml')}), 3 faults:`,
      '  sources[0].token: environment variable PUSH_TOKEN is not set',
      '  timezone: must be a time zone name such as Europe/Moscow',
      '  http.port: must be a number, not text',
      '',
    ].join('\n'),
  )
})

test('wrong usage has status 2', async () => {
  for (const args of [['--confg', 'x'], ['x'], ['--config']]) {
    const { status, err } = await check(args)
    expect(status).toBe(2)
    expect(err).toContain('usage: check-config [--config FILE]')
  }
})

test('the times of digests are checked by those who will keep them', async () => {
  await writeFile(join(cwd, 'a.yaml'), 'flagging: { digests: [{ id: a, at: "0 25 * * *" }] }\nlanguage: de')
  const { status, err } = await check(['--config', 'a.yaml'])
  expect(status).toBe(2)
  expect(err).toContain('2 faults')
  expect(err).toContain('flagging.digests[0].at: ')
})
