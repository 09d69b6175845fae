import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { readFirmwareFile } from '../../src/config/firmware-file.ts'

const SMART = {
  id: 'Smart 3.0',
  latest: 120,
  criticalMin: 100,
  broken: [115],
  released: '2026-01-15',
  note: 'TNL 1',
}

describe('a firmware catalogue in a file', () => {
  test.each([
    [
      'YAML',
      '- {model: Smart 3.0, latest: 120, critical_min: 100, broken: [115], released: 2026-01-15, note: TNL 1}',
    ],
    [
      'JSON',
      '[{"model":"Smart 3.0","latest":120,"critical_min":100,"broken":[115],"released":"2026-01-15","note":"TNL 1"}]',
    ],
    [
      'CSV',
      '\ufeffmodel,latest,critical_min,broken,released,note\r\nSmart 3.0,120,100,115,2026-01-15,TNL 1\r\n',
    ],
    [
      'CSV of a spreadsheet',
      'model;latest;critical_min;broken;released;note\nSmart 3.0;120;100;"115";2026-01-15;TNL 1',
    ],
  ])('is read from %s', (_, text) => {
    expect(readFirmwareFile(text)).toEqual({ models: [SMART], faults: [] })
  })

  test('that is long is read from JSON and CSV, and refused as YAML, which takes too long to read', () => {
    const entry = { model: 'Smart 3.0', latest: 120, note: 'n'.repeat(90) }
    const models = Array.from({ length: 900 }, (_, n) => ({ ...entry, model: `Smart ${n}` }))
    expect(readFirmwareFile(JSON.stringify(models)).models).toHaveLength(900)
    const lines = models.map(({ model, latest, note }) => `${model},${latest},${note}`)
    expect(readFirmwareFile(`model,latest,note\n${lines.join('\n')}`).models).toHaveLength(900)
    const keys = Array.from({ length: 9000 }, (_, n) => `k${n}: 1`).join(', ')
    expect(readFirmwareFile(`- {${keys}}`)).toEqual({
      models: [],
      faults: [{ path: '', message: 'is longer than 64 KiB, which only JSON and CSV may be' }],
    })
  })

  test('as the example of the program has it is free of faults', () => {
    const { models, faults } = readFirmwareFile(readFileSync('config/firmware.example.yaml', 'utf8'))
    expect(faults).toEqual([])
    expect(models.map(({ id }) => id)).toEqual(['Smart 3.0', 'Profi 2.0'])
  })

  test.each([
    ['nothing', '', 'list'],
    ['a map', 'model: x', 'list'],
    ['broken YAML', '- {', 'line 1'],
    ['a wrong number', '- {model: x, latest: new}', 'entry 1 latest'],
    ['a wrong line of CSV', 'model,latest\nx,1\ny,', 'line 3 latest'],
    ['an unknown column', 'model,latest,color\nx,1,red', 'line 2 color'],
    [
      'an alias bomb',
      `a: &a [1,1,1,1,1,1,1,1,1,1]\nb: &b [${'*a,'.repeat(20)}]\nc: [${'*b,'.repeat(20)}]`,
      '',
    ],
  ])('with %s is refused as a whole', (_, text, place) => {
    const { models, faults } = readFirmwareFile(text)
    expect(models).toEqual([])
    expect(faults.map(({ path, message }) => `${path} ${message}`).join('\n')).toContain(place)
  })
})
