import { cpSync, existsSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type Env, ROOT, readText } from './compose-file.ts'

export type Copy = { readonly source: string; readonly target: string }

/** What the last stage of config/docker/Dockerfile says. */
export type Image = {
  /** Of every stage, with its tag. */
  readonly bases: readonly string[]
  readonly env: Env
  readonly user: string
  /** From the repository, of every stage. */
  readonly copies: readonly Copy[]
  readonly entrypoint: readonly string[]
  readonly command: readonly string[]
  readonly healthCheck: readonly string[]
  readonly runs: readonly string[]
}

/** Reads the Dockerfile, in the small subset of its language that ours uses. */
export function readImage(): Image {
  const lines = readText('config/docker/Dockerfile')
    .replace(/^#.*\n/gm, '')
    .replace(/\\\n\s*/g, '')
  const instructions = lines.split('\n').filter(Boolean)
  const of = (name: string) =>
    instructions.flatMap((line) => (line.startsWith(`${name} `) ? [line.slice(name.length + 1)] : []))
  const list = (text: string | undefined): string[] => JSON.parse(text ?? '[]')
  return {
    bases: of('FROM').map((text) => text.split(' ')[0] ?? ''),
    env: Object.fromEntries(of('ENV').flatMap((text) => text.split(/\s+/).map(toPair))),
    user: of('USER').at(-1) ?? 'root',
    copies: of('COPY')
      .filter((text) => !text.startsWith('--from='))
      .flatMap(toCopies),
    entrypoint: list(of('ENTRYPOINT').at(-1)),
    command: list(of('CMD').at(-1)),
    healthCheck: list(
      of('HEALTHCHECK')
        .at(-1)
        ?.replace(/^.*CMD /, ''),
    ),
    runs: of('RUN'),
  }
}

/** A value may have further signs of equality in it. */
function toPair(text: string): [string, string] {
  const sign = text.indexOf('=')
  return [text.slice(0, sign), text.slice(sign + 1)]
}

function toCopies(text: string): Copy[] {
  const words = text.split(' ')
  const target = words.at(-1) ?? ''
  return words.slice(0, -1).map((source) => ({ source, target: target === './' ? source : target }))
}

/** Whether .dockerignore keeps the file from the engine: the last pattern that fits it or a folder of it counts. */
export function isIgnored(path: string): boolean {
  const patterns = readText('.dockerignore')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
  const parts = path.split('/')
  const heads = parts.map((_, index) => parts.slice(0, index + 1).join('/'))
  return patterns.reduce((ignored, pattern) => {
    const shape = new RegExp(`^${pattern.replace(/^!/, '').replaceAll('.', '\\.').replaceAll('*', '[^/]*')}$`)
    return heads.some((head) => shape.test(head)) ? !pattern.startsWith('!') : ignored
  }, false)
}

/** Writes to `folder` what the image holds under /app. */
export function buildTree(folder: string, { copies }: Image): void {
  for (const { source, target } of copies) {
    cpSync(join(ROOT, source), join(folder, target), {
      recursive: true,
      filter: (path) => statSync(path).isDirectory() || !isIgnored(path.slice(ROOT.length)),
    })
  }
  const packages = productionPackages()
  const isInside = (path: string) => path.lastIndexOf('node_modules/') > 0
  for (const path of packages.filter((path) => !isInside(path))) {
    cpSync(join(ROOT, path), join(folder, path), { recursive: true })
    rmSync(join(folder, path, 'node_modules'), { recursive: true, force: true })
  }
  for (const path of packages.filter(isInside)) {
    cpSync(join(ROOT, path), join(folder, path), { recursive: true })
  }
}

/** Places of the packages that `npm ci --omit=dev --omit=optional` installs. */
function productionPackages(): string[] {
  const { packages }: { packages: Record<string, Record<string, unknown>> } = JSON.parse(
    readText('package-lock.json'),
  )
  return Object.entries(packages).flatMap(([path, { dev, optional, devOptional }]) =>
    path === '' || dev === true || optional === true || devOptional === true || !existsSync(join(ROOT, path))
      ? []
      : [path],
  )
}

/** Bytes of all files under a folder. */
export function bytesUnder(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0)
}
