import { Hono } from 'hono'
import { describe, expect, test } from 'vitest'
import type { HttpEnv } from '../../../src/http/env.ts'
import { formOf, formText, formTexts } from '../../../src/http/pages/form.ts'

const MEBIBYTE = 1024 * 1024

const app = new Hono<HttpEnv>().post('/', async (c) => {
  const form = await formOf(c)
  const file = form['file']
  return c.json({ names: Object.keys(form).length, file: file instanceof File ? file.size : null })
})

async function sent(body: string | FormData | URLSearchParams): Promise<unknown> {
  return (await app.request('/', { method: 'POST', body })).json()
}

function upload(fields: number, fileSize: number): FormData {
  const form = new FormData()
  for (let n = 0; n < fields; n += 1) form.set(`f${n}`, 'x')
  form.set('file', new File(['-'.repeat(fileSize)], 'a.csv'))
  return form
}

const encoded = (fields: number): URLSearchParams =>
  new URLSearchParams(Array.from({ length: fields }, (_, n): [string, string] => [`f${n}`, 'x&--=']))

test('a form has its fields, and its file', async () => {
  expect(await sent(encoded(400))).toEqual({ names: 400, file: null })
  expect(await sent(upload(400, 3 * MEBIBYTE))).toEqual({ names: 401, file: 3 * MEBIBYTE })
})

test.each([
  ['more fields than any of ours', encoded(600)],
  ['more parts than any of ours', upload(600, 10)],
  ['a file where none can be', new URLSearchParams({ text: 'x'.repeat(MEBIBYTE) })],
  ['another type', 'a=1'],
])('with %s it is none', async (_name, body) => {
  expect(await sent(body)).toEqual({ names: 0, file: null })
})

describe('the type that a form is sent with', () => {
  const pairs = (count: number): string => Array.from({ length: count }, (_, n) => `f${n}=x`).join('&')
  const parts = (boundary: string, count: number): string =>
    `${Array.from(
      { length: count },
      (_, n) => `--${boundary}\r\nContent-Disposition: form-data; name="f${n}"\r\n\r\nx\r\n`,
    ).join('')}--${boundary}--\r\n`
  const names = async (type: string, body: string): Promise<number> => {
    const response = await app.request('/', { method: 'POST', headers: { 'content-type': type }, body })
    return ((await response.json()) as { names: number }).names
  }

  test.each([
    ['application/x-www-form-urlencoded; charset=UTF-8', pairs],
    ['application/x-www-form-urlencoded; boundary=x', pairs],
    ['Multipart/Form-Data; charset=utf-8; Boundary=a', (count: number) => parts('a', count)],
    ['multipart/form-data; xboundary=z; boundary=a', (count: number) => parts('a', count)],
    ['multipart/form-data; boundary=a; boundary=z', (count: number) => parts('a', count)],
    [String.raw`multipart/form-data; boundary="a\b"`, (count: number) => parts('ab', count)],
    ['multipart/form-data; boundary="a b"', (count: number) => parts('a b', count)],
  ])('%s does not change how many fields there may be', async (type, body) => {
    expect(await names(type, body(3))).toBe(3)
    expect(await names(type, body(600))).toBe(0)
  })

  test.each([
    'multipart/form-data; boundary=z, multipart/form-data; boundary=a',
    'application/x-www-form-urlencoded; q=z, multipart/form-data; boundary=a',
    'multipart/form-data',
    'multipart/form-data; boundary=""',
    'text/plain; boundary=a',
    'boundary=a',
  ])('%s makes nothing of many parts', async (type) => {
    expect(await names(type, parts('a', 600))).toBeLessThan(3)
  })
})

test('of a field that was sent several times all texts are there, and no single one', async () => {
  const read = new Hono<HttpEnv>().post('/', async (c) => {
    const form = await formOf(c)
    return c.json({ id: formTexts(form, 'id'), one: formText(form, 'id'), other: formTexts(form, 'other') })
  })
  const ask = async (body: URLSearchParams) => (await read.request('/', { method: 'POST', body })).json()
  const several = new URLSearchParams([
    ['id', '1'],
    ['id', ''],
    ['id', '2'],
  ])
  expect(await ask(several)).toEqual({ id: ['1', '2'], one: '', other: [] })
  expect(await ask(new URLSearchParams({ id: '7' }))).toEqual({ id: ['7'], one: '7', other: [] })
})
