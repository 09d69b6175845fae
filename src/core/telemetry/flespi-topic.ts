/** What a flespi topic is for. */
export type FlespiPlace =
  | { readonly kind: 'message' }
  /** The stored value of one parameter. */
  | { readonly kind: 'telemetry'; readonly deviceId: string; readonly parameter: string }
  | { readonly kind: 'connected'; readonly deviceId: string }
  /** `deviceId`: of a log of a device, not of a channel. */
  | { readonly kind: 'log'; readonly event: string; readonly deviceId: string | undefined }
  /** Other state topics. */
  | { readonly kind: 'other' }

const MESSAGE: FlespiPlace = { kind: 'message' }
const OTHER: FlespiPlace = { kind: 'other' }

/** Reads a topic; everything but `flespi/state/` and `flespi/log/` brings messages, as a road without topics does. */
export function flespiPlace(topic: string | undefined): FlespiPlace {
  if (topic?.startsWith('flespi/state/')) return statePlace(topic)
  return topic?.startsWith('flespi/log/') ? logPlace(topic) : MESSAGE
}

/** `flespi/state/gw/devices/ID/connected` and `flespi/state/gw/devices/ID/telemetry/PARAMETER`. */
function statePlace(topic: string): FlespiPlace {
  const [, , api, origin, deviceId, property, parameter, ...more] = topic.split('/')
  if (api !== 'gw' || origin !== 'devices' || !deviceId || more.length > 0) return OTHER
  if (property === 'telemetry' && parameter) return { kind: 'telemetry', deviceId, parameter }
  return property === 'connected' && parameter === undefined ? { kind: 'connected', deviceId } : OTHER
}

/** `flespi/log/API/ORIGIN.../EVENT`. */
function logPlace(topic: string): FlespiPlace {
  const [, , api, origin, id, ...more] = topic.split('/')
  const isOfDevice = api === 'gw' && origin === 'devices' && more.length > 0
  return {
    kind: 'log',
    event: topic.slice(topic.lastIndexOf('/') + 1),
    deviceId: isOfDevice ? id : undefined,
  }
}
