import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { effectiveYaml } from '../../src/config/effective.ts'
import { configJsonSchema } from '../../src/config/json-schema.ts'
import { parseConfig } from '../../src/config/load.ts'
import { configSchema } from '../../src/config/schema.ts'

const folder = new URL('../../config/', import.meta.url)
const EXAMPLE_ENV = {
  BROKER_PASSWORD: 'broker-secret',
  PLANT_PASSWORD: 'plant-secret',
  FLESPI_TOKEN: 'flespi-secret',
  PUSH_TOKEN: 'push-secret',
  ONLINE_PASSWORD: 'online-secret',
  SMTP_URL: 'smtp://watch:smtp-secret@mail.example.org:587',
}

test('the committed JSON Schema follows from the schema (npm run generate)', async () => {
  expect(await readFile(new URL('watch.schema.json', folder), 'utf8')).toBe(configJsonSchema())
})

test('the JSON Schema shows defaults and durations as people write them, and describes every key', () => {
  const schema = JSON.parse(configJsonSchema())
  expect(schema.properties.service.properties.interval).toMatchObject({ type: 'string', default: '60s' })
  expect(schema.properties.freshness.properties.default.properties.parked.default).toBe('6h30m')
  expect(schema.additionalProperties).toBe(false)
  expect(undescribed(schema, '')).toEqual([])
})

test('the example is valid, without warnings about itself, and names every top-level key', async () => {
  const text = await readFile(new URL('watch.example.yaml', folder), 'utf8')
  expect(text.split('\n')[0]).toBe('# yaml-language-server: $schema=./watch.schema.json')
  const loaded = parseConfig(text, EXAMPLE_ENV)
  expect(loaded).toMatchObject({ ok: true, warnings: [] })
  expect(Object.keys(parse(text))).toEqual(Object.keys(configSchema.shape))
})

test('the example without its environment names each missing variable', async () => {
  const text = await readFile(new URL('watch.example.yaml', folder), 'utf8')
  const loaded = parseConfig(text, {})
  const messages = loaded.ok ? [] : loaded.faults.map(({ message }) => message)
  for (const name of Object.keys(EXAMPLE_ENV)) {
    expect(messages).toContain(`environment variable ${name} is not set`)
  }
})

test('the effective configuration masks every secret of the example and reads back as itself', async () => {
  const text = await readFile(new URL('watch.example.yaml', folder), 'utf8')
  const loaded = parseConfig(text, EXAMPLE_ENV)
  if (!loaded.ok) throw new Error('the example is not valid')
  const printed = effectiveYaml(loaded.config)
  for (const secret of ['broker-secret', 'plant-secret', 'flespi-secret', 'push-secret', 'smtp-secret']) {
    expect(printed).not.toContain(secret)
  }
  expect(printed).toContain('gateway: "***"')
  const again = parseConfig(printed, {})
  if (!again.ok) throw new Error(JSON.stringify(again.faults))
  expect(again.config.freshness).toEqual(loaded.config.freshness)
  expect(again.config.service).toEqual(loaded.config.service)
  expect(effectiveYaml(again.config)).toBe(printed)
})

/** Paths of the keys without a description. */
function undescribed(schema: unknown, path: string): string[] {
  if (typeof schema !== 'object' || schema === null) return []
  const found =
    'properties' in schema && typeof schema.properties === 'object' ? { ...schema.properties } : {}
  const here = Object.entries(found).flatMap(([key, inner]) => {
    const named = typeof inner === 'object' && inner !== null && 'description' in inner
    return named
      ? undescribed(inner, `${path}.${key}`)
      : [`${path}.${key}`, ...undescribed(inner, `${path}.${key}`)]
  })
  const inside = ['items', 'additionalProperties', 'anyOf', 'oneOf'].flatMap((key) => {
    const inner: unknown = Reflect.get(schema, key)
    return Array.isArray(inner)
      ? inner.flatMap((one) => undescribed(one, `${path}/${key}`))
      : undescribed(inner, `${path}/${key}`)
  })
  return [...here, ...inside]
}
