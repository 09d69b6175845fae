/** `user_version` 8 to 9: the units that a vehicle had before, as JSON; null: none is known. */
export const SCHEMA_9 = `
  ALTER TABLE terminals ADD COLUMN former_units TEXT;
`
