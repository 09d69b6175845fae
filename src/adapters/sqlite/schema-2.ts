/** `user_version` 1 to 2: operator actions, planned work by rules, recipients, folded hours, the audit trail. */
export const SCHEMA_2 = `
  ALTER TABLE outages ADD COLUMN warned_at INTEGER;
  ALTER TABLE outages ADD COLUMN handling TEXT NOT NULL
    DEFAULT '{"expected":null,"message":null,"confirmed":null,"cancelled":null,"ordered":null}';
  ALTER TABLE outages ADD COLUMN bulletins TEXT NOT NULL DEFAULT '{"updates":0,"at":null,"nextAt":null}';
  DROP INDEX outages_by_state;
  CREATE INDEX outages_not_ended ON outages (start_at, id) WHERE end_at IS NULL;

  ALTER TABLE maintenance_windows ADD COLUMN announced INTEGER;
  ALTER TABLE maintenance_windows ADD COLUMN rule TEXT;
  CREATE TABLE maintenance_rules (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    cron TEXT NOT NULL,
    duration_ms INTEGER NOT NULL,
    reason TEXT NOT NULL,
    announce INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE recipients (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    email TEXT NOT NULL,
    name TEXT NOT NULL,
    language TEXT NOT NULL,
    added_at INTEGER NOT NULL
  ) STRICT;

  -- totals: per component and, under the empty key, of the service: [up, down, edge, unknown, maintenance] in ms.
  CREATE TABLE uptime_hours (at INTEGER PRIMARY KEY, totals TEXT NOT NULL) STRICT;

  -- Spellings of an address that differ only in case are one recipient (addressKey).
  ALTER TABLE letters ADD COLUMN recipient_key TEXT NOT NULL DEFAULT '';
  UPDATE letters SET recipient_key = lower(trim(recipient));
  -- The first version told them apart, so both may have had the same letter: the later one keeps a key of its own.
  UPDATE letters SET recipient_key = recipient_key || ' ' || number WHERE EXISTS (
    SELECT 1 FROM letters AS earlier INDEXED BY letters_by_subject
    WHERE earlier.subject = letters.subject AND earlier.kind = letters.kind AND earlier.sequence = letters.sequence
      AND earlier.recipient_key = letters.recipient_key AND earlier.number < letters.number);
  CREATE UNIQUE INDEX letters_by_key ON letters (subject, kind, sequence, recipient_key);
  DROP INDEX letters_unfinished;
  CREATE INDEX letters_unfinished ON letters (subject, recipient_key, number)
    WHERE state IN ('pending', 'sending', 'retry', 'ambiguous');
  CREATE INDEX letters_waiting ON letters (next_at, number) WHERE state IN ('pending', 'retry', 'ambiguous');
  CREATE INDEX letters_by_kind ON letters (kind, number);

  CREATE TABLE audit (
    number INTEGER PRIMARY KEY AUTOINCREMENT CHECK (number > 0),
    at INTEGER NOT NULL,
    actor_name TEXT NOT NULL,
    actor_via TEXT NOT NULL,
    actor_address TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    value_before TEXT,
    value_after TEXT
  ) STRICT;
  CREATE INDEX audit_by_subject ON audit (subject, number);
  CREATE TRIGGER audit_never_updated BEFORE UPDATE ON audit
  BEGIN
    SELECT RAISE(ABORT, 'the audit trail cannot be changed');
  END;
  CREATE TRIGGER audit_never_deleted BEFORE DELETE ON audit
  BEGIN
    SELECT RAISE(ABORT, 'the audit trail cannot be changed');
  END;
  -- REPLACE deletes the row that is in its way without asking the trigger above.
  CREATE TRIGGER audit_never_replaced BEFORE INSERT ON audit
  WHEN EXISTS (SELECT 1 FROM audit WHERE number = NEW.number)
  BEGIN
    SELECT RAISE(ABORT, 'the audit trail cannot be changed');
  END;
`
