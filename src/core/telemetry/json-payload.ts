import { rejected } from './assemble.ts'
import { parsePayloadText } from './availability.ts'
import type { Decoder, PayloadDecoder } from './decoder.ts'
import { splitRecords } from './records.ts'

const utf8 = new TextDecoder()

/**
 * A decoder of parsed records as one of payloads: JSON text of one record, a list of them or a Telegraf batch, or the
 * bare word of an availability topic.
 */
export function createJsonPayloadDecoder(decode: Decoder): PayloadDecoder {
  return (payload, envelope) => {
    if (payload.length === 0) return []
    const text = utf8.decode(payload)
    const parsed = parsePayloadText(text)
    if (parsed === undefined) return [rejected('not-json', text)]
    return splitRecords(parsed).map((record) => decode(record, envelope))
  }
}
