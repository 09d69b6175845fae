/** `user_version` 3 to 4: thresholds and acknowledgements of people, causes, incidents, what is usual, gaps. */
export const SCHEMA_4 = `
  -- JSON or NULL; a threshold of null is infinite.
  ALTER TABLE terminals ADD COLUMN thresholds TEXT;
  ALTER TABLE terminals ADD COLUMN acknowledged TEXT;

  ALTER TABLE transitions ADD COLUMN cause TEXT;
  ALTER TABLE transitions ADD COLUMN incident TEXT;
  -- Of all transitions the few that people may have to know, in the order in which they were stored.
  CREATE INDEX transitions_flags ON transitions (number)
    WHERE (alert_id IS NOT NULL OR note IS NOT NULL
      OR (from_state IN ('stale', 'lost') AND to_state NOT IN ('stale', 'lost')));

  -- incident: the whole incident in JSON; members: rows of its terminals, u32 little-endian each.
  CREATE TABLE incidents (
    id TEXT PRIMARY KEY,
    opened_at INTEGER NOT NULL,
    closed_at INTEGER,
    incident TEXT NOT NULL,
    members BLOB NOT NULL
  ) STRICT;
  CREATE INDEX incidents_by_opening ON incidents (opened_at, id);
  CREATE INDEX incidents_open ON incidents (opened_at, id) WHERE closed_at IS NULL;

  CREATE TABLE baselines (
    dimension TEXT NOT NULL,
    group_name TEXT NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (dimension, group_name)
  ) STRICT;

  -- The inventory a second time, 4,096 rows of terminals each, as it is read at start (core/fleet/page-codec.ts). What
  -- is missing or of another version is made anew from the rows; crc is that of bytes.
  CREATE TABLE inventory_pages (
    number INTEGER PRIMARY KEY,
    version INTEGER NOT NULL,
    crc INTEGER NOT NULL,
    bytes BLOB NOT NULL
  ) STRICT;
  CREATE TRIGGER terminals_inserted AFTER INSERT ON terminals BEGIN
    DELETE FROM inventory_pages WHERE number = new.row / 4096;
  END;
  CREATE TRIGGER terminals_updated AFTER UPDATE ON terminals BEGIN
    DELETE FROM inventory_pages WHERE number IN (old.row / 4096, new.row / 4096);
  END;
  CREATE TRIGGER terminals_deleted AFTER DELETE ON terminals BEGIN
    DELETE FROM inventory_pages WHERE number = old.row / 4096;
  END;

  -- Histograms of the gaps of the terminals that learn, by row.
  CREATE TABLE gaps (row INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
`
