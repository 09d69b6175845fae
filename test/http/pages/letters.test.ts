import { beforeEach, describe, expect, test } from 'vitest'
import { createMailBuilder } from '../../../src/adapters/smtp/build.ts'
import { createApp } from '../../../src/http/app.ts'
import {
  type AppWorld,
  appDeps,
  appOptions,
  BY_TOKEN,
  createWorld,
  NOW,
  outage,
} from '../../support/app-deps.ts'
import { newLetter } from '../../support/letters.ts'
import { words } from '../../support/page-words.ts'

const OUTAGE = '20260115T085500Z'

let world: AppWorld

beforeEach(() => {
  world = createWorld()
})

async function ask(path: string, form?: Record<string, string>): Promise<Response> {
  const app = createApp(appDeps(world), appOptions())
  const body = form && { method: 'POST', body: new URLSearchParams(form) }
  return app.request(path, { headers: BY_TOKEN, ...body })
}

const page = async (path: string): Promise<string> => (await ask(path)).text()

async function deadLetter(id: string): Promise<void> {
  const { outbox } = world.stores
  await outbox.add([newLetter({ id, subject: OUTAGE, recipient: `${id}@example.org`, dueAt: NOW })])
  await outbox.claim(NOW, 10)
  const attempt = { at: NOW, result: 'dead', reply: '550 5.1.1 unknown' }
  await outbox.settle(id, { state: 'dead', nextAt: null, sentAt: null, bodyHandedOver: false, attempt })
}

describe('the list', () => {
  test('shows undeliverable letters first, and what the auditor found', async () => {
    await deadLetter('dead')
    await world.stores.outbox.add([newLetter({ id: 'b', subject: OUTAGE, kind: 'update', sequence: 2 })])
    world.findings = ['no letter for <b>']
    const text = await page('/letters')
    expect(words(text)).toContain('Проверка писем нашла no letter for &lt;b&gt;')
    expect(words(text)).toContain('Не доставлены: 1')
    expect(words(text)).toContain('обновление 2')
    expect(text.indexOf('action="/letters/dead/requeue"')).toBeLessThan(text.indexOf('href="/letters/b"'))
    expect(text).toContain(`<a href="/outages/${OUTAGE}">`)
  })

  test.each([
    ['digest-agro-12', 'сводка'],
    ['note-agro-12', 'извещение'],
    ['incident-74dc5e6cef8e0b82', 'массовое молчание'],
    ['notices-20260115', 'операторам'],
  ])('says of a letter with the subject %s that it is: %s', async (subject, name) => {
    await world.stores.outbox.add([newLetter({ id: 'a', subject, kind: 'operator' })])
    expect(words(await page('/letters'))).toContain(`${name} ${subject}`)
    expect(words(await page('/letters/a'))).toContain(name)
  })

  test('is filtered and keeps the filters', async () => {
    await deadLetter('dead')
    await world.stores.outbox.add([newLetter({ id: 'b', subject: OUTAGE, kind: 'update' })])
    const text = await page(`/letters?kind=update&state=&outage=${OUTAGE}`)
    expect(text).toContain('href="/letters/b"')
    expect(text).not.toContain('href="/letters/dead"')
    expect(text).toContain('<option value="update" selected>')
    expect(text).toContain(`value="${OUTAGE}"`)
  })

  test('has pages', async () => {
    const letters = Array.from({ length: 101 }, (_, i) =>
      newLetter({ id: `l${i}`, recipient: `${i}@example.org` }),
    )
    await world.stores.outbox.add(letters)
    expect(await page('/letters?kind=initial')).toContain('href="/letters?kind=initial&amp;cursor=l1"')
    const second = await page('/letters?kind=initial&cursor=l1')
    expect(second).toContain('href="/letters/l0"')
    expect(second).toContain('href="/letters?kind=initial"')
  })

  test('with a filter or cursor that makes no sense still shows something', async () => {
    expect((await ask('/letters?state=lost')).status).toBe(200)
    expect((await ask('/letters?cursor=x')).headers.get('location')).toBe('/letters')
  })
})

describe('a letter', () => {
  test('tells of its attempts in the language of the page', async () => {
    await deadLetter('a')
    await ask('/letters/a/requeue', { method: 'POST' })
    const text = words(await page('/letters/a'))
    expect(text).toContain('не доставлено 550 5.1.1 unknown')
    expect(text).toContain('возвращено в очередь')
    expect(text).not.toMatch(/dead|requeued/)
  })

  test('shows state, attempts, text and headers of its bytes', async () => {
    const mime = await createMailBuilder({}).build({
      from: 'Omnicomm <watch@example.org>',
      to: 'anna@example.org',
      subject: 'Сервис недоступен',
      text: 'Здравствуйте, <Анна>\n',
      html: '<p style="margin:0">Здравствуйте</p>',
      messageId: '<a@example.org>',
      date: NOW,
    })
    await world.stores.outbox.add([newLetter({ id: 'a', subject: OUTAGE, mime })])
    const text = await page('/letters/a')
    expect(text).toContain('Здравствуйте, &lt;Анна&gt;')
    expect(words(text)).toContain('subject Сервис недоступен')
    expect(words(text)).toContain('Попыток ещё не было.')
    expect(text).toContain('href="/api/v1/letters/a.eml"')
    const part = await ask('/letters/a/html')
    expect(await part.text()).toContain('<p style="margin:0">Здравствуйте</p>')
    expect(part.headers.get('content-security-policy')).toMatch(/; sandbox$/)
  })

  test('is queued again with a button and leads back to where the button was', async () => {
    await deadLetter('a')
    expect(await page('/letters/a')).toContain('name="back" value="letter"')
    const response = await ask('/letters/a/requeue', { back: 'letter' })
    expect(response.headers.get('location')).toBe('/letters/a?done=requeued')
    expect(words(await page('/letters/a?done=requeued'))).toContain('Письмо возвращено в очередь.')
    const again = await ask('/letters/a/requeue', { back: 'list' })
    expect(again.status).toBe(409)
    expect(await again.text()).toContain('role="alert"')
  })

  test('that does not exist is 404, as is an HTML part that there is not', async () => {
    await world.stores.outbox.add([newLetter({ id: 'a' })])
    expect((await ask('/letters/x')).status).toBe(404)
    expect((await ask('/letters/a/html')).status).toBe(404)
    expect((await ask('/letters/x/requeue', {})).status).toBe(404)
  })
})

describe('a preview', () => {
  test('shows the letter as text with ways to the other kinds and the other language', async () => {
    world.outages = [outage({ id: OUTAGE })]
    world.preview = { subject: 'S <i>', text: 'Text <b>\n', html: '' }
    const text = await page(`/letters/preview?kind=update&language=en&outage=${OUTAGE}`)
    expect(text).toContain('S &lt;i&gt; update en')
    expect(text).toContain('Text &lt;b&gt;')
    expect(text).toContain(`href="/letters/preview?kind=recovery&amp;language=en&amp;outage=${OUTAGE}"`)
    expect(text).toContain(`href="/letters/preview?kind=update&amp;language=ru&amp;outage=${OUTAGE}"`)
  })

  test.each(['digest', 'note', 'incident', 'incident-over'])(
    'of the kind %s is about no outage',
    async (kind) => {
      world.outages = [outage({ id: OUTAGE })]
      const text = await page(`/letters/preview?kind=${kind}&language=en&outage=${OUTAGE}`)
      expect(text).toContain(`${kind} en`)
      expect(text).toContain('aria-current="true"')
      expect(text).not.toContain(`<p class="muted">По сбою`)
      expect(await page('/letters')).toContain(`href="/letters/preview?kind=${kind}&amp;language=ru"`)
    },
  )

  test('is in the language of the reader unless another is asked for', async () => {
    expect(await page('/letters/preview?kind=initial')).toContain('initial ru')
    expect(await page('/letters/preview?kind=initial&lang=en')).toContain('initial en')
  })

  test.each(['?kind=love', '?kind=initial&outage=x'])('of %j is 404', async (query) => {
    expect((await ask(`/letters/preview${query}`)).status).toBe(404)
  })
})
