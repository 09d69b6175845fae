import { parseHex } from '../core/telemetry/hex.ts'
import type { Fix } from '../core/telemetry/observation.ts'
import type { Archive } from '../core/telemetry/omnicomm-archive.ts'
import { type Deframed, deframeWhole } from '../core/telemetry/omnicomm-deframer.ts'
import { COMMAND, commandText, MARKER } from '../core/telemetry/omnicomm-frame.ts'
import { readOmnicommMessage } from '../core/telemetry/omnicomm-message.ts'
import { reportOf } from '../core/telemetry/omnicomm-report.ts'
import { toIso } from '../core/time.ts'

/** What is printed of one frame, record or other part. */
type Shown = Readonly<Record<string, unknown>>

/**
 * Decodes the frames in the hex text of bytes as they went over the wire, in either direction. A record that cannot
 * be read stands under `rejected`; a frame that is too short for its command has an `error`. `skippedBytes` came before
 * the first frame, `strayBytes` between frames or after the last one.
 */
export function decodeOmnicommLine(text: string): Shown {
  const bytes = parseHex(text)
  if (bytes === undefined || bytes.length === 0) {
    return { error: 'not hex: expected pairs of hexadecimal digits, such as c08600004566' }
  }
  const { items, skippedBytes: outside } = deframeWhole(bytes)
  const first = bytes.indexOf(MARKER)
  const skippedBytes = first < 0 ? bytes.length : first
  const strayBytes = outside - skippedBytes
  return {
    frames: items.map(showItem),
    ...(skippedBytes > 0 ? { skippedBytes } : {}),
    ...(strayBytes > 0 ? { strayBytes } : {}),
  }
}

function showItem(item: Deframed): Shown {
  const command = item.command === undefined ? {} : { command: commandText(item.command) }
  if (item.kind === 'truncated') return { ...command, truncated: true }
  if (item.kind === 'oversize')
    return { ...command, error: `a payload of ${item.payloadBytes} bytes is too long` }
  if (item.crc === 'bad') return { ...command, crc: item.crc }
  return { ...command, crc: item.crc, ...showMessage(item.command, item.payload) }
}

function showMessage(command: number, payload: Uint8Array): Shown {
  const message = readOmnicommMessage(command, payload)
  switch (message.kind) {
    case 'ident':
      return { ident: { terminalId: String(message.terminalId), firmware: message.firmware } }
    case 'archive':
      return { archive: showArchive(message.archive, command === COMMAND.live) }
    case 'drained':
      return { archive: { drained: true, records: [] } }
    case 'record-id':
      return { recordId: message.recordId }
    case 'clock':
      return { clock: toIso(message.at) }
    case 'clock-request':
    case 'other':
      return {}
    case 'short':
      return { error: message.detail }
  }
}

function showArchive({ recordId, headerTime, records }: Archive, live: boolean): Shown {
  const good: Shown[] = []
  const rejected: Shown[] = []
  for (const [index, record] of records.entries()) {
    if (record.kind === 'bad') {
      rejected.push({ index, error: record.reason })
      continue
    }
    const { eventAt, events, flags, fix, readings } = reportOf(record, headerTime)
    good.push({
      eventAt: eventAt === null ? null : toIso(eventAt),
      events,
      flags,
      ...(fix === undefined ? {} : { fix: showFix(fix) }),
      readings,
    })
  }
  return { recordId, live, records: good, ...(rejected.length === 0 ? {} : { rejected }) }
}

function showFix(fix: Partial<Fix>): Shown {
  return fix.at === undefined ? fix : { ...fix, at: toIso(fix.at) }
}
