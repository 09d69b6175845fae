import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ROOT, readText } from './compose-file.ts'
import { npmStart } from './npm-start.ts'

const UNITS = ['omnicomm-watch.service', 'omnicomm-watch-backup.service', 'omnicomm-watch-backup.timer']
const INSTALLED = '/opt/omnicomm-watch/'

/** The settings of a unit by name; one that is there several times has several values. */
function readUnit(name: string): (setting: string) => string[] {
  const lines = readText(`config/systemd/${name}`).split('\n')
  return (setting) =>
    lines.filter((line) => line.startsWith(`${setting}=`)).map((line) => line.slice(setting.length + 1))
}

const service = readUnit('omnicomm-watch.service')
const backup = readUnit('omnicomm-watch-backup.service')

test('the unit starts what npm start starts', () => {
  const { tunables, command } = npmStart()
  expect(service('ExecStart')).toEqual([`/usr/bin/env ${command} --config /etc/omnicomm-watch/watch.yaml`])
  expect(service('Environment')).toContain(tunables)
})

test.each(UNITS)('every path of the program in %s exists', (name) => {
  const paths = [...readText(`config/systemd/${name}`).matchAll(/\/opt\/omnicomm-watch\/([\w./-]+)/g)]
  for (const [, path = ''] of paths) expect(existsSync(join(ROOT, path)), INSTALLED + path).toBe(true)
})

test('the service has more than its 10 s to stop, is reloaded by SIGHUP, and is not restarted with a bad configuration', () => {
  expect(Number(service('TimeoutStopSec')[0])).toBeGreaterThan(10)
  expect(service('ExecReload')).toEqual(['/bin/kill -HUP $MAINPID'])
  expect(service('Restart')).toEqual(['on-failure'])
  expect(service('RestartPreventExitStatus')).toEqual(['2'])
})

test('the backup runs as the user and with the secrets of the service, and may write its data and its copies', () => {
  for (const setting of ['User', 'Group', 'EnvironmentFile'])
    expect(backup(setting)).toEqual(service(setting))
  const [state = ''] = backup('StateDirectory')
  expect(state.split(' ')).toEqual([...service('StateDirectory'), 'omnicomm-watch-backups'])
  expect(backup('ExecStart')[0]).toContain(' /var/lib/omnicomm-watch-backups ')
})

const hasAnalyze = spawnSync('systemd-analyze', ['--version']).status === 0

// CI runs in a container, which need not have systemd.
describe.skipIf(!hasAnalyze)('systemd-analyze (skipped where it is not installed)', () => {
  const files = UNITS.map((name) => join(ROOT, 'config/systemd', name))

  test('finds no fault in the units', () => {
    const { status, stdout, stderr } = spawnSync('systemd-analyze', ['verify', ...files], {
      encoding: 'utf8',
    })
    expect(stdout + stderr).toBe('')
    expect(status).toBe(0)
  })

  test.each(files.slice(0, 2))('rates the exposure of %s at 2.0 of 10 or less', (file) => {
    const args = ['security', '--offline=true', '--threshold=20', file]
    expect(spawnSync('systemd-analyze', args, { encoding: 'utf8' })).toMatchObject({ status: 0 })
  })
})
