import { z } from 'zod'
import { daysOfWeek, timeOfDay } from '../core/flagging/office-hours.ts'
import { section } from './section.ts'
import { configId, duration, emailAddress, filledLine, line, timezoneOrEmpty } from './values.ts'

const timeText = z
  .string()
  .refine((text) => timeOfDay(text) !== undefined, 'must be a time of day from "00:00" to "24:00"')

const daysText = z
  .string()
  .refine(
    (text) => daysOfWeek(text) !== undefined,
    'must be days of the week as in cron, such as 1-5, 1,3,6-7 or *',
  )

const notes = section({
  enabled: z.boolean().prefault(false).describe('Write at once, beside the digest'),
  hold: duration
    .prefault('10m')
    .describe(
      'So long a terminal must be stale before it is told of; one that is back by then is in the digest only',
    ),
  from: timeText.prefault('08:00').describe('Beginning of the hours in which notes are written'),
  to: timeText
    .prefault('18:00')
    .describe('Their end; the same as from is the whole day, an earlier one is on the next day'),
  days: daysText
    .prefault('1-5')
    .describe(
      'Days of the week as in cron, 1 is Monday; what happens at other times waits for the next digest',
    ),
})

const digest = section({
  id: configId.describe('Name, unique; what was told is remembered under it'),
  dealer: line().prefault('').describe('Dealer whose terminals it is about; empty: any'),
  client: line()
    .prefault('')
    .describe('Client; empty: any. With dealer and client empty it is the whole fleet'),
  recipients: z
    .array(
      section({
        email: emailAddress.describe('Address'),
        name: line().prefault('').describe('Name'),
        language: z
          .enum(['ru', 'en'])
          .prefault('ru')
          .describe('Language of the letters; that of the file when not set'),
      }),
    )
    .prefault([])
    .describe('Who gets the digest, its immediate notes and letters about mass silence of its terminals'),
  at: filledLine(100)
    .prefault('0 8,13 * * 1-5')
    .describe(
      'When it is written: minute, hour, day of month, month, day of week. Nothing is sent when nothing changed',
    ),
  timezone: timezoneOrEmpty.prefault('').describe('Time zone of its times; empty: that of the file'),
  notes: notes.prefault({}).describe('Immediate notes about single terminals'),
})

/** What is told of silent terminals by e-mail before anybody opens a ticket. */
export const flaggingSchema = section({
  digests: z
    .array(digest)
    .prefault([])
    .describe(
      'Letters to dealers and clients: which terminals became stale, came back or have an unstable link',
    ),
})
