import type { Actor } from '../core/audit.ts'
import type { Fleet } from '../core/fleet/fleet.ts'
import { placeInFirmware } from '../core/fleet/fleet-groups.ts'
import type { NotedTerminal, TerminalNote } from '../core/fleet/note.ts'
import { changeTerminal } from '../core/fleet/placing.ts'
import { keepReadings } from '../core/fleet/reading-columns.ts'
import { markDirty } from '../core/fleet/terminal-table.ts'
import { type SmsReply, smsReplies } from '../core/request/sms-reply.ts'

type NoteAdder = {
  add(terminal: NotedTerminal, note: Pick<TerminalNote, 'kind' | 'text'>, actor: Actor): Promise<TerminalNote>
}

/**
 * Notes, of which replies to SMS commands also teach the firmware of their terminal. It becomes a reading of the instant
 * of the note, so that a newer one that the terminal tells itself takes its place; and it is put into the inventory,
 * which a crash does not lose, while readings are stored now and then only.
 */
export function learningFromReplies<Notes extends NoteAdder>(notes: Notes, fleet: Fleet): Notes {
  return {
    ...notes,
    async add(terminal: NotedTerminal, note: Pick<TerminalNote, 'kind' | 'text'>, actor: Actor) {
      const added = await notes.add(terminal, note, actor)
      if (added.kind === 'reply') learnFirmware(fleet, added)
      return added
    },
  }
}

/**
 * The id or the IMEI in a reply that is not of the terminal in the row. An IMEI that nobody has may be its own, and so may
 * such an id beside the IMEI by which the terminal is known.
 */
export function strangerIn(
  replies: readonly SmsReply[],
  { rows }: Pick<Fleet, 'rows'>,
  row: number,
): string | undefined {
  for (const reply of replies) {
    if (reply.kind !== 'info') continue
    const { terminalId, imei } = reply
    const isKnownByImei = imei !== undefined && rows.get(imei) === row
    const isFree = terminalId !== undefined && !rows.has(terminalId) && isKnownByImei
    if (terminalId !== undefined && !isFree && rows.get(terminalId) !== row) return terminalId
    if (imei !== undefined && (rows.get(imei) ?? row) !== row) return imei
  }
  return undefined
}

function learnFirmware(fleet: Fleet, { terminalId, text, at }: TerminalNote): void {
  const row = fleet.rows.get(terminalId)
  const replies = smsReplies(text)
  if (row === undefined || strangerIn(replies, fleet, row) !== undefined) return
  const terminal = fleet.inventory.at(row)
  const firmware = replies.flatMap((reply) => versionIn(reply, terminal?.imei ?? '')).at(-1)
  if (firmware === undefined) return
  if (terminal && terminal.firmware !== firmware) changeTerminal(fleet, { ...terminal, firmware })
  keepReadings(fleet.table.readings, row, { firmware }, at)
  markDirty(fleet.table, row)
  placeInFirmware(fleet, row)
}

/** The version of a reply that is surely of the terminal: a reply without its id must not have another IMEI. */
function versionIn(reply: SmsReply, imei: string): readonly string[] {
  if (reply.kind !== 'info' || reply.firmware === undefined) return []
  const isDoubtful =
    reply.terminalId === undefined && reply.imei !== undefined && imei !== '' && reply.imei !== imei
  return isDoubtful ? [] : [reply.firmware]
}
