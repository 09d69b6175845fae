import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { startScript } from '../support/child-script.ts'
import { type CaughtMail, createMailCatcher } from '../support/mail-catcher.ts'
import { setOutageStage } from '../support/outage-stage.ts'
import { deployService } from '../support/service-process.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { until } from '../support/until.ts'
import { atMost, type Figure, round } from './figure.ts'

const RECIPIENTS = 1000
const INTERVAL_MS = 2000
/** Between two points of the grid, so that the deadline probe is not taken for a round. */
const NOTICE_AFTER_MS = 7000
const FIRST_WITHIN_S = 5
const ALL_WITHIN_S = 60
const LATE_BY_S = 1
/** Rounds are looked at until so long after the last letter. */
const AFTERWARDS_MS = 3 * INTERVAL_MS

/**
 * An outage with 1,000 recipients: from the instant at which the downtime crosses the notice time to the first and to
 * the last letter in the mail server, beside a bare loop that sends the same messages over as many connections; and how
 * late the rounds of probes were meanwhile.
 */
export async function measureFlood(): Promise<Record<string, Figure>> {
  const connections = countConnections()
  const mail = await createMailCatcher(connections.options)
  await using stage = await setOutageStage(mail)
  const { service, letters } = stage.config as StageConfig
  await using deployment = await deployService({
    ...stage.config,
    service: { ...service, interval: `${INTERVAL_MS}ms`, noticeAfter: `${NOTICE_AFTER_MS}ms` },
    letters: { ...letters, updateEvery: '1h', recipients: recipients() },
  })
  const running = await deployment.start()
  await until(async () => (await running.api.service()).state === 'up', 10_000)
  await stage.watched.refuse()
  await until(() => mail.mails.length >= 1, 60_000, 'the first letter arrives')
  const firstAt = Date.now()
  await until(() => mail.mails.length >= RECIPIENTS, 300_000, 'all letters arrive')
  const lastAt = Date.now()
  const [outage] = await running.api.outages()
  const crossingAt = Date.parse(outage?.start ?? '') + NOTICE_AFTER_MS
  await until(() => Date.now() > lastAt + AFTERWARDS_MS, 2 * AFTERWARDS_MS)
  await running.end('SIGTERM')

  const all = (lastAt - crossingAt) / 1000
  const reference = (await sendBare(mail.mails.slice(0, RECIPIENTS), mail.port, connections.most())) / 1000
  const late = lateness(join(deployment.data, 'watch.sqlite'), crossingAt)
  return {
    firstLetter: atMost(FIRST_WITHIN_S, 's', [(firstAt - crossingAt) / 1000]),
    allLetters: {
      ...atMost(ALL_WITHIN_S, 's', [all]),
      reference: round(reference),
      ratio: round(reference / all),
    },
    connections: { value: connections.most(), unit: 'at a time' },
    roundsLate: atMost(LATE_BY_S, 's', late),
  }
}

type StageConfig = { readonly service: object; readonly letters: object }

function recipients(): readonly object[] {
  return Array.from({ length: RECIPIENTS }, (_, n) => ({
    email: `recipient-${n}@example.org`,
    name: `Получатель ${n}`,
    language: n % 2 === 0 ? 'ru' : 'en',
  }))
}

function countConnections() {
  let open = 0
  let most = 0
  return {
    most: () => most,
    options: {
      onConnect: (_session: unknown, done: () => void): void => {
        open += 1
        most = Math.max(most, open)
        done()
      },
      onClose: (): void => {
        open -= 1
      },
    },
  }
}

/** The same messages to the same server, from a process of its own; ms. */
async function sendBare(mails: readonly CaughtMail[], port: number, connections: number): Promise<number> {
  using folder = tempFolder()
  const file = folder.file('messages')
  const lines = mails.map(({ from, to, bytes }) =>
    JSON.stringify({ from, to, bytes: bytes.toString('base64') }),
  )
  await writeFile(file, lines.join('\n'))
  const args = [String(port), String(connections), file]
  await using mailer = startScript(new URL('./bare-mailer.ts', import.meta.url), args)
  await once(mailer.process, 'exit')
  const [startedAt = 0, endedAt = 0] = (mailer.lines[0] ?? '').split(' ').map(Number)
  if (endedAt === 0) throw new Error('the bare mailer did not send everything')
  return endedAt - startedAt
}

/** How much later than their points of the grid the rounds began, s. A skipped point waits for the next round. */
function lateness(database: string, crossingAt: number): readonly number[] {
  const db = new DatabaseSync(database, { readOnly: true })
  const rows = db.prepare("SELECT at FROM trace WHERE kind = 'round' ORDER BY number").all()
  db.close()
  const starts = rows.map((row) => Number(row['at']))
  const first = starts[0] ?? 0
  const late: number[] = []
  for (let point = first + INTERVAL_MS; point <= (starts.at(-1) ?? 0); point += INTERVAL_MS) {
    // The deadline probe stands beside the grid.
    const start = starts.find((at) => at >= point - EARLY_MS && Math.abs(at - crossingAt) > DEADLINE_MS)
    if (start !== undefined && point >= crossingAt - INTERVAL_MS) late.push(Math.max(0, start - point) / 1000)
  }
  if (late.length < 3) throw new Error('too few rounds were recorded while the letters were sent')
  return late
}

const EARLY_MS = 50
const DEADLINE_MS = 50
