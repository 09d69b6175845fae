import { beforeEach, describe, expect, test } from 'vitest'
import { causeView } from '../../../src/core/freshness/diagnosis/cause-view.ts'
import { MINUTE } from '../../../src/core/time.ts'
import { createApp } from '../../../src/http/app.ts'
import {
  type AppWorld,
  appDeps,
  appOptions,
  BY_TOKEN,
  createWorld,
  incident,
  member,
  NOW,
  terminal,
} from '../../support/app-deps.ts'
import { words } from '../../support/page-words.ts'

const EVIL = `<script>alert(1)</script>"'><img src=x onerror=alert(2)>`

let world: AppWorld

beforeEach(() => {
  world = createWorld()
})

async function page(path: string, status = 200): Promise<string> {
  const app = createApp(appDeps(world), appOptions())
  const response = await app.request(path, { headers: BY_TOKEN })
  expect(response.status).toBe(status)
  return response.text()
}

describe('the start page', () => {
  test('says of an open incident how many are silent, since when, why, and that each of them needs nothing', async () => {
    world.incidents = [incident({ id: 'i', group: 'МТС' })]
    const html = await page('/')
    const text = words(html)
    expect(text).toContain('Массовое молчание: оператор связи «МТС»')
    expect(text).toContain('Замолчали 37 из 41 терминала с 12:35 ; сейчас молчат: 30.')
    expect(text).toContain('По отдельным терминалам делать ничего не нужно.')
    expect(text).toContain('Вероятная причина: сбой в сети оператора связи или у его SIM-карт.')
    expect(html).toContain('href="/incidents/i"')
    expect(words(await page('/?lang=en'))).toContain('37 of 41 terminals fell silent since 12:35')
  })

  test('does not say "of" when more fell silent than were expected to talk', async () => {
    world.incidents = [incident({ id: 'i', expected: 10, members: 12 })]
    expect(words(await page('/'))).toContain('Замолчали 12 терминалов с')
  })

  test.each([
    [1, 1, 'Замолчал 1 из 1 терминала'],
    [1, 0, 'Замолчал 1 терминал с'],
    [21, 41, 'Замолчал 21 из 41 терминала'],
    [22, 42, 'Замолчали 22 из 42 терминалов'],
  ])('tells %i of %i in a verb that fits', async (members, expected, text) => {
    world.incidents = [incident({ id: 'i', expected, members })]
    expect(words(await page('/'))).toContain(text)
  })

  test('shows the newest three incidents, and how many more there are', async () => {
    world.incidents = ['a', 'b', 'c', 'd', 'e'].map((id) => incident({ id, group: `G-${id}` }))
    const html = await page('/')
    expect(html).toContain('G-c')
    expect(html).not.toContain('G-d')
    expect(html).toContain('<a href="/incidents">Ещё 2 инцидента</a>')
  })

  test('leaves the banners out above a list of terminals, which link to their incidents', async () => {
    world.incidents = ['a', 'b'].map((id) => incident({ id }))
    const html = await page('/?all=1')
    expect(html).toContain('<a href="/incidents">Сейчас 2 инцидента массового молчания</a>')
    expect(words(html)).not.toContain('Вероятная причина')
  })

  test('says nothing of those that are over', async () => {
    world.incidents = [incident({ id: 'i', closedAt: NOW })]
    expect(words(await page('/'))).not.toContain('Массовое молчание')
    expect(words(await page('/?all=1'))).not.toContain('молчания')
  })
})

describe('the list of terminals', () => {
  test('links a silent terminal with the incident that explains it', async () => {
    const link = { id: 'i 1', dimension: 'firmware', group: '308' } as const
    world.terminals = [terminal({ id: '1', state: 'stale', incident: link }), terminal({ id: '2' })]
    const html = await page('/?all=1')
    expect(html).toContain('<a href="/incidents/i%201">версия прошивки «308»</a>')
    expect(html.match(/часть массового молчания/g)).toHaveLength(1)
  })
})

describe('the likely cause', () => {
  const cause = { code: 'power-cut', confidence: 'high', evidence: [{ kind: 'power-alarm' }] } as const

  test('stands beside a terminal that needs attention, with what to begin with; its page tells the rest', async () => {
    world.terminals = [terminal({ id: '1', state: 'stale', cause })]
    const text = words(await page('/?all=1'))
    const { text: why, nextStep, evidence } = causeView(cause, 'ru', { model: '' })
    expect(text).toContain(`${why} Что делать: ${nextStep.split('. ')[0]}. почти наверняка`)
    const unit = words(await page('/terminals/1'))
    for (const part of [why, nextStep, evidence[0]]) expect(unit).toContain(part)
    expect(words(await page('/?all=1&lang=en'))).toContain(causeView(cause, 'en', { model: '' }).text)
  })

  test('is left out where an incident says it, and where nothing is wrong', async () => {
    const incident = { id: 'i', dimension: 'operator', group: 'МТС' } as const
    world.terminals = [
      terminal({ id: '1', state: 'stale', cause, incident }),
      terminal({ id: '2', state: 'sleeping', cause }),
    ]
    expect(await page('/?all=1')).not.toContain('<details class="cause">')
  })
})

describe('the page of incidents', () => {
  test('has those that go on first, then those that are over', async () => {
    world.incidents = [
      incident({ id: 'over', group: 'Over', closedAt: NOW - MINUTE }),
      incident({ id: 'on', group: 'On' }),
    ]
    const html = await page('/incidents')
    expect(html).toContain('aria-current="page">Инциденты</a>')
    const text = words(html)
    expect(text.indexOf('«On»')).toBeLessThan(text.indexOf('«Over»'))
    expect(text).toContain('37 / 41 молчат: 30')
    expect(text).toContain('продолжается 25 мин')
    expect(html).toContain('href="/incidents/over"')
  })

  test('says when there are none', async () => {
    const text = words(await page('/incidents'))
    expect(text).toContain('Сейчас массового молчания нет.')
    expect(text).toContain('Раньше массового молчания не было.')
  })

  test('shows the past in pages and leads back from a place that is none', async () => {
    world.incidents = Array.from({ length: 51 }, (_, n) => incident({ id: `i${n}`, closedAt: NOW }))
    expect(await page('/incidents')).toContain('href="/incidents?cursor=i49"')
    const last = await page('/incidents?cursor=i49')
    expect(last).toContain('href="/incidents/i50"')
    expect(last).not.toContain('rel="next"')
    await page('/incidents?cursor=nobody', 303)
  })
})

describe('the page of an incident', () => {
  test('tells what is known, how it went, and which terminals are in it', async () => {
    world.incidents = [
      incident({
        id: 'i',
        dimension: 'region',
        group: 'Север',
        also: [{ dimension: 'operator', group: 'МТС' }],
        closedAt: NOW,
        silent: 2,
        timeline: [
          { at: NOW - 20 * MINUTE, kind: 'opened', silent: 30 },
          { at: NOW - 10 * MINUTE, kind: 'grew', silent: 37 },
          { at: NOW, kind: 'closed', silent: 2 },
        ],
      }),
    ]
    world.members = [member({ id: '7', name: 'КамАЗ', client: 'Агро' })]
    const html = await page('/incidents/i')
    const text = words(html)
    expect(text).toContain('Массовое молчание: регион «Север»')
    expect(text).toContain('Совпадает с оператор связи «МТС»')
    expect(text).toContain('Что делать Ждите восстановления связи и питания в регионе.')
    expect(text).toContain('12:50:00 : стало больше, молчат: 37')
    expect(text).toContain('13:00:00 : закончилось, ещё молчат: 2')
    expect(text).toContain('КамАЗ 7 Агро')
    expect(html).toContain('href="/terminals/7"')
    expect(text).not.toContain('делать ничего не нужно')
  })

  test.each(['/incidents', '/incidents/i'])('lasted as long as its silence (%s)', async (path) => {
    world.incidents = [incident({ id: 'i', clearSince: NOW - 10 * MINUTE, closedAt: NOW })]
    const text = words(await page(path))
    expect(text).toMatch(/12:50(:00)? 15 мин/)
    expect(text).not.toContain('25 мин')
  })

  test('shows its terminals in pages', async () => {
    world.incidents = [incident({ id: 'i' })]
    world.members = Array.from({ length: 101 }, (_, n) => member({ id: `t-${n}` }))
    expect(await page('/incidents/i')).toContain('href="/incidents/i?cursor=t-99"')
    const last = await page('/incidents/i?cursor=t-99')
    expect(last).toContain('t-100')
    expect(last).not.toContain('rel="next"')
    await page('/incidents/i?cursor=nobody', 303)
  })

  test('that there is not is a page of its own', async () => {
    expect(words(await page('/incidents/nobody', 404))).toContain('Здесь ничего нет.')
  })
})

test.each(['/', '/?all=1', '/incidents', '/incidents/i'])('%s shows foreign names as text', async (path) => {
  const also = [{ dimension: 'client', group: EVIL } as const]
  world.incidents = [
    incident({ id: 'i', group: EVIL, also }),
    incident({ id: 'j', group: EVIL, closedAt: NOW }),
  ]
  world.members = [member({ id: EVIL, name: EVIL, client: EVIL })]
  const link = { id: EVIL, dimension: 'operator', group: EVIL } as const
  world.terminals = [terminal({ id: '1', state: 'stale', incident: link })]
  const html = await page(path)
  expect(html).toContain('&lt;script&gt;')
  expect(html).not.toContain('<script>')
  expect(html).not.toContain('<img')
})
