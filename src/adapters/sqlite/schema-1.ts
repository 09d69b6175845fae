/** An empty database to `user_version` 1. Released: never changed. */
export const SCHEMA_1 = `
  CREATE TABLE heartbeat (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    at INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE terminals (
    row INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    client TEXT NOT NULL,
    dealer TEXT NOT NULL,
    group_path TEXT NOT NULL,
    operator TEXT NOT NULL,
    region TEXT NOT NULL,
    model TEXT NOT NULL,
    firmware TEXT NOT NULL,
    imei TEXT NOT NULL,
    sim TEXT NOT NULL,
    profile TEXT NOT NULL,
    uuid TEXT NOT NULL,
    lifecycle TEXT NOT NULL,
    discovered INTEGER NOT NULL,
    first_seen_at INTEGER NOT NULL,
    maintenance_from INTEGER,
    maintenance_to INTEGER,
    maintenance_reason TEXT
  ) STRICT;

  -- Registers of 512 terminals in a row, and what changed since they were written.
  CREATE TABLE chunks (number INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
  CREATE TABLE journal (number INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;

  CREATE TABLE transitions (
    number INTEGER PRIMARY KEY,
    terminal_id TEXT NOT NULL,
    at INTEGER NOT NULL,
    from_state TEXT,
    to_state TEXT NOT NULL,
    contact_at INTEGER,
    source TEXT NOT NULL,
    alert_id TEXT,
    note TEXT
  ) STRICT;
  CREATE INDEX transitions_by_terminal ON transitions (terminal_id, at);
  CREATE INDEX transitions_flaps ON transitions (at)
    WHERE (from_state IN ('stale', 'lost')) <> (to_state IN ('stale', 'lost'));
  CREATE UNIQUE INDEX transitions_alert ON transitions (terminal_id, at, alert_id) WHERE alert_id IS NOT NULL;

  CREATE TABLE blind (
    source TEXT NOT NULL,
    from_at INTEGER NOT NULL,
    to_at INTEGER,
    PRIMARY KEY (source, from_at)
  ) STRICT, WITHOUT ROWID;

  -- Probe rounds and clock steps in the order in which they were appended.
  CREATE TABLE trace (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    at INTEGER NOT NULL,
    completed_at INTEGER,
    interval_ms INTEGER,
    timeout_ms INTEGER,
    verdict TEXT,
    reason TEXT,
    components TEXT,
    delta_ms INTEGER
  ) STRICT;
  CREATE INDEX trace_by_time ON trace (at);

  CREATE TABLE maintenance_windows (
    id TEXT PRIMARY KEY,
    from_at INTEGER NOT NULL,
    to_at INTEGER NOT NULL,
    reason TEXT NOT NULL
  ) STRICT;

  CREATE TABLE outages (
    id TEXT PRIMARY KEY,
    state TEXT NOT NULL,
    start_at INTEGER NOT NULL,
    not_before INTEGER,
    end_at INTEGER,
    down_ms INTEGER NOT NULL,
    possible_ms INTEGER NOT NULL,
    latest_fail_at INTEGER NOT NULL,
    letter_due_at INTEGER,
    operator_alarm_at INTEGER,
    intermittent INTEGER NOT NULL,
    failed TEXT NOT NULL
  ) STRICT;
  CREATE INDEX outages_by_start ON outages (start_at, id);
  CREATE INDEX outages_by_state ON outages (state, start_at, id);

  -- number is the order of the queue; lease_owner and lease_until wait for a database that several services share.
  CREATE TABLE letters (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    subject TEXT NOT NULL,
    kind TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    recipient TEXT NOT NULL,
    message_id TEXT NOT NULL,
    state TEXT NOT NULL,
    due_at INTEGER NOT NULL,
    next_at INTEGER,
    sent_at INTEGER,
    claimed_at INTEGER,
    body_handed_over INTEGER NOT NULL,
    lease_owner TEXT,
    lease_until INTEGER,
    envelope_from TEXT NOT NULL,
    mime BLOB NOT NULL,
    UNIQUE (subject, kind, sequence, recipient)
  ) STRICT;
  CREATE INDEX letters_unfinished ON letters (subject, recipient, number)
    WHERE state IN ('pending', 'sending', 'retry', 'ambiguous');
  CREATE INDEX letters_by_state ON letters (state, number);
  CREATE INDEX letters_by_subject ON letters (subject, number);
  CREATE INDEX letters_sent ON letters (sent_at) WHERE state = 'sent';

  CREATE TABLE letter_attempts (
    letter INTEGER NOT NULL REFERENCES letters (number) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    at INTEGER NOT NULL,
    result TEXT NOT NULL,
    reply TEXT NOT NULL,
    PRIMARY KEY (letter, number)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
`
