import { DAY, formatDuration } from '../core/time.ts'
import { section } from './section.ts'
import { durationOrOff, filledLine } from './values.ts'

/** A time that is kept, or `off`: for ever. Below `least` something that people rely on would be gone. */
function kept(least: number) {
  return durationOrOff.refine(
    (ms) => ms >= least,
    `must be ${formatDuration(least)} or more, or off to keep it for ever`,
  )
}

/** How long what was stored is kept; ages count from the day on which it happened or ended. */
export const retentionSchema = section({
  at: filledLine(100)
    .prefault('20 3 * * *')
    .describe(
      'When the oldest is removed: minute, hour, day of month, month, day of week, in the time zone of the file',
    ),
  verdicts: kept(2 * DAY)
    .prefault('30d')
    .describe(
      'Probe rounds one by one; older ones that say the same are kept as one row, which tells the same uptime',
    ),
  uptime: kept(32 * DAY)
    .prefault('1830d')
    .describe('Probe rounds in any form, uptime by the hour, and planned work that is over'),
  routine: kept(32 * DAY)
    .prefault('90d')
    .describe('Changes between fresh, sleeping, no-fix and backlog: five of six of all changes of state'),
  transitions: kept(32 * DAY)
    .prefault('400d')
    .describe('All other changes of state: into silence and out of it, maintenance, lifecycle'),
  incidents: kept(32 * DAY)
    .prefault('800d')
    .describe('Incidents of mass silence, from their end'),
  letters: kept(32 * DAY)
    .prefault('1830d')
    .describe('Outages with all their letters, and announcements: the proof that people were told'),
  operatorLetters: kept(63 * DAY)
    .prefault('400d')
    .describe(
      'Letters to operators, dealers and clients: digests, notes, alarms, reports, tests; not those about what is not over',
    ),
  notes: kept(32 * DAY)
    .prefault('1100d')
    .describe('Notes that people wrote to terminals'),
  requests: kept(32 * DAY)
    .prefault('1095d')
    .describe('Requests to technical support, from when they were closed; open ones are never removed'),
  audit: kept(32 * DAY)
    .prefault('1830d')
    .describe('Audit trail: who did what'),
})
