import type { CauseCode } from '../freshness/diagnosis/codes.ts'
import type { Finding } from '../freshness/diagnosis/finding.ts'
import type { IncidentGroup } from '../freshness/mass/incident.ts'
import type { State } from '../freshness/state.ts'
import type { ThresholdSettings } from '../freshness/threshold-settings.ts'
import type { FirmwareView } from '../request/firmware.ts'
import type { Instant } from '../time.ts'
import type { Need } from './need.ts'
import type { Scope } from './scope.ts'

export type ReadingView = { readonly value: number | boolean | string; readonly at: Instant }

/** A threshold that a terminal's own gaps teach; `seconds` null: they are too few yet. */
export type LearntHabit = { readonly seconds: number | null; readonly gaps: number }

/** One terminal as the API and the pages show it; the contract's object with instants as numbers. */
export type TerminalView = {
  readonly id: string
  readonly name: string
  readonly client: string
  readonly dealer: string
  readonly group: string
  readonly model: string
  /** Absent: no version is known. */
  readonly firmware?: FirmwareView
  readonly state: State
  readonly stateSince: Instant
  /** While its source is blind: the moment to which the state refers. */
  readonly asOf?: Instant
  readonly contactAt: Instant | null
  readonly dataAt: Instant | null
  readonly liveAt: Instant | null
  readonly fixAt: Instant | null
  readonly linkAt: Instant | null
  readonly dataAgeSeconds: number | null
  /** `seconds` null: not judged (`parked: off`). `from`: where the threshold was set. */
  readonly threshold: {
    readonly seconds: number | null
    readonly from: 'terminal' | 'group' | 'profile' | 'learnt' | 'default'
  }
  /** Thresholds that people gave it on the page or by API. */
  readonly ownThresholds?: ThresholdSettings
  /** Of a terminal that learns: what it has learnt so far, by what it was before a gap. */
  readonly learnt?: { readonly moving?: LearntHabit; readonly parked?: LearntHabit }
  /** People know of its silence, until then. */
  readonly acknowledged?: { readonly until: Instant; readonly reason: string; readonly by: string }
  readonly parked: boolean
  readonly source: string | null
  readonly discovered: boolean
  readonly unstable: boolean
  readonly clockBehind: boolean
  /** State `backlog`: how far the data lags, and when it will have caught up at the present rate. */
  readonly lagSeconds?: number
  readonly caughtUpAt?: Instant
  /** State `sleeping`: when it is expected at the latest. */
  readonly expectedAt?: Instant
  /** Why it is probably not fresh; absent when it is, or is decommissioned. */
  readonly cause?: Finding
  /** An open incident that explains its silence. */
  readonly incident?: IncidentGroup & { readonly id: string }
  readonly readings: Readonly<Record<string, ReadingView>>
}

/** `client`: clients with most of those that match first, of one client the longest in its state first. */
export type TerminalSort = 'name' | '-name' | 'dataAt' | '-dataAt' | 'stateSince' | 'client'

export type TerminalFilter = {
  /** Whose terminals; absent: everybody's. */
  readonly scope?: Scope
  readonly state?: State
  readonly client?: string
  readonly dealer?: string
  readonly group?: string
  /** Those in a concerning state that need this. */
  readonly needs?: Need
  /** Those that are probably silent for this reason. */
  readonly cause?: CauseCode
  /** Part of name, id, IMEI, SIM or uuid; in any case, spaces and Latin letters that look like Cyrillic ones are the same. */
  readonly q?: string
}

export type TerminalQuery = TerminalFilter & {
  readonly sort: TerminalSort
  readonly cursor?: string
  /** 1 to 1,000. */
  readonly limit: number
}

export type TerminalPage = {
  readonly items: readonly TerminalView[]
  readonly next: string | null
  readonly total: number
}

export type StateCounts = Readonly<Record<State, number>>

export type Summary = {
  readonly total: number
  readonly states: StateCounts
  readonly clients: readonly {
    readonly client: string
    readonly total: number
    readonly states: StateCounts
    /** The newest contact of its terminals; null when there was none. */
    readonly contactAt?: Instant | null
  }[]
  readonly dealers: readonly {
    readonly dealer: string
    readonly total: number
    readonly states: StateCounts
  }[]
}
