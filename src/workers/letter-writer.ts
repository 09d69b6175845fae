import { composeLetter } from '../core/letters/compose.ts'
import { type LetterSetting, type LetterTemplates, outageFields } from '../core/letters/fields.ts'
import type { Letter, LetterChange, NewLetter, Recipient } from '../core/letters/letter.ts'
import { messageIdOf } from '../core/letters/letter-id.ts'
import { domainOf, parseMailbox } from '../core/letters/mailbox.ts'
import { type PlannedLetter, planLetters } from '../core/letters/plan.ts'
import type { Outage } from '../core/outage/outage.ts'
import type { Instant } from '../core/time.ts'
import type { MailBuilder, Outbox } from '../ports.ts'

export type LetterWriterDeps = { readonly outbox: Pick<Outbox, 'list'>; readonly builder: MailBuilder }

export type LetterWriterOptions = Omit<LetterSetting, 'contact'> & {
  /** Sender: `Name <address>` or an address. */
  readonly from: string
  /** Those who get letters now. */
  readonly recipients: () => readonly Recipient[]
  readonly templates: LetterTemplates
  /** Whom recipients may ask; the sender's address when not given. */
  readonly contact?: string
  /** Whether a letter in a file counts as left (core/letters/plan.ts). */
  readonly filedIsLeft?: boolean
}

export type LetterWriter = {
  /**
   * The letters that these outages owe at `at`, with finished bytes, and those that they replace; to be stored in
   * the transaction that stores the outages. Rejects with StoreError when the outbox cannot be read.
   */
  plan(outages: readonly Outage[], at: Instant): Promise<LetterChange>
}

const PAGE = 1000

/** Writes letters: decides which are missing and makes their bytes. Throws when `from` is not an address. */
export function createLetterWriter(deps: LetterWriterDeps, options: LetterWriterOptions): LetterWriter {
  const sender = parseMailbox(options.from)
  if (!sender) throw new Error(`letters.from is not an e-mail address: ${options.from}`)
  const domain = domainOf(sender.address)
  const setting: LetterSetting = { ...options, contact: options.contact ?? sender.address }

  async function planOne(outage: Outage, at: Instant): Promise<LetterChange> {
    if (outage.letterDueAt === null) return { add: [], supersede: [] }
    const plan = planLetters(outage, await lettersOf(outage.id), options.recipients(), options)
    const add: NewLetter[] = []
    for (const planned of plan.add) add.push(await write(planned, outage, at))
    return { add, supersede: plan.supersede }
  }

  async function lettersOf(subject: string): Promise<readonly Letter[]> {
    const letters: Letter[] = []
    for (;;) {
      const after = letters.at(-1)?.id
      const { items } = await deps.outbox.list({
        subject,
        limit: PAGE,
        ...(after !== undefined && { after }),
      })
      letters.push(...items)
      if (items.length < PAGE) return letters
    }
  }

  async function write(planned: PlannedLetter, outage: Outage, at: Instant): Promise<NewLetter> {
    const { recipient, repliesTo } = planned
    const texts = options.templates[recipient.language]
    const messageId = messageIdOf(planned.id, domain)
    const letter = composeLetter(
      { subject: texts.subject, body: texts[planned.kind] },
      outageFields(outage, recipient, setting, at),
      recipient.language,
    )
    const mime = await deps.builder.build({
      from: options.from,
      to: recipient.email,
      ...letter,
      messageId,
      date: at,
      ...(repliesTo !== undefined && { inReplyTo: repliesTo, references: [repliesTo] }),
    })
    const { id, subject, kind, sequence } = planned
    const row = { id, subject, kind, sequence, recipient: recipient.email, messageId, dueAt: at }
    return { ...row, envelopeFrom: sender?.address ?? '', mime }
  }

  return {
    async plan(outages, at) {
      const changes: LetterChange[] = []
      for (const outage of outages) changes.push(await planOne(outage, at))
      return {
        add: changes.flatMap(({ add }) => add),
        supersede: changes.flatMap(({ supersede }) => supersede),
      }
    },
  }
}
