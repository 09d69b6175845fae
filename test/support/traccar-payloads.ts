/** What Traccar forwards of a position, whole (reference/payloads.md 2). */
export const TRACCAR_POSITION = {
  position: {
    id: 0,
    deviceId: 17,
    protocol: 'omnicomm',
    serverTime: '2026-01-15T10:20:31.900+00:00',
    deviceTime: '2026-01-15T10:20:30.000+00:00',
    fixTime: '2026-01-15T10:20:30.000+00:00',
    valid: true,
    latitude: 56.25,
    longitude: 43.5,
    altitude: 150.0,
    speed: 22.68,
    course: 118.0,
    address: null,
    accuracy: 0.0,
    network: null,
    geofenceIds: null,
    attributes: {
      power: 24.3,
      batteryLevel: 90,
      ignition: true,
      rpm: 900,
      sat: 11,
      fuel1Temp: 12,
      fuel1: 2048,
      fuel1State: 2,
    },
  },
  device: {
    id: 17,
    name: 'Truck 12',
    uniqueId: '200000123',
    status: 'online',
    lastUpdate: '2026-01-15T10:20:01.000+00:00',
    positionId: 90417,
    groupId: 0,
    calendarId: 0,
    phone: null,
    model: null,
    contact: null,
    category: null,
    disabled: false,
    expirationTime: null,
    attributes: {},
  },
}

/** A status event (reference/payloads.md 2.1). */
export const TRACCAR_EVENT = {
  event: {
    id: 5012,
    attributes: { lastUpdate: 1_768_472_430_000 },
    deviceId: 17,
    type: 'deviceInactive',
    eventTime: '2026-01-15T11:30:00.000+00:00',
    positionId: 0,
    geofenceId: 0,
    maintenanceId: 0,
  },
  device: { id: 17, name: 'Truck 12', uniqueId: '200000123', status: 'offline' },
}

type Fields = Readonly<Record<string, unknown>>

/** The position with other fields and attributes, of a protocol about which nothing special is known. */
export function traccarPosition(fields: Fields = {}, attributes: Fields = {}): Fields {
  const { position, device } = TRACCAR_POSITION
  return {
    position: {
      ...position,
      protocol: 'gl200',
      ...fields,
      attributes: { ...position.attributes, ...attributes },
    },
    device,
  }
}
