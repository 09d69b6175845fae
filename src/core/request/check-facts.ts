import type { TerminalFacts } from '../fleet/facts.ts'
import type { TerminalView } from '../fleet/view.ts'
import type { Incident } from '../freshness/mass/incident.ts'
import type { ServiceStatus } from '../outage/status.ts'
import type { DealerContact } from '../people/dealer-contact.ts'
import type { Instant } from '../time.ts'
import type { InfoReply, LinkReply, StatReply } from './sms-reply.ts'
import type { SupportRequest } from './support-request.ts'
import type { RequestReaderName } from './support-request-scope.ts'

/** Who asks: the terminals that he may see, and whose requests are his. */
export type Asker = RequestReaderName

/** What was told, and when. */
export type Dated<Told> = { readonly at: Instant; readonly told: Told }

/** The newest answers to SMS commands that people pasted. */
export type ToldReplies = {
  readonly info?: Dated<InfoReply>
  readonly link?: Dated<LinkReply>
  readonly stat?: Dated<StatReply>
}

/** Everything that the check before a ticket looks at. */
export type CheckFacts = {
  readonly view: TerminalView
  readonly said: Pick<
    TerminalFacts,
    'imei' | 'sim' | 'operator' | 'aliases' | 'lifecycle' | 'intake' | 'maintenance'
  >
  readonly replies: ToldReplies
  /** Since when its source hears nothing; null: it does. */
  readonly blindSince: Instant | null
  /** The open one that explains its silence. */
  readonly incident: Incident | null
  /** Data and inventory say different things of its names; which, only the inventory tells: it names other terminals. */
  readonly disputed: boolean
  /** Open ones about it, newest first; before them, of a problem of the service, those about that problem. */
  readonly requests: readonly SupportRequest[]
  readonly service: {
    readonly name: string
    readonly host: string
    readonly status: ServiceStatus
    /** Planned work that goes on now. */
    readonly planned: { readonly to: Instant; readonly reason: string } | null
  }
  /** Login of the account at the service, never its password; empty: not known, or not for the reader. */
  readonly login: string
  readonly contact: DealerContact | null
}

/** The IMEI that the terminal told when the inventory has another one. */
export function differingImei({ said, replies }: Pick<CheckFacts, 'said' | 'replies'>): string | undefined {
  const told = replies.info?.told.imei
  return told !== undefined && said.imei !== '' && digits(told) !== digits(said.imei) ? told : undefined
}

function digits(text: string): string {
  return text.replaceAll(/\D/g, '')
}
