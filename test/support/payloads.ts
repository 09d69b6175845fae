/** The one instant of all samples: 2026-01-15T10:20:30Z. */
export const SAMPLE_AT = 1_768_472_430_000

/** A flespi device message, whole. */
export const FLESPI_MESSAGE = {
  ident: '200000123',
  timestamp: 1_768_472_430.25,
  'server.timestamp': 1_768_472_431.9,
  'channel.id': 2001,
  'device.id': 100_001,
  'device.name': 'Truck 12',
  'device.type.id': 300,
  'protocol.id': 25,
  peer: '192.0.2.10:40112',
  'position.latitude': 56.25,
  'position.longitude': 43.5,
  'position.altitude': 150,
  'position.direction': 118,
  'position.speed': 42,
  'position.satellites': 11,
  'position.hdop': 0.9,
  'position.valid': true,
  'gsm.signal.level': 80,
  'external.powersource.voltage': 24.3,
  'battery.voltage': 3.9,
  'engine.ignition.status': true,
  'movement.status': true,
  'message.buffered.status': false,
}

/** What an open EGTS receiver writes. */
export const EGTS_JSON = {
  client: 200_000_123,
  packet_id: 1,
  navigation_unix_time: 1_768_472_430,
  received_unix_time: 1_768_472_432,
  latitude: 56.25,
  longitude: 43.5,
  speed: 42,
  pdop: 0,
  hdop: 0,
  vdop: 0,
  nsat: 11,
  ns: 0,
  course: 118,
  an_sensors: [{ sensor_number: 1, value: 512 }],
  liquid_sensors: null,
}

export const TELEGRAF_JSON = {
  name: 'gps',
  tags: { host: 'gw1', imei: '200000123' },
  fields: { lat: 56.25, lon: 43.5, speed: 42 },
  timestamp: 1_768_472_430,
}

/** The smallest useful message. */
export const GENERIC_JSON = { imei: '200000123', ts: SAMPLE_AT, lat: 56.25, lon: 43.5, speed: 42 }
