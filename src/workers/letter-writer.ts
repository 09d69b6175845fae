import { type FlagLetter, flagKey } from '../core/flagging/flag-letter.ts'
import type { ComposedLetter } from '../core/letters/compose.ts'
import type { LetterTemplates } from '../core/letters/fields.ts'
import { isUnsent } from '../core/letters/left.ts'
import type { Letter, LetterChange, NewLetter, Recipient } from '../core/letters/letter.ts'
import { letterId, messageIdOf } from '../core/letters/letter-id.ts'
import { addressKey, domainOf, parseMailbox } from '../core/letters/mailbox.ts'
import { type LetterMatter, writeLetter } from '../core/letters/matter.ts'
import { type OperatorLetter, operatorSubject } from '../core/letters/operator-letter.ts'
import type { Owing } from '../core/letters/owing.ts'
import { type PlannedLetter, type PlanOptions, planLetters } from '../core/letters/plan.ts'
import { planAnnouncement } from '../core/letters/plan-announcement.ts'
import { PREVIEW_NAME, type PreviewQuery, previewMatter } from '../core/letters/preview.ts'
import type { LetterSetting } from '../core/letters/setting.ts'
import { letterDueAt } from '../core/outage/action.ts'
import type { MaintenanceWindow, Outage } from '../core/outage/outage.ts'
import type { Instant } from '../core/time.ts'
import type { MailBuilder, Outbox } from '../ports.ts'
import { lettersOf } from './subject-letters.ts'

export type LetterWriterDeps = { readonly outbox: Pick<Outbox, 'list'>; readonly builder: MailBuilder }

export type LetterWriterOptions = Omit<LetterSetting, 'contact'> & {
  /** Sender: `Name <address>` or an address. */
  readonly from: string
  /** Those who get letters now. */
  readonly recipients: () => readonly Recipient[]
  /** Addresses of those who are warned. */
  readonly operators: readonly string[]
  readonly templates: LetterTemplates
  /** Whom recipients may ask; the sender's address when not given. */
  readonly contact?: string
  /** Whether a letter in a file counts as left (core/letters/plan.ts). */
  readonly filedIsLeft?: boolean
}

/** Every call that reads the outbox rejects with StoreError when it cannot be read. */
export type LetterWriter = {
  /**
   * The letters that these outages owe at `at`, to recipients and operators, with finished bytes, and those that they
   * replace; to be stored in the transaction that stores the outages.
   */
  plan(owing: readonly Owing[], at: Instant): Promise<LetterChange>
  /** Tells recipients of planned work, or those who were told that it does not take place. */
  announce(window: MaintenanceWindow, withdrawn: boolean, at: Instant): Promise<LetterChange>
  /** Tells operators that an outage that was cancelled as false still fails; replaces a reminder that waits. */
  reminder(outage: Outage, sequence: number, at: Instant): Promise<LetterChange>
  /** A letter to every operator, to be added to the outbox, which keeps what it has already. */
  operatorLetter(letter: OperatorLetter, at: Instant): Promise<readonly NewLetter[]>
  /** A letter about terminals to each of these; the second of an incident answers the first. */
  flagLetter(letter: FlagLetter, to: readonly Recipient[], at: Instant): Promise<readonly NewLetter[]>
  /** A letter as it would be written now. */
  preview(query: PreviewQuery, now: Instant): ComposedLetter
}

/** Letters made in one go; in between other work gets its turn. */
const MADE_AT_ONCE = 10

type Row = Pick<Letter, 'id' | 'subject' | 'kind' | 'sequence'> & { readonly repliesTo?: string }

/** Writes letters: decides which are missing and makes their bytes. Throws when `from` is not an address. */
export function createLetterWriter(deps: LetterWriterDeps, options: LetterWriterOptions): LetterWriter {
  const sender = parseMailbox(options.from)
  if (!sender) throw new Error(`letters.from is not an e-mail address: ${options.from}`)
  const envelopeFrom = sender.address
  const domain = domainOf(envelopeFrom)
  const setting: LetterSetting = { ...options, contact: options.contact ?? envelopeFrom }
  const operators: readonly Recipient[] = options.operators.map((email) => ({
    email,
    name: '',
    language: options.language,
  }))
  /** Letters to operators that were seen in the outbox: they are looked up at every FAIL of an outage. */
  const written = new Set<string>()

  /** The bytes of one letter. */
  async function make(row: Row, matter: LetterMatter, recipient: Recipient, at: Instant): Promise<NewLetter> {
    const { repliesTo, ...key } = row
    const messageId = messageIdOf(row.id, domain)
    const mime = await deps.builder.build({
      from: options.from,
      to: recipient.email,
      ...writeLetter(matter, { recipient, at }, setting, options.templates),
      messageId,
      date: at,
      ...(repliesTo !== undefined && { inReplyTo: repliesTo, references: [repliesTo] }),
    })
    return { ...key, recipient: recipient.email, messageId, dueAt: at, envelopeFrom, mime }
  }

  async function planOne(owing: Owing, at: Instant): Promise<LetterChange> {
    const planOptions: PlanOptions = { ...options, at }
    const plan = planLetters(
      owing,
      await lettersOf(deps.outbox, owing.outage.id),
      options.recipients(),
      planOptions,
    )
    const letters = await inTurns(plan.add, ({ recipient, newSince, ...row }) =>
      make(rowOf(row), matterOf(row.kind, owing, newSince ?? at), recipient, at),
    )
    const told = await Promise.all(tidings(owing.outage).map((letter) => missing(letter, at)))
    return { add: [...letters, ...told.flat()], supersede: plan.supersede }
  }

  /** Letters to those operators who have none of this subject yet. */
  async function missing(letter: OperatorLetter, at: Instant): Promise<readonly NewLetter[]> {
    const { subject } = operatorSubject(letter, at, options.timezone)
    const isKnown = ({ email }: Recipient): boolean => written.has(`${subject} ${addressKey(email)}`)
    if (operators.every(isKnown)) return []
    for (const { recipient } of await lettersOf(deps.outbox, subject))
      written.add(`${subject} ${addressKey(recipient)}`)
    return tell(
      operators.filter((operator) => !isKnown(operator)),
      letter,
      at,
    )
  }

  function tell(
    to: readonly Recipient[],
    letter: OperatorLetter,
    at: Instant,
  ): Promise<readonly NewLetter[]> {
    const key = { ...operatorSubject(letter, at, options.timezone), kind: 'operator' as const }
    return inTurns(to, (operator) => {
      const id = letterId({ ...key, recipient: operator.email })
      return make({ id, ...key }, { kind: 'operator', letter }, operator, at)
    })
  }

  return {
    async plan(owing, at) {
      const changes: LetterChange[] = []
      for (const each of owing) changes.push(await planOne(each, at))
      return {
        add: changes.flatMap(({ add }) => add),
        supersede: changes.flatMap(({ supersede }) => supersede),
      }
    },
    async announce(window, withdrawn, at) {
      const letters = await lettersOf(deps.outbox, window.id)
      const plan = planAnnouncement(window.id, withdrawn, letters, options.recipients(), options)
      const matter: LetterMatter = { kind: 'announcement', window, withdrawn }
      const add = await inTurns(plan.add, ({ recipient, ...row }) => make(row, matter, recipient, at))
      return { add, supersede: plan.supersede }
    },
    async reminder(outage, sequence, at) {
      const letter: OperatorLetter = { kind: 'reminder', outage, sequence }
      const letters = await lettersOf(deps.outbox, operatorSubject(letter, at, options.timezone).subject)
      const written = letters.filter((each) => each.sequence === sequence)
      const has = new Set(written.map(({ recipient }) => addressKey(recipient)))
      const add = await tell(
        operators.filter(({ email }) => !has.has(addressKey(email))),
        letter,
        at,
      )
      const overtaken = letters.filter((each) => each.sequence < sequence && isUnsent(each))
      return { add, supersede: overtaken.map(({ id }) => id) }
    },
    operatorLetter: (letter, at) => tell(operators, letter, at),
    flagLetter: (letter, to, at) => {
      const key = { ...flagKey(letter), kind: 'operator' as const }
      return inTurns(to, (recipient) => {
        const idOf = (sequence: number): string => letterId({ ...key, sequence, recipient: recipient.email })
        const repliesTo = key.sequence > 1 ? { repliesTo: messageIdOf(idOf(1), domain) } : {}
        const row = { ...key, id: idOf(key.sequence), ...repliesTo }
        return make(row, { kind: 'flag', letter }, recipient, at)
      })
    },
    preview(query, now) {
      const recipient = { email: envelopeFrom, name: PREVIEW_NAME[query.language], language: query.language }
      const matter = previewMatter(query, setting, now)
      return writeLetter(matter, { recipient, at: now }, setting, options.templates)
    },
  }
}

function rowOf({ id, subject, kind, sequence, repliesTo }: Omit<PlannedLetter, 'recipient'>): Row {
  return { id, subject, kind, sequence, ...(repliesTo !== undefined && { repliesTo }) }
}

function matterOf(kind: PlannedLetter['kind'], { outage, proven }: Owing, newSince: Instant): LetterMatter {
  switch (kind) {
    case 'initial':
      return { kind, outage, proven }
    case 'update':
      return { kind, outage, proven, newSince }
    case 'recovery':
    case 'combined':
    case 'correction':
      return { kind, outage }
  }
}

/** What operators are to be told of an outage. A warning is of use only while something can be done. */
function tidings(outage: Outage): readonly OperatorLetter[] {
  if (outage.state === 'cancelled') return []
  const told: OperatorLetter[] = []
  if (outage.warnedAt !== null && outage.state === 'open') told.push({ kind: 'warning', outage })
  // It asks for the order to send what is not due.
  if (outage.operatorAlarmAt !== null && letterDueAt(outage) === null) told.push({ kind: 'alarm', outage })
  if (outage.intermittent) told.push({ kind: 'intermittent', outage })
  return told
}

/** One after the other, so that a thousand letters do not hold up the rounds of probes. */
async function inTurns<From, To>(
  from: readonly From[],
  make: (each: From) => Promise<To>,
): Promise<readonly To[]> {
  const made: To[] = []
  for (const each of from) {
    if (made.length > 0 && made.length % MADE_AT_ONCE === 0)
      await new Promise((resolve) => setImmediate(resolve))
    made.push(await make(each))
  }
  return made
}
