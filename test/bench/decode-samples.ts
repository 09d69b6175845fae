import type { Decoder, Envelope, PayloadDecoder } from '../../src/core/telemetry/decoder.ts'
import { createEgtsSession } from '../../src/core/telemetry/egts-session.ts'
import { createFlespiDecoder } from '../../src/core/telemetry/flespi.ts'
import { createJsonDecoder } from '../../src/core/telemetry/json.ts'
import { createJsonPayloadDecoder } from '../../src/core/telemetry/json-payload.ts'
import type { Observation } from '../../src/core/telemetry/observation.ts'
import { createOmnicommPayloadDecoder } from '../../src/core/telemetry/omnicomm-payload.ts'
import { createOmnicommSession } from '../../src/core/telemetry/omnicomm-session.ts'
import type { Session } from '../../src/core/telemetry/session.ts'
import { createTraccarDecoder } from '../../src/core/telemetry/traccar.ts'
import { createWialonIpsSession } from '../../src/core/telemetry/wialon-ips-session.ts'
import { egtsPacket, egtsRecord, positionData, SAMPLE_NTM } from '../support/egts-bytes.ts'
import {
  archivePayload,
  bytesField,
  general,
  group,
  hexBytes,
  identFrame,
  navigation,
  numberField,
  OMNICOMM_EPOCH,
  OMNICOMM_FRAMES,
  signedField,
  terminalFrame,
} from '../support/omnicomm.ts'
import { FLESPI_MESSAGE, SAMPLE_AT } from '../support/payloads.ts'
import { TRACCAR_POSITION } from '../support/traccar-payloads.ts'
import { SHORT_RECORD, WIALON_DATA, WIALON_LOGIN, wialonBytes } from '../support/wialon-lines.ts'
import { sampleMessage } from './sample.ts'

/** Bytes that are decoded again and again, with what comes out of them. */
export type Sample = {
  /** Decodes it once and returns the observations. */
  readonly decode: () => readonly Observation[]
}

const envelope: Envelope = { source: 'bench', receivedAt: SAMPLE_AT + 1000, topic: 'fleet/200000123' }

/** Every format, by the road on which it comes most. */
export const SAMPLES: Readonly<Record<string, Sample>> = {
  omnicommTcp: session(omnicommSession(), omnicommFrame(10)),
  omnicommTcpSingle: session(omnicommSession(), omnicommFrame(1)),
  omnicommMqtt: payload(createOmnicommPayloadDecoder(), hexBytes(OMNICOMM_FRAMES.live)),
  wialonIps: session(
    opened(createWialonIpsSession({ source: 'bench' }), wialonBytes(WIALON_LOGIN)),
    wialonBytes(WIALON_DATA),
  ),
  wialonIpsBlackBox: session(
    opened(createWialonIpsSession({ source: 'bench' }), wialonBytes('#L#200000123;NA')),
    wialonBytes(`#B#${Array.from({ length: 20 }, () => SHORT_RECORD).join('|')}`),
  ),
  egts: session(createEgtsSession({ source: 'bench' }), egtsRelay(20)),
  flespi: json(createFlespiDecoder(), FLESPI_MESSAGE),
  traccar: json(createTraccarDecoder({ trustDeviceClock: true }), TRACCAR_POSITION),
  json: json(createJsonDecoder({ timezone: 'UTC' }), JSON.parse(sampleMessage(1, SAMPLE_AT))),
}

function session(open: Session, bytes: Uint8Array): Sample {
  return {
    decode: () =>
      open
        .receive(bytes, envelope.receivedAt)
        .flatMap((step) => (step.kind === 'observed' ? [step.observation] : [])),
  }
}

function opened(open: Session, greeting: Uint8Array): Session {
  open.receive(greeting, envelope.receivedAt)
  return open
}

function payload(decode: PayloadDecoder, bytes: Uint8Array): Sample {
  return {
    decode: () => decode(bytes, envelope).flatMap((one) => (one.kind === 'observed' ? one.observations : [])),
  }
}

/** From the text of the message on, as it comes from a broker. */
function json(decode: Decoder, message: unknown): Sample {
  return payload(createJsonPayloadDecoder(decode), new TextEncoder().encode(JSON.stringify(message)))
}

function omnicommSession(): Session {
  const options = { source: 'bench', acknowledge: false, counterOf: () => undefined, clock: () => null }
  return opened(createOmnicommSession(options), identFrame(200_000_123, 308))
}

/** Current data of a moving vehicle with two fuel sensors. */
function omnicommFrame(records: number): Uint8Array {
  const time = (SAMPLE_AT - OMNICOMM_EPOCH) / 1000
  const record = [
    ...bytesField(1, [1]),
    ...general(
      numberField(1, time),
      numberField(4, 7),
      numberField(8, 276),
      numberField(9, 90),
      numberField(18, 4),
    ),
    ...navigation(
      signedField(1, 562_500_000),
      signedField(2, 435_000_000),
      numberField(3, 420),
      numberField(4, 118),
      numberField(5, 11),
      signedField(6, 1500),
      numberField(7, time),
    ),
    ...group(8, signedField(1, 12), numberField(2, 2048), numberField(3, 2)),
  ]
  return terminalFrame(
    0x95,
    archivePayload(
      records,
      time,
      Array.from({ length: records }, () => record),
    ),
  )
}

function egtsRelay(records: number): Uint8Array {
  const body = Array.from({ length: records }, (_, n) =>
    egtsRecord({ number: n, objectId: 200_000_123 + n }, positionData({ time: SAMPLE_NTM })),
  )
  return egtsPacket({ body: Buffer.concat(body) })
}
