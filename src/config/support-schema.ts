import { section } from './section.ts'
import { dates, emailAddressOrEmpty } from './values.ts'

/** Technical support of Omnicomm: its addresses, and days of its calendar that the program does not know. */
export const supportSchema = section({
  address: emailAddressOrEmpty
    .prefault('')
    .describe(
      'E-mail address of technical support, to which requests are addressed; empty: people fill it in',
    ),
  departments: emailAddressOrEmpty
    .prefault('')
    .describe('The same for financial and warranty questions, which do not go to technical support'),
  daysOff: dates
    .prefault([])
    .describe('Days off that a decree adds, such as 2027-01-08, of years that the program does not know'),
  workingDays: dates.prefault([]).describe('Saturdays and Sundays that a decree makes working days'),
})
