import type { Actor } from '../core/audit.ts'
import type { Fleet } from '../core/fleet/fleet.ts'
import { placeInFirmware } from '../core/fleet/fleet-groups.ts'
import type { TerminalNote } from '../core/fleet/note.ts'
import { changeTerminal } from '../core/fleet/placing.ts'
import { keepReadings } from '../core/fleet/reading-columns.ts'
import { markDirty } from '../core/fleet/terminal-table.ts'
import { type SmsReply, smsReplies } from '../core/request/sms-reply.ts'

type NoteAdder = {
  add(terminalId: string, note: Pick<TerminalNote, 'kind' | 'text'>, actor: Actor): Promise<TerminalNote>
}

/**
 * Notes, of which replies to SMS commands also teach the firmware of their terminal. It becomes a reading of the instant
 * of the note, so that a newer one that the terminal tells itself takes its place; and it is put into the inventory,
 * which a crash does not lose, while readings are stored now and then only.
 */
export function learningFromReplies<Notes extends NoteAdder>(notes: Notes, fleet: Fleet): Notes {
  return {
    ...notes,
    async add(terminalId: string, note: Pick<TerminalNote, 'kind' | 'text'>, actor: Actor) {
      const added = await notes.add(terminalId, note, actor)
      if (added.kind === 'reply') learnFirmware(fleet, added)
      return added
    },
  }
}

/** The id in a reply when it is that of another terminal than the one in the row. */
export function strangerIn(replies: readonly SmsReply[], { rows }: Fleet, row: number): string | undefined {
  for (const reply of replies) {
    if (reply.kind !== 'info' || reply.terminalId === undefined) continue
    if (rows.get(reply.terminalId) !== row) return reply.terminalId
  }
  return undefined
}

function learnFirmware(fleet: Fleet, { terminalId, text, at }: TerminalNote): void {
  const row = fleet.rows.get(terminalId)
  const replies = smsReplies(text)
  if (row === undefined || strangerIn(replies, fleet, row) !== undefined) return
  const firmware = replies.flatMap((reply) => (reply.kind === 'info' ? (reply.firmware ?? []) : [])).at(-1)
  if (firmware === undefined) return
  const terminal = fleet.inventory.at(row)
  if (terminal && terminal.firmware !== firmware) changeTerminal(fleet, { ...terminal, firmware })
  keepReadings(fleet.table.readings, row, { firmware }, at)
  markDirty(fleet.table, row)
  placeInFirmware(fleet, row)
}
