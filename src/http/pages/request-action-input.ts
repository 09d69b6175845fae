import type { z } from 'zod'
import { LONGEST_MESSAGE } from '../../core/request/support-request.ts'
import type { RequestAction } from '../../core/request/support-request-action.ts'
import type { Instant } from '../../core/time.ts'
import {
  MAX_PROMISE_NOTE,
  MAX_TICKET,
  MaySayInput,
  promisedInput,
  SaidInput,
  SentInput,
  StepDoneInput,
  StepInput,
  TicketInput,
} from '../request-input.ts'
import { type Form, formText, isTicked } from './form.ts'
import type { Tried } from './terminal-field.ts'
import type { Texts } from './texts.ts'

/** Forms of the page of a request, by the last part of their address. */
export type RequestForm = RequestAction['kind']

/** What a form asks for, null where something is wrong with it, and what was typed. */
type ReadAction = { readonly action: RequestAction | null; readonly tried: Tried }

/** Reads a form of the page of a request; undefined: there is no such form. Times are local in `zone`. */
export function requestFormReader(zone: string, now: () => Instant) {
  const promised = promisedInput(zone, now)
  return (name: string, form: Form, words: Texts['requests']): ReadAction | undefined => {
    const text = (field: string): string => formText(form, field)
    const said = (input: typeof SaidInput | typeof MaySayInput, kind: SayingForm): ReadAction =>
      read(kind, form, input.safeParse({ text: text('text') }), words, (data) => ({ kind, ...data }))
    switch (name) {
      case 'sent': {
        const messageId = text('messageId').trim()
        const wish = SentInput.safeParse(messageId === '' ? {} : { messageId })
        return read('sent', form, wish, words, (data) => ({ kind: 'sent', ...data }))
      }
      case 'ticket': {
        const wish = TicketInput.safeParse({ number: text('number') })
        return read('ticket', form, wish, words, (data) => ({ kind: 'ticket', ...data }))
      }
      case 'promised': {
        const at = isTicked(form, 'withdraw') ? null : text('at')
        const wish = promised.safeParse({
          at,
          note: text('note'),
          approximate: isTicked(form, 'approximate'),
        })
        return read('promised', form, wish, words, (data) => ({ kind: 'promised', ...data }))
      }
      case 'step': {
        const wish = StepInput.safeParse({ text: text('text'), result: text('result') })
        return read('step', form, wish, words, (data) => ({ kind: 'step', ...data }))
      }
      case 'step-done': {
        const wish = StepDoneInput.safeParse({ step: text('step'), result: text('result') })
        const key = `step-done-${text('step')}`
        return read(key, form, wish, words, (data) => ({ kind: 'step-done', ...data }))
      }
      case 'note':
      case 'asked':
      case 'answered':
      case 'follow-up':
        return said(SaidInput, name)
      case 'official-asked':
      case 'official-answered':
      case 'close':
      case 'reopen':
        return said(MaySayInput, name)
      default:
        return undefined
    }
  }
}

type SayingForm = Exclude<RequestForm, 'sent' | 'ticket' | 'promised' | 'step' | 'step-done'>

const TYPED = ['text', 'number', 'messageId', 'at', 'note', 'approximate', 'result'] as const

function read<Data>(
  key: string,
  form: Form,
  checked: z.ZodSafeParseResult<Data>,
  words: Texts['requests'],
  action: (data: Data) => RequestAction,
): ReadAction {
  const typed = Object.fromEntries(TYPED.map((name) => [name, formText(form, name)]))
  if (checked.success) return { action: action(checked.data), tried: { form: key, typed, faults: {} } }
  const texts: Readonly<Record<string, string>> = {
    text: words.wrongText(LONGEST_MESSAGE),
    result: words.wrongText(LONGEST_MESSAGE),
    number: words.wrongLine(MAX_TICKET),
    messageId: words.wrongMessageId,
    at: words.wrongTime,
    note: words.wrongLine(MAX_PROMISE_NOTE),
  }
  const names = new Set(checked.error.issues.map(({ path }) => String(path[0])))
  const faults = Object.fromEntries([...names].map((name) => [name, texts[name] ?? '']))
  return { action: null, tried: { form: key, typed, faults } }
}
