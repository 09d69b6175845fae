import { expect, test } from 'vitest'
import {
  EN,
  INTERVAL_MS,
  mailsTo,
  NOTICE_AFTER_MS,
  RU,
  readMail,
  setOutageStage,
} from '../support/outage-stage.ts'
import { deployService } from '../support/service-process.ts'
import { until } from '../support/until.ts'

/** How late the round may be that finds a letter due, after the crossing: its interval and two seconds. */
const DUE_WITHIN_MS = INTERVAL_MS + 2000
/** And the first attempt to send the letter, after that. */
const ATTEMPT_WITHIN_MS = 2000

test('an outage is told in both languages when it is due and its end in the same thread', async () => {
  await using stage = await setOutageStage()
  await using deployment = await deployService(stage.config)
  const { api } = await deployment.start()
  await until(async () => (await api.service()).state === 'up', 10_000)

  await stage.watched.refuse()
  await until(async () => (await api.service()).state === 'down', 10_000)
  expect(stage.mail.mails).toHaveLength(0)
  await until(() => stage.mail.mails.length === 2, 20_000)
  const [open] = await api.outages()
  expect(open).toMatchObject({ state: 'open', failed: ['web'], intermittent: false, operatorAlarmAt: null })
  const crossingAt = Date.parse(open?.start ?? '') + NOTICE_AFTER_MS
  const dueAt = Date.parse(open?.letterDueAt ?? '')
  expect(dueAt).toBeGreaterThan(crossingAt)
  expect(dueAt - crossingAt).toBeLessThan(DUE_WITHIN_MS)
  const attempts = async () => (await api.letters()).flatMap((letter) => letter.attempts)
  // They are stored once the mail server has answered.
  await until(async () => (await attempts()).length === 2)
  for (const { at } of await attempts()) {
    const lateMs = Date.parse(at) - dueAt
    expect(lateMs).toBeGreaterThanOrEqual(0)
    expect(lateMs).toBeLessThan(ATTEMPT_WITHIN_MS)
  }

  await stage.watched.accept()
  await until(() => stage.mail.mails.length === 4, 20_000)
  expect(await api.service()).toMatchObject({ state: 'up' })
  const outage = await api.outage(open?.id ?? '')
  expect(outage).toMatchObject({ state: 'closed', start: open?.start, notBefore: open?.notBefore })
  expect(outage.downMs).toBeGreaterThan(NOTICE_AFTER_MS)
  expect(outage.letters.map(({ kind, recipient, state }) => `${kind} ${recipient} ${state}`).sort()).toEqual(
    [`initial ${RU} sent`, `initial ${EN} sent`, `recovery ${RU} sent`, `recovery ${EN} sent`].sort(),
  )
  await expectThread(stage, RU, [
    'Omnicomm Online: сервис недоступен.',
    'Omnicomm Online: работа сервиса восстановлена.',
  ])
  await expectThread(stage, EN, [
    'Omnicomm Online: the service is unavailable.',
    'Omnicomm Online: the service is available again.',
  ])
}, 90_000)

test('an outage shorter than the notice time sends nothing', async () => {
  await using stage = await setOutageStage()
  await using deployment = await deployService(stage.config)
  const { api } = await deployment.start()
  await until(async () => (await api.service()).state === 'up', 10_000)
  stage.watched.behave({ kind: 'answer', status: 503 })
  await until(async () => (await api.outages()).length === 1, 10_000)
  stage.watched.behave({ kind: 'answer', body: 'Welcome' })
  await until(async () => (await api.outages())[0]?.state === 'closed', 15_000)
  expect(await api.letters()).toEqual([])
  expect(stage.mail.mails).toEqual([])
}, 60_000)

test('the letter of an outage that ends before the mail server is back says both', async () => {
  await using stage = await setOutageStage()
  for (const address of [RU, EN]) stage.mail.refuse(address, 451, '4.3.2 Not now')
  await using deployment = await deployService(stage.config)
  const { api } = await deployment.start()
  await stage.watched.refuse()
  await until(async () => (await api.letters()).filter(({ state }) => state === 'retry').length === 2, 20_000)
  await stage.watched.accept()
  await until(async () => (await api.letters()).some(({ kind }) => kind === 'combined'), 20_000)
  const story = (await api.letters()).map(({ kind, recipient, state }) => `${kind} ${recipient} ${state}`)
  expect(story.filter((line) => line.startsWith('initial')).sort()).toEqual(
    [`initial ${RU} superseded`, `initial ${EN} superseded`].sort(),
  )
  expect(story.filter((line) => line.startsWith('combined'))).toHaveLength(2)
  expect(story.filter((line) => line.startsWith('recovery'))).toEqual([])
}, 60_000)

async function expectThread(
  { mail }: Awaited<ReturnType<typeof setOutageStage>>,
  address: string,
  [started, ended]: readonly [string, string],
): Promise<void> {
  const [first, second, ...more] = await Promise.all(mailsTo(mail, address).map(readMail))
  expect(more).toEqual([])
  expect(first?.text.split(/\r?\n/)[0]).toBe(started)
  expect(second?.text.split(/\r?\n/)[0]).toBe(ended)
  expect(first?.html).toContain(started)
  expect(first?.messageId).toMatch(/^<.+@.+>$/)
  expect(second?.inReplyTo).toBe(first?.messageId)
  expect(second?.header('references')).toBe(first?.messageId)
  expect(second?.subject).toBe(first?.subject)
  expect(first?.header('auto-submitted')).toBe('auto-generated')
}
