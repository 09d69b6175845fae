/** `user_version` 2 to 3: names of terminals, merged terminals, intake, archive counters, two kinds of blindness. */
export const SCHEMA_3 = `
  -- JSON lists: aliases are what people said, learnt names {name, source} what data or a merger brought.
  ALTER TABLE terminals ADD COLUMN aliases TEXT NOT NULL DEFAULT '[]';
  ALTER TABLE terminals ADD COLUMN learnt TEXT NOT NULL DEFAULT '[]';
  ALTER TABLE terminals ADD COLUMN from_tree TEXT NOT NULL DEFAULT '[]';
  ALTER TABLE terminals ADD COLUMN intake TEXT NOT NULL DEFAULT 'unknown';
  -- Empty, or the terminal that this one turned out to be.
  ALTER TABLE terminals ADD COLUMN merged_into TEXT NOT NULL DEFAULT '';

  CREATE TABLE archive_counters (
    terminal_id TEXT PRIMARY KEY,
    record_id INTEGER NOT NULL,
    firmware INTEGER
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE blind_by_kind (
    source TEXT NOT NULL,
    kind TEXT NOT NULL,
    from_at INTEGER NOT NULL,
    to_at INTEGER,
    PRIMARY KEY (source, kind, from_at)
  ) STRICT, WITHOUT ROWID;
  INSERT INTO blind_by_kind SELECT source, 'own', from_at, to_at FROM blind;
  DROP TABLE blind;
  ALTER TABLE blind_by_kind RENAME TO blind;
`
