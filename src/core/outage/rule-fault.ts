/** What is wrong with a cron expression. `text`: in English; pages have words of their own for each code. */
export type CronFault = {
  readonly code: 'long' | 'fields' | 'signs' | 'digits' | 'values' | 'never'
  readonly text: string
}

/** Why a rule of planned work is refused, in the same way. */
export type RuleFault = {
  readonly code: CronFault['code'] | 'duration' | 'full' | 'overlap'
  readonly text: string
}
