import { generateKeyPairSync } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { checkConfigCommand } from '../../src/commands/check-config.ts'
import { ACCESS } from '../../src/http/access.ts'
import { exampleEnv, readCompose } from '../packaging/compose-file.ts'
import { tempFolder } from '../support/temp-folder.ts'

const ROOT = new URL('../../', import.meta.url)
const README = readFileSync(new URL('README.md', ROOT), 'utf8')
const MOST_PICTURE_BYTES = 160_000

/** Each with the heading that it stands under. */
const SNIPPETS = [...README.matchAll(/^```yaml\n(.*?)^```$/gms)].map(({ index, 1: text = '' }, number) => {
  const heading =
    README.slice(0, index)
      .match(/^##+ .+$/gm)
      ?.at(-1) ?? ''
  return [`${heading.replace(/^#+ /, '')} (${number + 1})`, text] as const
})
/** What is no block of code, whose lines may begin with a hash. */
const PROSE = README.replaceAll(/^```.*?^```$/gms, '')
const HEADINGS = [...PROSE.matchAll(/^#+ (.+)$/gm)].map(([, text = '']) => slug(text))
const LINKS = [...PROSE.matchAll(/\]\(([^)\s]+)\)/g)].map(([, address = '']) => address)

/** As `openssl genrsa 2048` makes it. */
function rsaKey(): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return String(privateKey.export({ type: 'pkcs8', format: 'pem' }))
}

/** The anchor that a heading gets where the file is shown. */
function slug(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} -]/gu, '')
    .replaceAll(' ', '-')
}

/** Options of Docker Compose that are followed by their value. */
const WITH_VALUE = ['-s', '--entrypoint']

/** The services that a command of Docker Compose is for; `NAME` stands for any. */
function namedServices(verb: string, rest: string): readonly string[] {
  const words = rest.split(/\s+/).filter((word) => word !== '')
  const names = words.filter((word, i) => !word.startsWith('-') && !WITH_VALUE.includes(words[i - 1] ?? ''))
  switch (verb) {
    case 'exec':
    case 'run':
      return names.slice(0, 1)
    case 'cp':
      return names.flatMap((name) => (name.includes(':') ? name.replace(/:.*/, '') : []))
    default:
      return names.filter((name) => name !== 'NAME')
  }
}

describe('README', () => {
  test.each(SNIPPETS)('%s: its configuration is valid when its variables are set', async (_name, text) => {
    using folder = tempFolder()
    const file = folder.file('watch.yaml')
    writeFileSync(file, text)
    if (text.includes('keyFile: dkim.pem')) writeFileSync(folder.file('dkim.pem'), rsaKey())
    const names = [...text.matchAll(/\$\{(\w+)\}/g)].map(([, name = '']) => name)
    const env = Object.fromEntries(names.map((name) => [name, 'a-secret-value']))
    const said: string[] = []
    const io = { out: () => {}, err: (line: string) => void said.push(line), env, cwd: folder.file('') }
    expect(await checkConfigCommand(['--config', file], io), said.join('')).toBe(0)
  })

  test('has an example for each of the systems that carry the data', () => {
    const all = SNIPPETS.map(([, text]) => text).join('\n')
    for (const format of ['json', 'flespi', 'traccar']) expect(all).toContain(`format: ${format}`)
    for (const kind of ['mqtt', 'http', 'omnicomm-online', 'omnicomm-tcp', 'wialon-ips', 'egts']) {
      expect(all).toContain(`kind: ${kind}`)
    }
  })

  test('leads only to what is there', () => {
    const anchors = LINKS.filter((link) => link.startsWith('#')).map((link) => link.slice(1))
    expect(anchors.filter((anchor) => !HEADINGS.includes(anchor))).toEqual([])
    const files = LINKS.filter((link) => !/^(#|https?:)/.test(link)).map((link) => link.replace(/#.*/, ''))
    expect(files.filter((file) => !existsSync(new URL(file, ROOT)))).toEqual([])
  })

  test('has small pictures, and all that are kept', () => {
    const shown = LINKS.filter((link) => link.startsWith('.pictures/'))
    expect(shown.sort()).toEqual(
      readdirSync(new URL('.pictures/', ROOT))
        .map((name) => `.pictures/${name}`)
        .sort(),
    )
    for (const file of shown)
      expect(statSync(new URL(file, ROOT)).size, file).toBeLessThan(MOST_PICTURE_BYTES)
  })

  test('explains each alert where the rules say that it does', () => {
    const folder = new URL('config/prometheus/rules/', ROOT)
    const urls = readdirSync(folder).flatMap((file) =>
      [...readFileSync(new URL(file, folder), 'utf8').matchAll(/runbook_url: '?([^'\n]+)/g)].map(
        ([, url = '']) => url,
      ),
    )
    expect(urls.length).toBeGreaterThan(20)
    for (const url of urls) expect(HEADINGS.map((heading) => `README.md#${heading}`)).toContain(url)
    const explained = HEADINGS.filter((heading) => heading.startsWith('alert-'))
    expect(explained.filter((heading) => !urls.includes(`README.md#${heading}`))).toEqual([])
  })

  test('names only services and profiles of Docker Compose that there are', () => {
    const services = Object.entries(readCompose(exampleEnv()).services)
    const names = services.map(([name]) => name)
    const profiles = services.flatMap(([, { profiles: each = [] }]) => each)
    const commands = [...README.matchAll(/docker compose (?:--profile (\w+) )?([a-z]+)([^`#\n\\|&]*)/g)]
    expect(commands.length).toBeGreaterThan(20)
    for (const [line, profile, verb = '', rest = ''] of commands) {
      if (profile !== undefined) expect(profiles, line).toContain(profile)
      for (const name of namedServices(verb, rest)) expect(names, line).toContain(name)
    }
  })

  test('runs commands with the folders, the file of secrets and the path of the units', () => {
    const unit = readFileSync(new URL('config/systemd/omnicomm-watch.service', ROOT), 'utf8')
    const [run = ''] = /systemd-run [^`]+/.exec(README) ?? []
    const properties = [...run.matchAll(/ -p (\S+)/g)].map(([, property]) => property)
    expect(properties).toHaveLength(3)
    for (const property of properties) expect(unit).toContain(`\n${property}\n`)
    const paths = [...README.matchAll(/PATH=(\S+)/g)].map(([, path = '']) =>
      path.replace('$PWD', '/opt/omnicomm-watch'),
    )
    expect(paths.length).toBeGreaterThan(1)
    for (const path of paths) expect(unit).toContain(`\nEnvironment=PATH=${path}\n`)
    const started = [...README.matchAll(/systemctl (?:start|stop|reload|enable --now|edit) ([\w. -]*\w)/g)]
    const units = readdirSync(new URL('config/systemd/', ROOT))
    for (const name of started.flatMap(([, names = '']) => names.trim().split(/ +/))) {
      expect(units, name).toContain(name.includes('.') ? name : `${name}.service`)
    }
  })

  test('names only commands and addresses that there are', () => {
    const { scripts } = JSON.parse(readFileSync(new URL('package.json', ROOT), 'utf8')) as {
      readonly scripts: Readonly<Record<string, string>>
    }
    for (const [, name = ''] of README.matchAll(/npm run (?:-s )?([\w:]+)/g))
      expect(scripts).toHaveProperty([name])
    const main = readFileSync(new URL('src/main.ts', ROOT), 'utf8')
    for (const [, name = ''] of README.matchAll(/npm run -s watch -- ([\w-]+)/g)) expect(main).toContain(name)
    const routes = Object.keys(ACCESS).map((route) => route.replaceAll(/:\w+/g, '{id}'))
    for (const [, address = ''] of README.matchAll(/`(?:[A-Z]+ )?(\/[a-z][\w/{}.-]*)/g)) {
      const isRoute = routes.some((route) =>
        route.endsWith(` ${address.replaceAll(/\{\w+\}|(?<=ingest\/)\w+/g, '{id}')}`),
      )
      expect(isRoute || /^\/(etc|var|opt)\//.test(address), address).toBe(true)
    }
  })
})
