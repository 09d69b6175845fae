import { connectAsync } from 'mqtt'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { crc8 } from '../../src/core/telemetry/crc8.ts'
import { egtsPacket, egtsRecord, positionData } from '../support/egts-bytes.ts'
import {
  archivePayload,
  bytesField,
  general,
  hexBytes,
  identFrame,
  navigation,
  numberField,
  OMNICOMM_EPOCH,
  OMNICOMM_FRAMES,
  signedField,
  terminalFrame,
  u32Bytes,
} from '../support/omnicomm.ts'
import { type Deployment, deployService, type ServiceProcess } from '../support/service-process.ts'
import { openTerminal, portOf } from '../support/terminal-socket.ts'
import { until } from '../support/until.ts'

const SOURCES = [
  { id: 'gate', kind: 'mqtt', url: 'mqtt://127.0.0.1:0', topics: ['wire/#'], format: 'omnicomm' },
  { id: 'direct', kind: 'omnicomm-tcp', port: 0 },
  { id: 'only', kind: 'omnicomm-tcp', port: 0, acknowledge: true },
  { id: 'ips', kind: 'wialon-ips', port: 0 },
  { id: 'relay', kind: 'egts', port: 0 },
  { id: 'traccar', kind: 'http', format: 'traccar', token: 'traccar-token' },
]

let deployment: Deployment
let service: ServiceProcess
beforeAll(async () => {
  deployment = await deployService({ sources: SOURCES, service: { components: [] } })
  service = await deployment.start()
})
afterAll(() => deployment[Symbol.asyncDispose]())

function omnicommNow(): number {
  return Math.floor((Date.now() - OMNICOMM_EPOCH) / 1000)
}

function dataFrame(command: number, recordId: number, time = omnicommNow()): Uint8Array {
  const record = [
    ...bytesField(1, [1]),
    ...general(numberField(1, time), numberField(4, 7), numberField(8, 276)),
    ...navigation(
      signedField(1, 562_500_000),
      signedField(2, 435_000_000),
      numberField(3, 420),
      numberField(4, 118),
      numberField(5, 11),
      signedField(6, 1500),
      numberField(7, time),
    ),
  ]
  return terminalFrame(command, archivePayload(recordId, time, [record]))
}

const state = async (id: string) => (await service.api.terminal(id))?.state

test('an Omnicomm terminal empties its archive, speaks now, and goes on where it was after a restart', async () => {
  {
    using terminal = await openTerminal(await portOf(service, 'direct'))
    terminal.send(hexBytes(OMNICOMM_FRAMES.ident))
    await until(() => terminal.received().toString('hex') === OMNICOMM_FRAMES.requestFrom0)
    terminal.send(hexBytes(OMNICOMM_FRAMES.archive))
    await until(async () => (await state('354002529')) === 'backlog')
    expect(await service.api.terminal('354002529')).toMatchObject({
      dataAt: '2019-09-16T12:05:54.000Z',
      source: 'direct',
      liveAt: null,
      discovered: true,
      readings: { firmware: { value: '308' }, ignition: { value: false }, satellites: { value: 4 } },
    })
    terminal.send(terminalFrame(0x86))
    terminal.send(dataFrame(0x95, 5326))
    await until(async () => (await state('354002529')) === 'fresh')
    expect((await service.api.terminal('354002529'))?.readings).toMatchObject({ voltage: { value: 27.6 } })
    // 0x87 is never sent: nothing but the request for the archive has come.
    expect(terminal.received().toString('hex')).toBe(OMNICOMM_FRAMES.requestFrom0)
  }
  expect(await service.end('SIGTERM')).toBe(0)
  service = await deployment.start()
  using terminal = await openTerminal(await portOf(service, 'direct'))
  terminal.send(identFrame(354_002_529, 308))
  await until(() => terminal.received().length >= 9)
  expect([...terminal.received().subarray(0, 8)]).toEqual([0xc0, 0x85, 4, 0, ...u32Bytes(5327)])
})

test('a terminal that asks for the time gets it; a wrong checksum ends its connection', async () => {
  using terminal = await openTerminal(await portOf(service, 'direct'))
  terminal.send(identFrame(354_002_530, 308))
  await until(() => terminal.received().length >= 9)
  terminal.send(hexBytes(OMNICOMM_FRAMES.clockRequest))
  await until(() => terminal.received().includes(0x94))
  const answer = terminal.received().subarray(terminal.received().lastIndexOf(0xc0))
  expect([...answer.subarray(0, 4)]).toEqual([0xc0, 0x94, 4, 0])
  terminal.send(hexBytes('c0123400000000'))
  expect(terminal.isClosed()).toBe(false)
  terminal.send(hexBytes('c08600004567'))
  await until(() => terminal.isClosed())
})

test('a server that is the only one acknowledges what is on the disk', async () => {
  using terminal = await openTerminal(await portOf(service, 'only'))
  terminal.send(identFrame(354_002_531, 308))
  await until(() => terminal.received().length >= 9)
  terminal.send(dataFrame(0x86, 7))
  await until(() => terminal.received().includes(0x87))
  await service.end('SIGKILL')
  service = await deployment.start()
  expect(await service.api.terminal('354002531')).toMatchObject({ source: 'only', discovered: true })
  using again = await openTerminal(await portOf(service, 'only'))
  again.send(identFrame(354_002_531, 308))
  await until(() => again.received().includes(0x85))
  const request = again.received().subarray(again.received().lastIndexOf(0xc0))
  expect([...request.subarray(0, 8)]).toEqual([0xc0, 0x85, 4, 0, ...u32Bytes(8)])
})

test('the same frames come by MQTT, raw and as hex, and name their terminal or leave it to the topic', async () => {
  const client = await connectAsync(`mqtt://127.0.0.1:${service.brokerPort}`, { protocolVersion: 4 })
  await until(async () => (await service.api.metric('watch_source_blind', 'source="gate"')) === 0)
  await client.publishAsync('wire/354002532', Buffer.from(dataFrame(0x95, 1)), { qos: 1 })
  const named = Buffer.concat([identFrame(354_002_533, 308), dataFrame(0x95, 1)]).toString('hex')
  await client.publishAsync('wire/gateway', named, { qos: 1 })
  for (const id of ['354002532', '354002533']) await until(async () => (await state(id)) === 'fresh')
  await client.endAsync()
  expect(await service.api.terminal('gateway')).toBeUndefined()
})

test('Wialon IPS is answered line by line', async () => {
  using terminal = await openTerminal(await portOf(service, 'ips'))
  terminal.send('#L#860000000000007;NA\r\n')
  await until(() => terminal.received().toString() === '#AL#1\r\n')
  const now = new Date().toISOString()
  const date = `${now.slice(8, 10)}${now.slice(5, 7)}${now.slice(2, 4)}`
  const time = now.slice(11, 19).replaceAll(':', '')
  terminal.send(`#SD#${date};${time};5615.0000;N;04330.0000;E;42;118;150;11\r\n#P#\r\n`)
  await until(() => terminal.received().toString().endsWith('#AP#\r\n'))
  expect(terminal.received().toString()).toBe('#AL#1\r\n#ASD#1\r\n#AP#\r\n')
  await until(async () => (await state('860000000000007')) === 'fresh')
})

test('EGTS is answered packet by packet, with the record of each object', async () => {
  using relay = await openTerminal(await portOf(service, 'relay'))
  const time = Math.floor(Date.now() / 1000) - 1_262_304_000
  const records = [210_000_001, 210_000_002].map((objectId, number) =>
    egtsRecord({ number, objectId }, positionData({ time })),
  )
  relay.send(egtsPacket({ packetId: 77, body: Buffer.concat(records) }))
  await until(() => relay.received().length > 11)
  const answer = relay.received()
  expect([answer[0], answer[9], answer[10]]).toEqual([1, 0, crc8(answer, 0, 10)])
  expect([...answer.subarray(11, 14)]).toEqual([77, 0, 0])
  for (const id of ['210000001', '210000002']) await until(async () => (await state(id)) === 'fresh')
  expect((await service.api.terminal('210000002'))?.dataAt).toBe(
    new Date((time + 1_262_304_000) * 1000).toISOString(),
  )
})

test('Traccar forwards positions and events', async () => {
  const now = new Date().toISOString().replace('Z', '+00:00')
  const device = { id: 17, name: 'Truck', uniqueId: '220000001', status: 'online' }
  const position = {
    protocol: 'teltonika',
    serverTime: now,
    deviceTime: now,
    fixTime: now,
    valid: true,
    latitude: 56.25,
    longitude: 43.5,
    speed: 22.68,
    attributes: { power: 24.3, ignition: true, sat: 11 },
  }
  const answer = await service.api.push('traccar', 'traccar-token', JSON.stringify({ position, device }))
  expect([answer.status, await answer.json()]).toEqual([202, { accepted: 1, rejected: [] }])
  await until(async () => (await state('220000001')) === 'fresh')
  expect((await service.api.terminal('220000001'))?.readings).toMatchObject({ speedKmh: { value: 42 } })
  const event = { type: 'deviceOffline', eventTime: now, deviceId: 17 }
  const second = await service.api.push('traccar', 'traccar-token', JSON.stringify({ event, device }))
  expect(second.status).toBe(202)
  expect(await state('220000001')).toBe('fresh')
})
