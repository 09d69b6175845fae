import { DatabaseSync } from 'node:sqlite'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createMailCatcher, type MailCatcher } from '../support/mail-catcher.ts'
import { EN, type OutageStage, RU, readMail, setOutageStage } from '../support/outage-stage.ts'
import { seededRandom } from '../support/seeded-random.ts'
import type { ServiceApi } from '../support/service-api.ts'
import { type Deployment, deployService } from '../support/service-process.ts'
import { until } from '../support/until.ts'

const KILLS = 12
/** After this kill the service stays dead for longer than any threshold. */
const LONG_DEATH = 6
const DEAD_MS = 8000
/** And then nobody speaks for longer than the grace, though not for as long as the threshold. */
const PAUSE_MS = 2500
const SHORTEST_LIFE_MS = 200
const LONGEST_LIFE_MS = 4000
/** After the last kill: the letter that is to be hit in its delivery comes within this time, on a slow machine too. */
const LETTER_WITHIN_MS = 60_000
/** An acknowledged message older than this is stored: the flush runs every second and takes a moment. */
const FLUSHED_WITHIN_MS = 2000
/** The mail server keeps a letter and answers late: a kill in between leaves the service not knowing. */
const ANSWER_AFTER_MS = 1000
const TALKERS = Array.from({ length: 20 }, (_, n) => String(220_000_000 + n))
const TOKEN = 'push-token'

test('SIGKILL at random moments loses no letter, doubles none with other bytes, and costs one flush', async () => {
  const random = seededRandom(20_261_123)
  const mail = await createMailCatcher({}, ANSWER_AFTER_MS)
  await using stage = await setOutageStage(mail)
  await using deployment = await deployService({
    ...stage.config,
    broker: { enabled: false },
    sources: [{ id: 'push', kind: 'http', token: TOKEN, interval: '500ms' }],
    freshness: { default: { moving: '5s' }, resumeGrace: '1s' },
  })
  const acknowledged: Acknowledged[] = []
  const script = playScript(stage)
  let name = await packPages(deployment)
  let hitDelivery = false
  for (let kill = 1; kill <= KILLS || (kill === KILLS + 1 && !hitDelivery); kill++) {
    const { api, end } = await deployment.start()
    await expectRegisters(api, acknowledged)
    await expectNames(api, name)
    if (kill === LONG_DEATH + 1) await delay(PAUSE_MS)
    const lifeMs = SHORTEST_LIFE_MS + random() * (LONGEST_LIFE_MS - SHORTEST_LIFE_MS)
    const lifeEnd = performance.now() + (kill <= KILLS ? lifeMs : LETTER_WITHIN_MS)
    // One of the kills is no accident: it hits a letter in its delivery.
    const mailsBefore = mail.mails.length
    const isDelivering = (): boolean => !hitDelivery && mail.mails.length > mailsBefore
    const isOver = (): boolean => performance.now() > lifeEnd || isDelivering()
    await talk(api, acknowledged, isOver)
    // The mail server answers soon: on a busy machine nothing else may come before the kill that is to hit a delivery.
    const hitsDelivery = isDelivering()
    if (!hitsDelivery) {
      name = `Truck of life ${kill}`
      await rename(api, name)
    }
    await end('SIGKILL')
    hitDelivery ||= hitsDelivery
    const killedAt = Date.now()
    for (const message of acknowledged) message.storedBy ??= killedAt - FLUSHED_WITHIN_MS
    if (kill === LONG_DEATH) await delay(DEAD_MS)
  }
  await script.finish()
  expect(hitDelivery).toBe(true)
  await expectAllLetters(deployment, mail, stage.watched)
  const { api } = await deployment.start()
  await expectNoFalseStale(api)
}, 240_000)

/** A message that the service acknowledged. `storedBy`: what was acknowledged before must outlive the kill after it. */
type Acknowledged = { readonly eventAt: number; readonly at: number; storedBy?: number }

/** Every terminal speaks ten times a second until it is over; what is not acknowledged does not count. */
async function talk(api: ServiceApi, acknowledged: Acknowledged[], isOver: () => boolean): Promise<void> {
  for (; !isOver(); await delay(100)) {
    const eventAt = Date.now()
    const body = TALKERS.map((ident) => JSON.stringify({ ident, ts: eventAt, speed: 42 })).join('\n')
    const answer = await api.push('push', TOKEN, body)
    expect(answer.status).toBe(202)
    acknowledged.push({ eventAt, at: Date.now() })
  }
}

async function expectRegisters(api: ServiceApi, acknowledged: readonly Acknowledged[]): Promise<void> {
  const stored = acknowledged.filter(({ at, storedBy = 0 }) => at < storedBy)
  const newest = Math.max(0, ...stored.map(({ eventAt }) => eventAt))
  if (newest === 0) return
  const terminals = await api.terminals()
  expect(terminals.map(({ id }) => id).sort()).toEqual(TALKERS)
  for (const { dataAt } of terminals) expect(Date.parse(dataAt ?? '')).toBeGreaterThanOrEqual(newest)
}

/** A clean stop packs the inventory into pages; from then on a page that is older than its rows would show. */
async function packPages(deployment: Deployment): Promise<string> {
  const { api, end } = await deployment.start()
  await rename(api, 'First name')
  expect(await end('SIGTERM')).toBe(0)
  return 'First name'
}

/** What the service answers to has to outlive everything. */
async function rename(api: ServiceApi, name: string): Promise<void> {
  const body = ['terminal_id,name', ...TALKERS.map((id) => `${id},${name}`)].join('\n')
  const answer = await api.request('/api/v1/terminals/import', { method: 'POST', body })
  expect(answer.status).toBe(200)
}

async function expectNames(api: ServiceApi, name: string): Promise<void> {
  expect(new Set((await api.terminals()).map((terminal) => terminal.name))).toEqual(new Set([name]))
}

/** The watched service fails and works in turns, whatever becomes of its watcher. */
function playScript({ watched }: OutageStage) {
  const ending = new AbortController()
  async function play(): Promise<void> {
    for (;;) {
      await delay(1500, undefined, { signal: ending.signal })
      await watched.refuse()
      await delay(7000, undefined, { signal: ending.signal })
      await watched.accept()
      await delay(5000, undefined, { signal: ending.signal })
    }
  }
  const played = play().catch(() => {})
  return {
    async finish(): Promise<void> {
      ending.abort()
      await played
      await watched.refuse()
    },
  }
}

async function expectAllLetters(
  deployment: Deployment,
  mail: MailCatcher,
  watched: OutageStage['watched'],
): Promise<void> {
  const last = await deployment.start()
  // On a slow machine the lives before may have been too short to see one that long.
  await until(async () => (await last.api.outages()).some(({ letterDueAt }) => letterDueAt !== null), 30_000)
  await watched.accept()
  await until(async () => (await last.api.outages()).every(({ state }) => state === 'closed'), 30_000)
  // A letter whose end nobody knows waits for 15 minutes; those after it wait behind it.
  await until(async () => (await last.api.letters()).every(isSettledOrWaits), 30_000)
  expect(await last.end('SIGTERM')).toBe(0)
  endWaiting(`${deployment.data}/watch.sqlite`)
  const next = await deployment.start()
  await until(async () => (await next.api.letters()).every(({ state }) => FINAL.includes(state)), 30_000)
  await expectEveryDutyKept(next.api)
  await expectEveryCopyTheSame(next.api, mail)
  await next.end('SIGTERM')
}

const FINAL = ['sent', 'superseded']

type LetterRow = Awaited<ReturnType<ServiceApi['letters']>>[number]

function isSettledOrWaits(letter: LetterRow, _index: number, all: readonly LetterRow[]): boolean {
  if (FINAL.includes(letter.state) || letter.state === 'ambiguous') return true
  return all.some(
    ({ state, outageId, recipient }) =>
      state === 'ambiguous' && outageId === letter.outageId && recipient === letter.recipient,
  )
}

/** As if the 15 minutes had passed. */
function endWaiting(database: string): void {
  const db = new DatabaseSync(database)
  db.exec("UPDATE letters SET next_at = 1 WHERE state = 'ambiguous'")
  db.close()
}

async function expectEveryDutyKept(api: ServiceApi): Promise<void> {
  const outages = await api.outages()
  const due = outages.filter(({ letterDueAt }) => letterDueAt !== null)
  expect(due.length).toBeGreaterThan(0)
  const letters = await api.letters()
  for (const { id } of due) {
    for (const recipient of [RU, EN]) {
      const sent = letters.filter(
        (letter) => letter.outageId === id && letter.recipient === recipient && letter.state === 'sent',
      )
      const kinds = sent.flatMap(({ kind }) => (kind === 'update' ? [] : [kind])).sort()
      expect([['combined'], ['initial', 'recovery']]).toContainEqual(kinds)
    }
  }
  const notDue = outages.filter(({ letterDueAt }) => letterDueAt === null).map(({ id }) => id)
  expect(letters.filter(({ outageId }) => notDue.includes(outageId ?? ''))).toEqual([])
}

async function expectEveryCopyTheSame(api: ServiceApi, { mails }: MailCatcher): Promise<void> {
  const letters = new Map((await api.letters()).map((letter) => [letter.messageId, letter]))
  const copies = new Map<string, number>()
  for (const mail of mails) {
    const { messageId } = await readMail(mail)
    const letter = letters.get(messageId)
    expect(mail.to).toEqual([letter?.recipient])
    expect(mail.bytes.equals(await api.eml(letter?.id ?? ''))).toBe(true)
    copies.set(messageId, (copies.get(messageId) ?? 0) + 1)
  }
  const sent = [...letters.values()].filter(({ state }) => state === 'sent')
  expect(sent.filter(({ messageId }) => !copies.has(messageId))).toEqual([])
  expect(Math.max(...copies.values())).toBeGreaterThan(1)
}

async function expectNoFalseStale(api: ServiceApi): Promise<void> {
  for (const id of TALKERS) {
    const states = (await api.history(id)).map(({ to }) => to)
    expect(states).toContain('fresh')
    // Once the talking has ended the terminals are stale in earnest: that is the newest change.
    expect(states.slice(1)).not.toContain('stale')
    expect(states).not.toContain('lost')
  }
}
