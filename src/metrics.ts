import { AGE_BUCKETS_SECONDS } from './core/freshness/data-age.ts'
import type { Settlement } from './core/letters/delivery.ts'
import type { Notice } from './core/letters/notice.ts'
import { NO_TIME } from './core/outage/uptime.ts'
import type { Verdict } from './core/outage/verdict.ts'
import type { Held, Removable } from './core/retention/cutoffs.ts'

/**
 * One metric. `counter` grows by `add`; `gauge` is put by `set` (a labelled gauge set to NaN is taken away),
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
  /**
   * Every value of the only label of a counter, where they are known. It is 0 with each of them from the start: what is
   * there only since it first grew has not grown at all for Prometheus. No other value is kept.
   */
  readonly values?: readonly string[]
}

const FAST_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5] as const
const NETWORK_SECONDS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] as const
/** Installations have one listener for each protocol. */
const MOST_LISTENERS = 6
const DISCONNECT_REASONS = 11
/** Rounds are due on a grid; a timer of a busy process fires some hundredths of a second late. */
const LATE_SECONDS = [0.01, 0.05, 0.25, 1, 2, 5, 15, 60] as const
const MOST_COMPONENTS = 50

/** Every metric of the service beside Node's own: at most 5,000 series, and never a terminal in a label. */
export const METRICS = {
  watch_build_info: {
    kind: 'gauge',
    help: 'Always 1: the version of the program and of the Node that runs it',
    labels: ['version', 'node'],
    maxSeries: 1,
  },
  watch_config_last_reload_successful: {
    kind: 'gauge',
    help: '1 when the newest configuration was taken over, 0 when it was refused and the one before it stays',
    labels: [],
  },
  watch_config_last_reload_success_timestamp_seconds: {
    kind: 'gauge',
    help: 'When a configuration was last taken over, at the start or by a reload',
    labels: [],
  },
  watch_terminals: { kind: 'gauge', help: 'Terminals by state', labels: ['state'], maxSeries: 11 },
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
  watch_incident_silent_terminals: {
    kind: 'gauge',
    help: 'Terminals that are silent in open incidents of mass silence, by what they have in common',
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
    maxSeries: MOST_COMPONENTS,
  },
  watch_probe_verdicts_total: {
    kind: 'counter',
    help: 'Verdicts of probe rounds (ok, fail, unknown)',
    labels: ['verdict'],
    values: all<Verdict>({ ok: true, fail: true, unknown: true }),
  },
  watch_probe_late_seconds: {
    kind: 'histogram',
    help: 'How long after its time a probe round began',
    labels: [],
    buckets: LATE_SECONDS,
  },
  watch_probe_overdue_seconds: {
    kind: 'gauge',
    help: 'How long the next verdict is overdue, 0 while rounds end in their time (interval and timeout)',
    labels: [],
  },
  watch_prober_blind: {
    kind: 'gauge',
    help: '1 while this machine cannot tell whether the watched service is up (the newest verdict is unknown), else 0',
    labels: [],
  },
  watch_component_up: {
    kind: 'gauge',
    help: 'Component of the watched service: 1 up or slow, 0 down; none while it is unknown or not watched',
    labels: ['component'],
    maxSeries: MOST_COMPONENTS,
  },
  watch_certificate_ends_timestamp_seconds: {
    kind: 'gauge',
    help: 'When the certificate ends that a component of kind tls showed last',
    labels: ['component'],
    maxSeries: MOST_COMPONENTS,
  },
  watch_service_up: {
    kind: 'gauge',
    help: 'Watched service: 1 up, 0 down, NaN when unknown',
    labels: [],
  },
  watch_service_seconds_total: {
    kind: 'counter',
    help: 'Time of the watched service as the outage clock tells it (up, down, edge, unknown, maintenance), counted when it is certain; uptime with its bounds follows from its growth',
    labels: ['state'],
    values: Object.keys(NO_TIME),
  },
  watch_outage_down_seconds: {
    kind: 'gauge',
    help: 'Certain downtime of the open outage, 0 without one',
    labels: [],
  },
  watch_outage_started_timestamp_seconds: {
    kind: 'gauge',
    help: 'When the open outage began, NaN without one',
    labels: [],
  },
  watch_outage_notice_after_seconds: {
    kind: 'gauge',
    help: 'Certain downtime after which an outage is announced (service.noticeAfter)',
    labels: [],
  },
  watch_outage_letters: {
    kind: 'gauge',
    help: 'Letters of the open outage by state, once it is long enough to be announced; none without one',
    labels: ['state'],
    maxSeries: 8,
  },
  watch_letters: { kind: 'gauge', help: 'Letters by state', labels: ['state'], maxSeries: 8 },
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
    values: all<Settlement['state']>({
      sent: true,
      retry: true,
      ambiguous: true,
      dead: true,
      superseded: true,
      filed: true,
    }),
  },
  watch_flag_letters_total: {
    kind: 'counter',
    help: 'Letters about silent terminals that were written, by kind (digest, note, incident)',
    labels: ['kind'],
    values: ['digest', 'note', 'incident'],
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
  watch_letters_audit_ok_timestamp_seconds: {
    kind: 'gauge',
    help: 'When every due letter was last proven to be sent or on its way, 0 before the first time',
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
    values: all<Notice['topic']>({
      'component-unusable': true,
      'account-unusable': true,
      'control-silent': true,
      'relay-refuses': true,
      'letter-dead': true,
      'audit-failed': true,
      'request-overdue': true,
    }),
  },
  watch_store_flush_seconds: {
    kind: 'histogram',
    help: 'Time of one flush of last-seen data',
    labels: [],
    buckets: FAST_SECONDS,
  },
  watch_store_flushed_timestamp_seconds: {
    kind: 'gauge',
    help: 'When last-seen data was last stored; at least every 10 s, also when nothing has changed',
    labels: [],
  },
  watch_store_unsaved_transitions: {
    kind: 'gauge',
    help: 'Changes of state that wait to be stored',
    labels: [],
  },
  watch_store_journal_bytes: {
    kind: 'gauge',
    help: 'Bytes of changed last-seen data since the last checkpoint: what a restart would read back',
    labels: [],
  },
  watch_store_calls_waiting: {
    kind: 'gauge',
    help: 'Calls that wait for the thread of the database',
    labels: [],
  },
  watch_store_troubles: {
    kind: 'gauge',
    help: 'What keeps the service from doing its work now: the reasons of /readyz, 0 when it is ready',
    labels: [],
  },
  watch_store_file_bytes: {
    kind: 'gauge',
    help: 'Size of the database and of its write-ahead log (wal)',
    labels: ['file'],
    maxSeries: 2,
  },
  watch_store_heap_bytes: {
    kind: 'gauge',
    help: 'Heap of the thread of the database: what is in use (used) and what it holds of the machine (total)',
    labels: ['kind'],
    maxSeries: 2,
  },
  watch_store_free_bytes: {
    kind: 'gauge',
    help: 'Bytes that are free on the disk of the data folder',
    labels: [],
  },
  watch_retention_removed_total: {
    kind: 'counter',
    help: 'Rows that were removed because they are kept no longer, by what they are; joined-rounds went into others',
    labels: ['what'],
    values: all<Removable | Held | 'joined-rounds'>({
      rounds: true,
      'joined-rounds': true,
      'uptime-hours': true,
      'routine-transitions': true,
      transitions: true,
      incidents: true,
      letters: true,
      outages: true,
      'operator-letters': true,
      notes: true,
      requests: true,
      windows: true,
      audit: true,
    }),
  },
  watch_influx_up: {
    kind: 'gauge',
    help: '1 while InfluxDB takes points, 0 while it does not, NaN when none is configured or nothing was asked yet',
    labels: [],
  },
  watch_influx_queue_points: {
    kind: 'gauge',
    help: 'Points that wait to be written to InfluxDB',
    labels: [],
  },
  watch_influx_points_total: {
    kind: 'counter',
    help: 'Points for InfluxDB by what became of them: written, dropped (too many waited), refused (as faulty)',
    labels: ['result'],
    values: ['written', 'dropped', 'refused'],
  },
  watch_influx_write_seconds: {
    kind: 'histogram',
    help: 'Time of one write to InfluxDB',
    labels: [],
    buckets: NETWORK_SECONDS,
  },
} as const satisfies Readonly<Record<string, Metric>>

/** A measurement in InfluxDB. Numbers are floats, so that a field never changes its type. */
export type Measurement = {
  readonly help: string
  readonly tags: readonly string[]
  /** By name; `text` is a string, everything else a number in that unit. */
  readonly fields: Readonly<Record<string, 'text' | 'seconds' | 'milliseconds' | 'count' | 'yes-no'>>
}

/** Everything that is written to InfluxDB: never a terminal or an address in a tag. */
export const MEASUREMENTS = {
  terminal_state: {
    help: 'Changes of state of terminals; `from` of the first state is `none`, `cause` and `silence_seconds` are there when known',
    tags: ['source', 'state', 'from'],
    fields: { terminal: 'text', cause: 'text', silence_seconds: 'seconds' },
  },
  fleet: {
    help: 'Terminals by client (`-` without one) and state every 30 s; a state without terminals is written once, as 0, when it empties, stale and lost also at the start',
    tags: ['client', 'state'],
    fields: { terminals: 'count' },
  },
  probe: {
    help: 'What each component answered in each round; the verdict of the round itself has the component `service` and the kind `round`. `verdict` is ok, fail or unknown; `ok` is 1 or 0 and absent when unknown, `latency_ms` absent without an answer',
    tags: ['component', 'kind', 'verdict'],
    fields: { latency_ms: 'milliseconds', ok: 'yes-no', reason: 'text' },
  },
  outage: {
    help: 'What happened to outages, at its time: started, warned, notice-due, alarm, expected, cancelled (as false: it never ends), ended',
    tags: ['event'],
    fields: { outage: 'text', down_seconds: 'seconds', possible_seconds: 'seconds' },
  },
  letter: {
    help: 'Ends of attempts to send a letter, by its kind and the state that it has since (sent, retry, ambiguous, dead, superseded, filed); `outage` is absent of letters without one',
    tags: ['kind', 'state'],
    fields: { letter: 'text', outage: 'text', late_seconds: 'seconds', attempts: 'count' },
  },
} as const satisfies Readonly<Record<string, Measurement>>

/** All values of a union: one that is left out, and one that is none, is a compile error. */
function all<Value extends string>(values: Readonly<Record<Value, true>>): readonly string[] {
  return Object.keys(values)
}
