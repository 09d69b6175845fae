import { describe, expect, test } from 'vitest'
import { clientOptions, type MqttSourceOptions, planLink } from '../../../src/adapters/mqtt/options.ts'

const plain: MqttSourceOptions = { id: 'gate', url: 'mqtt://host', topics: ['fleet/#'], qos: 1 }

describe('MQTT source options', () => {
  test.each([
    ['mqtt://host', { scheme: 'mqtt', host: 'host', port: 1883 }],
    ['mqtts://host', { scheme: 'mqtts', host: 'host', port: 8883 }],
    ['ws://host/mqtt?a=1', { scheme: 'ws', host: 'host', port: 80, path: '/mqtt?a=1' }],
    ['wss://host:9001', { scheme: 'wss', port: 9001 }],
    ['mqtt://[::1]:1884', { host: '::1', port: 1884 }],
    ['ws://[::1]:1884', { host: '[::1]', port: 1884 }],
    ['mqtts://user:secret@host', { label: 'mqtts://host:8883' }],
  ])('%s is read', (url, endpoint) => {
    expect(planLink({ ...plain, url }).endpoint).toMatchObject(endpoint)
  })

  test.each([
    ['no topic', { topics: [] }, /topics/],
    ['an empty filter', { topics: [''] }, /topic filter/],
    ['# before the end', { topics: ['a/#/b'] }, /topic filter/],
    ['a wildcard inside a level', { topics: ['a+/b'] }, /topic filter/],
    ['a filter longer than 1024', { topics: ['a'.repeat(1025)] }, /topic filter/],
    ['a scheme of another protocol', { url: 'http://host' }, /mqtt:\/\//],
    ['no URL at all', { url: 'host:1883' }, /url/],
    ['a wildcard in the shared group', { sharedGroup: 'a/b' }, /sharedGroup/],
  ])('%s is refused by name', (_name, change, message) => {
    expect(() => planLink({ ...plain, ...change })).toThrow(message)
  })

  test('by default the session is kept for an hour under a fixed client id', () => {
    expect(clientOptions(planLink(plain), 5)).toMatchObject({
      clientId: 'omnicomm-watch-gate',
      clean: false,
      keepalive: 60,
      properties: { sessionExpiryInterval: 3600, receiveMaximum: 1000 },
      reconnectPeriod: 0,
      queueQoSZero: false,
    })
  })

  test('a shared group stores no session, so that an absent member strands nothing', () => {
    const plan = planLink({ ...plain, sharedGroup: 'watch', sessionExpirySeconds: 3600 })
    expect(plan.filters).toEqual(['$share/watch/fleet/#'])
    expect(clientOptions(plan, 5)).toMatchObject({ clean: true, properties: { sessionExpiryInterval: 0 } })
    expect(clientOptions(plan, 4)).toMatchObject({ clean: true })
  })

  test('under 3.1.1 no MQTT 5 properties are sent', () => {
    expect(clientOptions(planLink(plain), 4)).not.toHaveProperty('properties')
  })

  test('the user of the URL serves where none is set, and may hold escapes', () => {
    expect(planLink({ ...plain, url: 'mqtt://u%40x:p%3A@host' })).toMatchObject({
      username: 'u@x',
      password: 'p:',
    })
    expect(planLink({ ...plain, url: 'mqtt://u:p@host', username: 'v' }).username).toBe('v')
  })

  test('QoS 2 is asked for as 1', () => {
    expect(planLink({ ...plain, qos: 2 }).qos).toBe(1)
  })
})
