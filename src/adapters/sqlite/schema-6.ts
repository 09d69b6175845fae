/** A change of state that nobody is told of; a constant of the schema. */
export const ROUTINE = `from_state IN ('fresh', 'sleeping', 'no-fix', 'backlog')
    AND to_state IN ('fresh', 'sleeping', 'no-fix', 'backlog') AND alert_id IS NULL AND note IS NULL`

/** `user_version` 5 to 6: rounds that say the same are one row; the audit trail may lose its oldest entries. */
export const SCHEMA_6 = `
  -- Of a row that stands for several rounds (core/retention/round-run.ts): issue time of the last one, and how many.
  ALTER TABLE trace ADD COLUMN until_at INTEGER;
  ALTER TABLE trace ADD COLUMN rounds INTEGER;

  -- Changes of a terminal that is heard, which are kept for less time than the others.
  CREATE INDEX transitions_routine ON transitions (at) WHERE ${ROUTINE};

  -- Has a row only within the transactions that remove entries older than it says.
  CREATE TABLE audit_horizon (id INTEGER PRIMARY KEY CHECK (id = 1), before INTEGER NOT NULL) STRICT;
  DROP TRIGGER audit_never_deleted;
  CREATE TRIGGER audit_never_deleted BEFORE DELETE ON audit
  WHEN NOT EXISTS (SELECT 1 FROM audit_horizon WHERE OLD.at < before)
  BEGIN
    SELECT RAISE(ABORT, 'the audit trail cannot be changed');
  END;
`
