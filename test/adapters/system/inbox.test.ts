import {
  chownSync,
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
import { type HandOver, handOver } from '../../../src/adapters/system/hand-over.ts'
import { createInbox } from '../../../src/adapters/system/inbox.ts'
import { createRecordingLog } from '../../support/recorders.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { until } from '../../support/until.ts'

const NAME = 'a'.repeat(32)
const REPORT = {
  created: 1,
  updated: 0,
  merged: 0,
  replaced: [],
  rejected: [],
  rejectedTotal: 0,
  warnings: [],
}

let temp: ReturnType<typeof tempFolder>
let folder: string
let log: ReturnType<typeof createRecordingLog>
let now: () => number
const clock = { now: () => now() }

beforeEach(() => {
  temp = tempFolder()
  folder = temp.file('inbox')
  log = createRecordingLog()
  now = () => Date.now()
})
afterEach(() => temp[Symbol.dispose]())

const there = (): string[] => (existsSync(folder) ? readdirSync(folder).sort() : [])
const openInbox = () => createInbox(folder, { clock, log })
const hand = (options: Partial<Omit<HandOver, 'folder' | 'bytes'>> = {}) =>
  handOver({
    folder,
    clock: { now: () => Date.now() },
    bytes: Buffer.from('terminal_id\n1\n'),
    isOwned: () => true,
    told: () => {},
    ...options,
  })

describe('a handed file', () => {
  test('reaches the service as it is, shows its progress and gets its answer; nothing stays behind', async () => {
    const inbox = openInbox()
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
    await openInbox().take()
    owned = false
    expect(await answer).toMatchObject({ reason: /ended before it answered.*as a whole or not at all/ })
  })

  test('whose command was interrupted is withdrawn, so that nobody takes it later', async () => {
    const interrupted = new AbortController()
    const answer = hand({ until: interrupted.signal })
    await until(() => there().some((name) => name.endsWith('.csv')))
    interrupted.abort()
    expect(await answer).toEqual({ kind: 'failed', reason: 'Interrupted; nothing was imported.' })
    expect(there()).toEqual([])
  })

  test('whose command was interrupted after it was taken says that the service goes on', async () => {
    const interrupted = new AbortController()
    const answer = hand({ until: interrupted.signal })
    await until(() => there().some((name) => name.endsWith('.csv')))
    await openInbox().take()
    interrupted.abort()
    expect(await answer).toMatchObject({ kind: 'failed', reason: expect.stringContaining('goes on with it') })
  })

  test('whose command was killed is not imported later but answered, and told', async () => {
    const answer = hand()
    await until(() => there().some((name) => name.endsWith('.csv')))
    const [name = ''] = there()
    utimesSync(`${folder}/${name}`, now() / 1000 - 31, now() / 1000 - 31)
    expect(await openInbox().take()).toBeUndefined()
    expect(await answer).toMatchObject({ kind: 'failed', reason: /did not wait .* Nothing was imported/ })
    expect(log.lines.map(({ level, fields }) => [level, fields])).toEqual([
      ['warn', { file: name.slice(0, 32) }],
    ])
    expect(there()).toEqual([])
  })

  test('is touched again and again while it waits', async () => {
    let told = Date.now() - 60_000
    const waiting = new AbortController()
    const answer = hand({ clock: { now: () => told }, until: waiting.signal })
    await until(() => there().some((name) => name.endsWith('.csv')))
    const touched = (): number => statSync(`${folder}/${there()[0]}`).mtimeMs
    await until(() => Math.abs(touched() - told) < 5, 10_000)
    told += 1000
    await until(() => Math.abs(touched() - told) < 5, 10_000)
    waiting.abort()
    await answer
  }, 30_000)

  test.runIf(process.getuid?.() === 0)('of root is given to the owner of the folder', async () => {
    mkdirSync(folder)
    chownSync(folder, 65_534, 65_534)
    const waiting = new AbortController()
    const answer = hand({ until: waiting.signal })
    await until(() => there().some((name) => name.endsWith('.csv')))
    expect(statSync(`${folder}/${there()[0]}`)).toMatchObject({ uid: 65_534, gid: 65_534 })
    waiting.abort()
    await answer
  })

  test.runIf(process.getuid?.() === 0)('of root makes a folder for the owner of the data', async () => {
    chownSync(temp.path, 65_534, 65_534)
    const waiting = new AbortController()
    const answer = hand({ until: waiting.signal })
    await until(() => there().some((name) => name.endsWith('.csv')))
    expect(statSync(folder).uid).toBe(65_534)
    waiting.abort()
    await answer
  })

  test('that cannot be put into the folder says what to do, and leaves nothing behind', async () => {
    writeFileSync(folder, 'no folder')
    expect(await hand()).toMatchObject({
      kind: 'failed',
      reason: /run the command as the user of the service/,
    })
  })

  test('that was being worked on is answered by the next service and not done again', async () => {
    const answer = hand()
    await until(() => there().some((name) => name.endsWith('.csv')))
    await openInbox().take()
    const next = openInbox()
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
      expect(await openInbox().take()).toBeUndefined()
    },
  )

  test.each([
    ['a link', (path: string) => symlinkSync('/etc/hostname', path), /link to another file/],
    ['a second name of another file', (path: string) => linkSync(secret(), path), /no plain file/],
    ['a folder', (path: string) => mkdirSync(path), /no plain file/],
    ['a file beyond 64 MiB', (path: string) => large(path), /larger than 64 MiB/],
  ])('refuses %s and goes on with the next', async (_name, make, reason) => {
    make(temp.file(`inbox/${NAME}.csv`))
    writeFileSync(temp.file(`inbox/${'b'.repeat(32)}.csv`), 'next')
    const inbox = openInbox()
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
    await openInbox().tidy(2_000_000)
    expect(there()).toEqual([`${'b'.repeat(32)}.result.json`, 'mine.txt'])
  })
})

describe('an inbox that the service cannot work in', () => {
  test.each([
    ['take', () => openInbox().take()],
    ['tidy', () => openInbox().tidy(0)],
  ])('says so with what to do (%s)', async (_name, work) => {
    writeFileSync(folder, 'no folder')
    await expect(work()).rejects.toThrow(/right to read and write in the folder .*inbox/)
  })

  test('does so too when a file cannot be taken out of it', async () => {
    mkdirSync(folder)
    writeFileSync(temp.file(`inbox/${NAME}.csv`), 'x')
    // A folder in its place that is not empty cannot be written over, whoever the service is.
    mkdirSync(temp.file(`inbox/${NAME}.taken/x`), { recursive: true })
    await expect(openInbox().take()).rejects.toThrow(/right to read and write in the folder .*inbox/)
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
