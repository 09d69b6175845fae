import { AGE_BUCKETS_SECONDS } from './core/freshness/data-age.ts'

/**
 * One metric. `counter` grows by `add`, or follows a total that is kept elsewhere by `set`; `gauge` is put by `set` (a labelled gauge set to NaN is taken away),
 * `histogram` takes single values by `observe`. A `distribution` is a histogram that is replaced as a whole:
 * `set(name, n, { le })` says how many are at most `le` (a bucket below, or `+Inf` for all), `set(name, sum)`
 * without a label gives the sum.
 */
export type Metric = {
  readonly kind: 'counter' | 'gauge' | 'histogram' | 'distribution'
  readonly help: string
  readonly labels: readonly string[]
  /** Upper bounds, for histograms and distributions. */
  readonly buckets?: readonly number[]
  /** Most label combinations that are kept; what comes later is counted under `other`. Default 100. */
  readonly maxSeries?: number
}

const FAST_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5] as const
const NETWORK_SECONDS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] as const
/** Installations have one listener for each protocol. */
const MOST_LISTENERS = 6
const DISCONNECT_REASONS = 11

/** Every metric of the service beside Node's own: at most 5,000 series, and never a terminal in a label. */
export const METRICS = {
  watch_terminals: { kind: 'gauge', help: 'Terminals by state', labels: ['state'] },
  watch_client_terminals: {
    kind: 'gauge',
    help: 'Terminals by client and state: the 200 largest clients, and other',
    labels: ['client', 'state'],
    maxSeries: 201 * 11,
  },
  watch_incidents_open: {
    kind: 'gauge',
    help: 'Open incidents of mass silence by what their terminals have in common',
    labels: ['dimension'],
    maxSeries: 8,
  },
  watch_messages_total: {
    kind: 'counter',
    help: 'Observations taken in, by source and kind (live, archive, snapshot, presence)',
    labels: ['source', 'kind'],
    maxSeries: 300,
  },
  watch_messages_rejected_total: {
    kind: 'counter',
    help: 'Inputs that did not become an observation, by source and reason',
    labels: ['source', 'reason'],
    maxSeries: 300,
  },
  watch_source_blind: {
    kind: 'gauge',
    help: '1 while the source could not hear its terminals, else 0',
    labels: ['source'],
  },
  watch_source_blind_seconds_total: {
    kind: 'counter',
    help: 'Seconds during which the source could not hear its terminals',
    labels: ['source'],
  },
  watch_source_lag_seconds: {
    kind: 'gauge',
    help: 'Seconds that the messages of the source wait before they are taken in',
    labels: ['source'],
  },
  watch_clock_faults_total: {
    kind: 'counter',
    help: "Observations whose terminal's clock is ahead or lost",
    labels: ['source', 'fault'],
  },
  watch_queue_messages: { kind: 'gauge', help: 'Messages that wait to be taken in', labels: [] },
  watch_mqtt_connects_total: {
    kind: 'counter',
    help: 'Connections to the broker of a source',
    labels: ['source'],
  },
  watch_mqtt_disconnects_total: {
    kind: 'counter',
    help: 'Connections to the broker of a source that ended, by reason',
    labels: ['source', 'reason'],
  },
  watch_broker_dropped_total: {
    kind: 'counter',
    help: 'Messages that the broker of a source says it has dropped, for whichever of its clients',
    labels: ['source'],
  },
  watch_terminal_connections: {
    kind: 'gauge',
    help: 'Connections of terminals that a listener holds',
    labels: ['source'],
    maxSeries: MOST_LISTENERS,
  },
  watch_terminal_connections_total: {
    kind: 'counter',
    help: 'Connections of terminals that a listener has taken',
    labels: ['source'],
    maxSeries: MOST_LISTENERS,
  },
  watch_terminal_disconnects_total: {
    kind: 'counter',
    help: 'Connections of terminals that ended, by reason (limit: refused, and never taken)',
    labels: ['source', 'reason'],
    maxSeries: MOST_LISTENERS * DISCONNECT_REASONS,
  },
  watch_terminals_contested_total: {
    kind: 'counter',
    help: 'Times that a terminal began to change hands between addresses all the time',
    labels: ['source'],
    maxSeries: MOST_LISTENERS,
  },
  watch_transitions_lost_total: {
    kind: 'counter',
    help: 'Changes of state that were never stored, because the store took none for too long',
    labels: [],
  },
  watch_sweep_duration_seconds: {
    kind: 'histogram',
    help: 'Time of one sweep over all terminals',
    labels: [],
    buckets: FAST_SECONDS,
  },
  watch_data_age_seconds: {
    kind: 'distribution',
    help: "Ages of the terminals' newest data at the last sweep",
    labels: [],
    buckets: AGE_BUCKETS_SECONDS,
  },
  watch_probe_duration_seconds: {
    kind: 'histogram',
    help: 'Time of one probe attempt, by component',
    labels: ['component'],
    buckets: NETWORK_SECONDS,
    maxSeries: 50,
  },
  watch_probe_verdicts_total: {
    kind: 'counter',
    help: 'Verdicts of probe rounds (ok, fail, unknown)',
    labels: ['verdict'],
  },
  watch_service_up: {
    kind: 'gauge',
    help: 'Watched service: 1 up, 0 down, NaN when unknown',
    labels: [],
  },
  watch_outage_down_seconds: {
    kind: 'gauge',
    help: 'Certain downtime of the open outage, 0 without one',
    labels: [],
  },
  watch_letters: { kind: 'gauge', help: 'Letters by state', labels: ['state'] },
  watch_letters_ready: {
    kind: 'gauge',
    help: '1 when recipients and SMTP are configured, else 0',
    labels: [],
  },
  watch_letters_oldest_due_seconds: {
    kind: 'gauge',
    help: 'Age of the oldest letter that is due and has not left, 0 without one',
    labels: [],
  },
  watch_letter_attempts_total: {
    kind: 'counter',
    help: 'Attempts to send a letter, by what became of it',
    labels: ['result'],
  },
  watch_flag_letters_total: {
    kind: 'counter',
    help: 'Letters about silent terminals that were written, by kind (digest, note, incident)',
    labels: ['kind'],
    maxSeries: 3,
  },
  watch_letters_relay_failing: {
    kind: 'gauge',
    help: '1 while the mail server refuses or cannot be reached, else 0',
    labels: [],
  },
  watch_letters_audit_ok: {
    kind: 'gauge',
    help: '1 while every due letter is proven to be sent or on its way, else 0',
    labels: [],
  },
  watch_requests: {
    kind: 'gauge',
    help: 'Requests to technical support that are open, and of these the overdue and the unregistered ones',
    labels: ['state'],
    maxSeries: 3,
  },
  watch_watchdog_failures_total: {
    kind: 'counter',
    help: 'Calls of letters.watchdogUrl that did not succeed',
    labels: [],
  },
  watch_notices_total: {
    kind: 'counter',
    help: 'What operators were told to look at, by topic',
    labels: ['topic'],
  },
  watch_store_flush_seconds: {
    kind: 'histogram',
    help: 'Time of one flush of last-seen data',
    labels: [],
    buckets: FAST_SECONDS,
  },
} as const satisfies Readonly<Record<string, Metric>>
