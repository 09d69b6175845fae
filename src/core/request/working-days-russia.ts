/**
 * Days off in Russia, as data. Holidays are those of the Labour Code, article 112; each year the government moves a few
 * days off by a decree: enter these here when it is published, with its year. Until
 * then `support.daysOff` and `support.workingDays` of the configuration take them.
 */

/** Month and day of each holiday. */
export const HOLIDAYS: ReadonlySet<string> = new Set([
  ...['01-01', '01-02', '01-03', '01-04', '01-05', '01-06', '01-07', '01-08'],
  ...['02-23', '03-08', '05-01', '05-09', '06-12', '11-04'],
])

/** Years whose decree is entered below. 2026: decree 1466 of 24 September 2025. */
export const DECREED_YEARS: ReadonlySet<number> = new Set([2026])

/** Days from Monday to Friday that a decree made free. */
export const DECREED_OFF: ReadonlySet<string> = new Set(['2026-01-09', '2026-12-31'])

/** Saturdays and Sundays that a decree made working days. */
export const DECREED_WORKING: ReadonlySet<string> = new Set([])
