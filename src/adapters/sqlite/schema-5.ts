/** `user_version` 4 to 5: records that people keep (accounts, catalogues, requests, contacts), notes to terminals. */
export const SCHEMA_5 = `
  -- record: the whole record in JSON.
  CREATE TABLE records (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    record TEXT NOT NULL,
    UNIQUE (kind, id)
  ) STRICT;

  CREATE TABLE notes (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    terminal_id TEXT NOT NULL,
    at INTEGER NOT NULL,
    by_name TEXT NOT NULL,
    kind TEXT NOT NULL,
    text TEXT NOT NULL
  ) STRICT;
  CREATE INDEX notes_by_terminal ON notes (terminal_id, number);
`
