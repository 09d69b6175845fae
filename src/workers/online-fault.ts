import type { AskRefusal } from '../core/online/ask.ts'
import type { SizeJudgement } from '../core/online/completeness.ts'
import type { VehicleAnswer } from '../ports.ts'

/** Why a question brought nothing. `key` is the same for the same kind of fault; `text` is for people. */
export type OnlineFault = { readonly key: string; readonly why: AskRefusal; readonly text: string }

/** The fault of an answer that is none. */
export function faultOf(answer: Exclude<VehicleAnswer<unknown>, { kind: 'answered' }>): OnlineFault {
  switch (answer.kind) {
    case 'unusable':
      return { key: `unusable ${answer.cause}`, why: answer.cause, text: answer.reason }
    case 'failed': {
      const text = `see the page of the service: it does not answer as it should: ${answer.evidence}`
      return { key: `failed ${answer.phase}`, why: 'failed', text }
    }
    case 'own-fault':
      return { key: 'own-fault', why: 'own-fault', text: answer.reason }
  }
}

/** The fault of an answer of the wrong size; `what` stands in the plural. */
export function sizeFaultOf(
  judgement: Exclude<SizeJudgement, 'good'>,
  what: string,
  rows: number,
  before: number,
): OnlineFault {
  if (judgement === 'empty') {
    const text = `see in Omnicomm Online whether the account still has ${what}: the answer has none, what was known stays`
    return { key: 'empty', why: 'incomplete', text }
  }
  const text = `see in Omnicomm Online whether ${what} were taken from the account: the answer has ${rows} in place of ${before}. It is taken for true when it stays so for an hour`
  return { key: 'shrunken', why: 'incomplete', text }
}
