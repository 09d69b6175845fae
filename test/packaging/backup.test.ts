import { spawnSync } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { type Deployment, deployService } from '../support/service-process.ts'
import { until } from '../support/until.ts'
import { ROOT } from './compose-file.ts'

const TOKEN = 'push-token'
const CONFIG = {
  broker: { enabled: false },
  sources: [{ id: 'push', kind: 'http', token: TOKEN }],
  service: { components: [] },
}

/** Runs a script of config/backup from a folder that is not that of the program. */
function runScript(deployment: Deployment, name: string, ...args: string[]) {
  return runScriptWith({ CONFIG: deployment.file('watch.yaml') }, deployment, name, ...args)
}

function runScriptWith(more: NodeJS.ProcessEnv, deployment: Deployment, name: string, ...args: string[]) {
  const env = {
    PATH: process.env['PATH'],
    NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
    NODE: process.execPath,
    ...more,
  }
  const options = { cwd: deployment.file('.'), env, encoding: 'utf8' } as const
  return spawnSync('sh', [`${ROOT}config/backup/${name}`, ...args], options)
}

function read(file: string, sql: string): unknown {
  const db = new DatabaseSync(file, { readOnly: true })
  try {
    return Object.values(db.prepare(sql).get() ?? {})[0]
  } finally {
    db.close()
  }
}

test('what was backed up while the service ran is there again after the data folder was lost; the newest copies are kept', async () => {
  await using deployment = await deployService(CONFIG)
  const { data, file } = deployment
  const database = `${data}/watch.sqlite`
  const backups = file('backups')
  const stored = (id: string) =>
    until(() => read(database, `SELECT count(*) FROM terminals WHERE id = '${id}'`) === 1, 20_000)

  // Without a database there is no copy, and then none of the old ones goes.
  mkdirSync(backups)
  const old = ['20200101', '20200102', '20200103'].map((day) => `watch-${day}T031700Z.sqlite`)
  for (const name of [...old, 'watch-mine.sqlite']) writeFileSync(`${backups}/${name}`, '')
  expect(runScript(deployment, 'backup.sh', 'backups', '1').status).toBe(1)
  expect(runScript(deployment, 'backup.sh', 'backups', '0').status).toBe(2)
  expect(readdirSync(backups).sort()).toEqual([...old, 'watch-mine.sqlite'])

  const first = await deployment.start()
  await first.api.push('push', TOKEN, '{"ident":"kept","voltage":24}')
  await stored('kept')
  const before = await first.api.terminal('kept')
  expect(runScript(deployment, 'backup.sh', 'backups', '2')).toMatchObject({ status: 0, stderr: '' })
  const [kept, copy = '', foreign] = readdirSync(backups).sort()
  expect([kept, foreign]).toEqual([old[2], 'watch-mine.sqlite'])
  expect(copy).toMatch(/^watch-2\d{7}T\d{6}Z\.sqlite$/)
  expect(statSync(`${backups}/${copy}`).mode & 0o777).toBe(0o600)
  expect(read(`${backups}/${copy}`, 'PRAGMA integrity_check')).toBe('ok')

  await first.api.push('push', TOKEN, '{"ident":"lost","voltage":24}')
  await stored('lost')
  const refused = runScript(deployment, 'restore.sh', `backups/${copy}`, data)
  expect(refused).toMatchObject({ status: 1, stderr: `The service works on ${data}; stop it first.\n` })
  await first.end('SIGKILL')
  rmSync(data, { recursive: true })

  expect(runScript(deployment, 'restore.sh', `backups/${copy}`, data)).toMatchObject({
    status: 0,
    stderr: '',
  })
  const second = await deployment.start()
  expect((await second.api.terminals()).map(({ id }) => id)).toEqual(['kept'])
  expect(await second.api.terminal('kept')).toMatchObject({
    dataAt: before?.dataAt,
    contactAt: before?.contactAt,
  })
  await second.api.push('push', TOKEN, '{"ident":"new","voltage":24}')
  await stored('new')
  await second.end('SIGKILL')

  // With a database in place: it is kept with its write-ahead log, which must not meet the restored one.
  expect(existsSync(`${database}-wal`)).toBe(true)
  expect(runScript(deployment, 'restore.sh', `backups/${copy}`, data).status).toBe(0)
  expect(existsSync(`${database}-wal`)).toBe(false)
  expect(read(database, 'PRAGMA integrity_check')).toBe('ok')
  expect(read(database, 'SELECT group_concat(id) FROM terminals')).toBe('kept')
  const aside = readdirSync(data).find((name) => /^before-restore-.*\.sqlite$/.test(name))
  expect(read(`${data}/${aside}`, "SELECT count(*) FROM terminals WHERE id = 'new'")).toBe(1)

  // A damaged copy changes nothing.
  copyFileSync(`${backups}/${copy}`, file('damaged.sqlite'))
  truncateSync(file('damaged.sqlite'), statSync(file('damaged.sqlite')).size / 2)
  const damaged = runScript(deployment, 'restore.sh', 'damaged.sqlite', data)
  expect(damaged.status).toBe(1)
  expect(damaged.stderr).toContain('damaged.sqlite is no sound copy of the database')
  expect(read(database, 'SELECT group_concat(id) FROM terminals')).toBe('kept')
}, 120_000)

test('a backup leaves no rest of one that was cut off, and no copy that is not sound', async () => {
  await using deployment = await deployService(CONFIG)
  const { data, file } = deployment
  for (const folder of [data, file('backups')]) mkdirSync(folder)
  for (const end of ['part', 'part-journal'])
    writeFileSync(file(`backups/watch-20200101T031700Z.sqlite.${end}`), '')
  for (const name of readdirSync(file('backups'))) utimesSync(file(`backups/${name}`), 0, 0)
  const underWay = 'watch-20300101T031700Z.sqlite.part'
  writeFileSync(file(`backups/${underWay}`), '')
  const foreign = new DatabaseSync(`${data}/watch.sqlite`)
  foreign.exec('CREATE TABLE others (id)')
  foreign.close()
  const { status, stderr } = runScript(deployment, 'backup.sh', 'backups')
  expect(status).toBe(1)
  expect(stderr).toContain('it is the database of something else')
  expect(readdirSync(file('backups'))).toEqual([underWay])
})

test('only a configuration that is named must be there', async () => {
  await using deployment = await deployService(CONFIG)
  const asked = (more: NodeJS.ProcessEnv) =>
    runScriptWith({ NODE: 'echo', ...more }, deployment, 'backup.sh', 'backups').stdout.split('\n')[0]
  expect(asked({})).toMatch(/^src\/main\.ts backup \S+\.sqlite$/)
  expect(asked({ CONFIG: 'my watch.yaml' })).toMatch(/ --config my watch\.yaml$/)
})
