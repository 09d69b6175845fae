import { beforeEach, expect, test } from 'vitest'
import { DAY } from '../../../src/core/time.ts'
import { createApp } from '../../../src/http/app.ts'
import { type AppWorld, appDeps, appOptions, BY_TOKEN, createWorld, NOW } from '../../support/app-deps.ts'

let world: AppWorld
let ask: (query: string, headers?: Record<string, string>) => Promise<Response>

beforeEach(() => {
  world = createWorld()
  const figures = { ratio: 0.99956, coverage: 1, lower: 0.99956, upper: 1 }
  const unknown = { ratio: null, coverage: 0.5, lower: 0.4, upper: 0.9 }
  world.reports = [
    { from: NOW - DAY, to: NOW, ...figures, components: [{ id: '=web', ...unknown }] },
    { from: NOW - 2 * DAY, to: NOW - DAY, ...figures, components: [] },
  ]
  const app = createApp(appDeps(world), appOptions())
  ask = async (query, headers = {}) =>
    app.request(`/api/v1/reports/uptime${query}`, { headers: { ...BY_TOKEN, ...headers } })
})

test('reports are listed with every component, a page at a time', async () => {
  const first: unknown = await (await ask('?period=day&limit=1')).json()
  expect(first).toEqual({
    items: [
      {
        from: '2026-01-14T10:00:00.000Z',
        to: '2026-01-15T10:00:00.000Z',
        ratio: 0.99956,
        coverage: 1,
        lower: 0.99956,
        upper: 1,
        components: [{ id: '=web', ratio: null, coverage: 0.5, lower: 0.4, upper: 0.9 }],
      },
    ],
    next: '1',
    total: 2,
  })
  expect(await (await ask('?period=day&cursor=1')).json()).toMatchObject({ items: [{}], next: null })
})

test('reports as CSV have a line for the service and one for each component, without formulas', async () => {
  const expected = [
    '\uFEFFfrom,to,part,name,ratio,coverage,lower,upper',
    '2026-01-14T10:00:00.000Z,2026-01-15T10:00:00.000Z,service,Omnicomm Online,0.99956,1,0.99956,1',
    "2026-01-14T10:00:00.000Z,2026-01-15T10:00:00.000Z,component,'=web,,0.5,0.4,0.9",
    '2026-01-13T10:00:00.000Z,2026-01-14T10:00:00.000Z,service,Omnicomm Online,0.99956,1,0.99956,1',
    '',
  ].join('\r\n')
  for (const response of [
    await ask('?period=day', { Accept: 'text/csv' }),
    await ask('?format=csv&period=day'),
  ]) {
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="uptime-day.csv"')
    expect(Buffer.from(await response.arrayBuffer()).toString()).toBe(expected)
  }
})

test.each([
  ['', { period: 'month', from: NOW - 335 * DAY, to: NOW }],
  ['?period=week', { period: 'week', from: NOW - 77 * DAY, to: NOW }],
  ['?period=day&from=2026-01-01', { period: 'day', from: Date.UTC(2025, 11, 31, 21), to: NOW }],
  ['?period=day&to=2027-01-01', { period: 'day', from: NOW - 13 * DAY, to: NOW }],
])('the range of %j is understood', async (query, asked) => {
  expect((await ask(query)).status).toBe(200)
  expect(world.asked).toEqual([asked])
})

test.each([
  '?period=year',
  '?period=day&from=2020-01-01',
  '?from=2026-01-02&to=2026-01-01',
  '?from=2027-01-01',
  '?cursor=x',
  '?limit=0',
])('%s is 422', async (query) => {
  expect((await ask(query)).status).toBe(422)
})
