import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { tempFolder } from '../support/temp-folder.ts'
import { until } from '../support/until.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

test('what ends npm ends the service that `npm start` started, in order', async () => {
  using folder = tempFolder()
  const config = folder.file('watch.yaml')
  const tree = { data: folder.file('data'), http: { port: 0 }, broker: { enabled: false }, sources: [] }
  writeFileSync(config, JSON.stringify({ ...tree, service: { components: [] } }))
  const npm = spawn('npm', ['start', '--', '--config', config], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [npm.stdout, npm.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  }
  await until(() => output.includes('omnicomm-watch is running'), 30_000, 'the service runs')
  npm.kill('SIGTERM')
  await until(() => output.includes('"stopped"'), 10_000, 'the service says that it stopped')
  expect(output).toContain('"stopping"')
})
