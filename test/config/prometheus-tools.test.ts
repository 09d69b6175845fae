import { execFileSync } from 'node:child_process'
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { describeWithCommand, startAlertmanager } from '../support/real-server.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { until } from '../support/until.ts'

const FOLDER = fileURLToPath(new URL('../../config/prometheus/', import.meta.url))
const files = (part: 'rules' | 'tests'): string[] =>
  readdirSync(`${FOLDER}${part}`).map((file) => `${FOLDER}${part}/${file}`)

/** Throws with all that it prints when it fails. */
function run(command: string, args: readonly string[]): string {
  return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
}

describeWithCommand('promtool', 'promtool', () => {
  test('accepts the configuration and its rules', () => {
    using folder = tempFolder()
    cpSync(FOLDER, folder.path, { recursive: true })
    writeFileSync(folder.file('metrics-token'), 'secret')
    const said = run('promtool', ['check', 'config', folder.file('prometheus.yml')])
    expect(said).toContain('is valid prometheus config file')
    expect(said.match(/rules found/g)).toHaveLength(files('rules').length)
  })

  test('sees every alert fire in time and keep quiet when it should', () => {
    const said = run('promtool', ['test', 'rules', ...files('tests')])
    expect(said.match(/SUCCESS/g)).toHaveLength(files('tests').length)
  })
})

describeWithCommand('amtool', 'amtool', () => {
  const config = `${FOLDER}alertmanager.yml`

  test('accepts the configuration', () => {
    expect(run('amtool', ['check-config', config])).toContain('SUCCESS')
  })

  test.each([
    ['critical', 'duty'],
    ['warning', 'operators'],
  ])('an alert of severity %s goes to %s', (severity, receiver) => {
    const args = ['config', 'routes', 'test', `--config.file=${config}`, `severity=${severity}`]
    expect(run('amtool', args).trim()).toBe(receiver)
  })
})

describeWithCommand('prometheus-alertmanager', 'Alertmanager', () => {
  test('an outage keeps its consequences quiet, but no fault of ours and nothing of another instance', async () => {
    await using server = await startAlertmanager(readFileSync(`${FOLDER}alertmanager.yml`, 'utf8'))
    const alert = (alertname: string, instance = 'a', more = {}) => ({
      labels: { alertname, job: 'omnicomm-watch', instance, ...more },
    })
    const sent = [
      alert('WatchServiceDown'),
      alert('WatchMassSilence', 'a', { dimension: 'operator' }),
      alert('WatchSourceBlind', 'a', { source: 'gate' }),
      alert('WatchSourceLagging', 'a', { source: 'gate' }),
      alert('WatchSourceLagging', 'a', { source: 'hub' }),
      alert('WatchDiskFilling'),
      alert('WatchMassSilence', 'b', { dimension: 'operator' }),
      alert('WatchSourceBlind', 'b', { source: 'gate' }),
    ]
    await fetch(`${server.base}/api/v2/alerts`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(sent),
    })
    type Known = { readonly labels: Record<string, string>; readonly status: { readonly state: string } }
    const states = async () => {
      const known = (await (await fetch(`${server.base}/api/v2/alerts`)).json()) as readonly Known[]
      return Object.fromEntries(
        known.map(({ labels: { alertname, instance, source = '' }, status }) => [
          `${alertname} ${instance} ${source}`.trim(),
          status.state,
        ]),
      )
    }
    await until(async () => {
      const all = Object.values(await states())
      return all.length === sent.length && !all.includes('unprocessed')
    }, 20_000)
    expect(await states()).toEqual({
      'WatchServiceDown a': 'active',
      'WatchMassSilence a': 'suppressed',
      'WatchSourceBlind a gate': 'active',
      'WatchSourceLagging a gate': 'suppressed',
      'WatchSourceLagging a hub': 'active',
      'WatchDiskFilling a': 'active',
      'WatchMassSilence b': 'active',
      'WatchSourceBlind b gate': 'active',
    })
  })
})
