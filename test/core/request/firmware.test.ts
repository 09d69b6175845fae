import { describe, expect, test } from 'vitest'
import { firmwareNumber, firmwareStatus } from '../../../src/core/request/firmware.ts'
import { firmwareEntry } from '../../../src/core/request/firmware-entry.ts'
import { catalogueOf } from '../../../src/core/request/firmware-model.ts'

const catalogue = catalogueOf([
  { id: 'Smart 3.0', latest: 120, criticalMin: 100, broken: [90, 115, 125], released: '', note: '' },
])

describe('the status of a firmware', () => {
  test.each([
    ['120', 'green', undefined],
    ['FW=120', 'green', undefined],
    ['119', 'old', undefined],
    ['100', 'old', undefined],
    ['99', 'critical_old', undefined],
    ['115', 'broken', undefined],
    ['90', 'broken', undefined],
    ['125', 'broken', undefined],
    ['121', 'unknown', 'catalogue-old'],
    ['1.20', 'unknown', 'no-number'],
    ['', 'unknown', 'no-version'],
  ])('of version %j is %s', (version, status, reason) => {
    expect(firmwareStatus('smart  3.0 ', version, catalogue)).toMatchObject({
      status,
      ...(reason === undefined ? {} : { reason }),
      latest: 120,
    })
  })

  test('of a model that nobody knows is unknown, with the reason', () => {
    expect(firmwareStatus('OBD', '5', catalogue)).toEqual({ status: 'unknown', reason: 'not-in-catalogue' })
    expect(firmwareStatus('', '5', catalogue)).toEqual({ status: 'unknown', reason: 'no-model' })
  })

  test.each([
    ['120', 120],
    [' v120 ', 120],
    ['fw 0120', 120],
    ['FW: 7', 7],
    ['120b', undefined],
    ['1.20', undefined],
    ['-5', undefined],
    ['9999999999', undefined],
  ])('compares %j as %s', (text, number) => {
    expect(firmwareNumber(text)).toBe(number)
  })
})

describe('an entry of the catalogue', () => {
  const entry = { model: 'Smart 3.0', latest: 120, critical_min: 100, broken: [115] }

  test('is read from JSON, and from texts as CSV and forms write them', () => {
    const model = { id: 'Smart 3.0', latest: 120, criticalMin: 100, broken: [115], released: '', note: '' }
    expect(firmwareEntry(entry)).toEqual({ ok: true, model })
    const texts = {
      model: ' Smart 3.0',
      latest: '120',
      critical_min: '100',
      broken: '115',
      released: '',
      note: '',
    }
    expect(firmwareEntry(texts)).toEqual({ ok: true, model })
  })

  test.each([
    [{ ...entry, model: '' }, 'model'],
    [{ ...entry, model: 'a\nb' }, 'model'],
    [{ ...entry, latest: 1.5 }, 'latest'],
    [{ ...entry, latest: -1 }, 'latest'],
    [{ ...entry, critical_min: 121 }, 'critical_min'],
    [{ ...entry, broken: [120] }, 'broken'],
    [{ ...entry, broken: ['x'] }, 'broken'],
    [{ ...entry, released: '2026-13-01' }, 'released'],
    [{ ...entry, note: 'x'.repeat(501) }, 'note'],
    [{ ...entry, lates: 1 }, 'lates'],
    ['text', ''],
    [null, ''],
  ])('%j is refused at %s', (raw, path) => {
    const read = firmwareEntry(raw)
    expect(read.ok ? [] : read.faults.map((fault) => fault.path)).toEqual([path])
  })
})
