import {
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { handOver } from '../../../src/adapters/system/hand-over.ts'
import { createInbox } from '../../../src/adapters/system/inbox.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { until } from '../../support/until.ts'

const NAME = 'a'.repeat(32)
const REPORT = { created: 1, updated: 0, merged: 0, replaced: [], rejected: [], warnings: [] }

let temp: ReturnType<typeof tempFolder>
let folder: string

beforeEach(() => {
  temp = tempFolder()
  folder = temp.file('inbox')
})
afterEach(() => temp[Symbol.dispose]())

const there = (): string[] => (existsSync(folder) ? readdirSync(folder).sort() : [])
const hand = (options: { isOwned?: () => boolean; takenWithinMs?: number; told?: () => void } = {}) =>
  handOver({
    folder,
    bytes: Buffer.from('terminal_id\n1\n'),
    isOwned: () => true,
    told: () => {},
    ...options,
  })

describe('a handed file', () => {
  test('reaches the service as it is, shows its progress and gets its answer; nothing stays behind', async () => {
    const inbox = createInbox(folder)
    let told = 0
    const answer = hand({
      told: () => {
        told += 1
      },
    })
    await until(() => there().some((name) => name.endsWith('.csv')))
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    const file = await inbox.take()
    expect(Buffer.from(file?.bytes ?? []).toString()).toBe('terminal_id\n1\n')
    expect(await inbox.take()).toBeUndefined()
    await file?.progress({ phase: 'reading', done: 1, total: 2 })
    await until(() => told > 0)
    await file?.answer({ kind: 'done', report: REPORT })
    expect(await answer).toEqual({ kind: 'done', report: REPORT })
    expect(there()).toEqual([])
  })

  test('that nobody takes is withdrawn, so that nobody takes it later', async () => {
    expect(await hand({ takenWithinMs: 1 })).toMatchObject({
      kind: 'failed',
      reason: /does not take the file/,
    })
    expect(there()).toEqual([])
  })

  test('whose service has ended is withdrawn', async () => {
    expect(await hand({ isOwned: () => false })).toMatchObject({ reason: /ended before it took the file/ })
    expect(there()).toEqual([])
  })

  test('whose service ended while it worked on it says that it is not known', async () => {
    let owned = true
    const answer = hand({ isOwned: () => owned })
    await until(() => there().some((name) => name.endsWith('.csv')))
    await createInbox(folder).take()
    owned = false
    expect(await answer).toMatchObject({ reason: /ended before it answered.*as a whole or not at all/ })
  })

  test('that was being worked on is answered by the next service and not done again', async () => {
    const answer = hand()
    await until(() => there().some((name) => name.endsWith('.csv')))
    await createInbox(folder).take()
    const next = createInbox(folder)
    expect(await next.tidy(0)).toEqual({ interrupted: 1 })
    expect(await answer).toMatchObject({ kind: 'failed', reason: /imported as a whole or not at all/ })
    expect(await next.take()).toBeUndefined()
    expect(there()).toEqual([])
  })
})

describe('the inbox', () => {
  beforeEach(() => mkdirSync(folder))

  test.each(['x.csv', `${NAME}.csv.part`, `${NAME.toUpperCase()}.csv`, `../${NAME}.csv`, `${NAME}.csv.csv`])(
    'looks at no file that is called %s',
    async (name) => {
      writeFileSync(temp.file(`inbox/${name}`), 'x')
      expect(await createInbox(folder).take()).toBeUndefined()
    },
  )

  test.each([
    ['a link', (path: string) => symlinkSync('/etc/hostname', path), /cannot be read/],
    ['a second name of another file', (path: string) => linkSync(secret(), path), /no plain file/],
    ['a folder', (path: string) => mkdirSync(path), /no plain file/],
    ['a file beyond 64 MiB', (path: string) => large(path), /larger than 64 MiB/],
  ])('refuses %s and goes on with the next', async (_name, make, reason) => {
    make(temp.file(`inbox/${NAME}.csv`))
    writeFileSync(temp.file(`inbox/${'b'.repeat(32)}.csv`), 'next')
    const inbox = createInbox(folder)
    expect(Buffer.from((await inbox.take())?.bytes ?? []).toString()).toBe('next')
    const { default: answer } = await import(temp.file(`inbox/${NAME}.result.json`), {
      with: { type: 'json' },
    })
    expect(answer).toMatchObject({ kind: 'failed', reason: expect.stringMatching(reason) })
    expect(there()).not.toContain(`${NAME}.taken`)
  })

  test('forgets what nobody has fetched, and keeps what is younger and what is none of its own', async () => {
    for (const kind of ['csv', 'csv.part', 'result.json', 'progress.json']) {
      writeFileSync(temp.file(`inbox/${NAME}.${kind}`), 'x')
      utimesSync(temp.file(`inbox/${NAME}.${kind}`), 1000, 1000)
    }
    writeFileSync(temp.file('inbox/mine.txt'), 'x')
    utimesSync(temp.file('inbox/mine.txt'), 1000, 1000)
    writeFileSync(temp.file(`inbox/${'b'.repeat(32)}.result.json`), 'x')
    await createInbox(folder).tidy(2_000_000)
    expect(there()).toEqual([`${'b'.repeat(32)}.result.json`, 'mine.txt'])
  })
})

function secret(): string {
  writeFileSync(temp.file('secret'), 'secret')
  return temp.file('secret')
}

function large(path: string): void {
  writeFileSync(path, '')
  truncateSync(path, 64 * 1024 * 1024 + 1)
}
