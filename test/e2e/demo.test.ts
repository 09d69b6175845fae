import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { type Excuses, scraping, unanswered } from '../dashboards/answers.ts'
import { describeWithCommand, hasCommand, startPrometheus } from '../support/real-server.ts'
import { type ServiceApi, serviceApi } from '../support/service-api.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { until } from '../support/until.ts'

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url))
const TOKEN = 'token-of-the-demo-test'
const END_WITHIN_MS = 10_000

/** Metrics that tell of what the demo does not have; what dashboards and rules ask of them is tried with made-up series. */
const NOT_IN_THE_DEMO: Excuses = {
  never: {
    watch_clock_faults_total: 'clocks are behind, which is no fault of theirs',
    watch_terminal_connections: 'there is no listener for terminals',
    watch_terminal_connections_total: 'there is no listener for terminals',
    watch_terminal_disconnects_total: 'there is no listener for terminals',
    watch_terminals_contested_total: 'there is no listener for terminals',
    watch_certificate_ends_timestamp_seconds: 'no component is of kind tls',
    watch_influx_up: 'there is no InfluxDB',
  },
  notAlways: {
    watch_influx_write_seconds: 'there is no InfluxDB, and its histogram is empty',
    watch_mqtt_disconnects_total: 'only when this machine is very busy',
    watch_outage_letters: 'the auditor looks once a minute, and the outage takes less',
  },
}

/** What Prometheus could not answer at the end of the demo; null where it is not installed. */
let withoutAnswer: readonly string[] | null = null

test('the demo shows a stale terminal, an outage, what its operator does and all letters in both languages, and ends cleanly', async () => {
  using folder = tempFolder()
  await using demo = startDemo(folder.path)
  await until(() => demo.ended() || /Ctrl-C/.test(demo.output()), 20_000, 'the demo welcomes')
  const base = /Pages {5}(http:\/\/\S+?)\/\s/.exec(demo.output())?.[1] ?? demo.output()
  const api = serviceApi(base, TOKEN)
  await using prometheus = hasCommand('prometheus') ? await startPrometheus(scraping(base)) : null
  expect(demo.output()).toMatch(/User {6}admin\n {2}Password {2}[\w-]{20}\n/)

  await until(async () => (await fleetStates(api)).has('stale'), 60_000, 'a terminal is stale')
  await until(async () => (await outageState(api)) === 'closed', 90_000, 'the outage is closed')
  await until(() => caught(demo.output()).length >= 9, 30_000, 'nine letters are caught')

  expect(caught(demo.output())).toEqual([
    [
      'duty@partner.example',
      'Omnicomm Online недоступен. Укажите срок решения проблемы: он нужен в письмах получателям.',
    ],
    ['dispatcher@client.example', 'Omnicomm Online: сервис недоступен.'],
    ['operations@partner.example', 'Omnicomm Online: the service is unavailable.'],
    ['dispatcher@client.example', 'Omnicomm Online: сервис недоступен.'],
    ['operations@partner.example', 'Omnicomm Online: the service is unavailable.'],
    ['dispatcher@client.example', 'Omnicomm Online: работа сервиса восстановлена.'],
    ['operations@partner.example', 'Omnicomm Online: the service is available again.'],
    ['dispatcher@client.example', 'Omnicomm Online: запланированы работы.'],
    ['operations@partner.example', 'Omnicomm Online: work is planned.'],
  ])
  expect((await api.letters()).map(({ kind, state }) => `${kind} ${state}`).reverse()).toEqual([
    'operator sent',
    ...['initial sent', 'initial sent'],
    ...['update sent', 'update sent'],
    ...['recovery sent', 'recovery sent'],
    ...['announcement sent', 'announcement sent'],
  ])
  expectToldStory(demo.output())
  await expectEverythingWatched(api, /Log {7}(\S+)/.exec(demo.output())?.[1] ?? '')
  await expectLivelyFleet(api)

  if (prometheus) withoutAnswer = await unanswered(prometheus.base, NOT_IN_THE_DEMO)

  const asked = performance.now()
  expect(await demo.end('SIGINT')).toBe(0)
  expect(performance.now() - asked).toBeLessThan(END_WITHIN_MS)
  expect(demo.errors()).toBe('')
  // Node keeps its compiled sources there, for the next start.
  expect(readdirSync(folder.path).filter((name) => name !== 'node-compile-cache')).toEqual([])
}, 200_000)

describeWithCommand('prometheus', 'a Prometheus that has scraped the demo', () => {
  test('answers every question of the dashboards and the rules', () => expect(withoutAnswer).toEqual([]))
})

/** What the operator did is told in its place, and the letters say it. */
function expectToldStory(output: string): void {
  const [, time = ''] = /\[operator on duty\] expects the service back by (\d\d:\d\d)\n/.exec(output) ?? []
  const story = [
    'outages/',
    '[operator on duty] expects the service back by',
    `Expected time of resolution: by `,
    '[operator on duty] tells the recipients:',
    'Message (admin, ',
    'the service is available again.',
    '[operator on duty] announces planned work',
  ].map((part) => output.indexOf(part))
  expect(story).not.toContain(-1)
  expect(story).toEqual(story.toSorted((a, b) => a - b))
  expect(output.match(new RegExp(`(Expected time|Ожидаемый срок).*, ${time} \\(`, 'g'))).toHaveLength(4)
}

/** No component became unusable by our own limits of calls, and the whole outage was seen. */
async function expectEverythingWatched(api: ServiceApi, logFile: string): Promise<void> {
  expect((await api.service()).components.map(({ id }) => id)).toEqual([
    ...['web', 'login', 'state', 'activity', 'tree', 'data', 'port'],
  ])
  const log = readFileSync(logFile, 'utf8')
  expect(log).toContain('an outage opened')
  for (const trouble of ['cannot', 'failed ', ' error ']) expect(log).not.toContain(trouble)
  const [outage] = await api.outages()
  expect(outage?.failed.toSorted()).toEqual(['activity', 'login', 'port', 'state', 'web'])
  expect(await api.metric('watch_letters_audit_ok')).toBe(1)
}

/** Every channel is heard, every kind of trouble is seen, and garbage is counted. */
async function expectLivelyFleet(api: ServiceApi): Promise<void> {
  const terminals = await api.terminals()
  const fresh = terminals.filter(({ state }) => state === 'fresh')
  expect(fresh.length).toBeGreaterThan(terminals.length / 2)
  expect([...new Set(fresh.map(({ source }) => source))].sort()).toEqual(['flespi', 'gate', 'push'])
  const states = new Set(terminals.map(({ state }) => state))
  for (const state of ['stale', 'backlog', 'sleeping', 'no-fix', 'never', 'suspended'] as const) {
    expect(states).toContain(state)
  }
  expect(terminals.filter(({ discovered }) => discovered)).toHaveLength(2)
  for (const reason of ['not-json', 'bad-value', 'no-terminal']) {
    expect(await api.metric('watch_messages_rejected_total', `reason="${reason}"`)).toBeGreaterThan(0)
  }
}

async function fleetStates(api: ServiceApi): Promise<ReadonlySet<string>> {
  return new Set((await api.terminals()).map(({ state }) => state))
}

async function outageState(api: ServiceApi): Promise<string | undefined> {
  return (await api.outages())[0]?.state
}

/** Recipient and first line of the letters that the demo told of; those of one moment in order of the recipients. */
function caught(output: string): readonly (readonly string[])[] {
  const letters = [...output.matchAll(/letter to (\S+): .*\n +(.+)\n/g)].map(([, to = '', line = '']) => [
    to,
    line,
  ])
  const [warning = [], ...toRecipients] = letters
  const pairs = [0, 2, 4, 6].map((from) => toRecipients.slice(from, from + 2))
  return [warning, ...pairs.flatMap((pair) => pair.toSorted(([a = ''], [b = '']) => a.localeCompare(b)))]
}

/** The demo as people run it, with its folder inside `temp`. */
function startDemo(temp: string) {
  const child = spawn(process.execPath, [MAIN, 'demo'], {
    env: { PATH: process.env['PATH'], WATCH_ADMIN_TOKEN: TOKEN, TMPDIR: temp },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  let errors = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text
  })
  const closed = once(child, 'close').then(([status]): number | null => status)
  async function end(signal: NodeJS.Signals): Promise<number | null> {
    child.kill(signal)
    return closed
  }
  return {
    output: () => output,
    errors: () => errors,
    ended: () => child.exitCode !== null || child.signalCode !== null,
    end,
    async [Symbol.asyncDispose]() {
      await end('SIGKILL')
    },
  }
}
