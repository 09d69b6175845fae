/** `user_version` 9 to 10: incidents are found by when they ended, however long ago they began. */
export const SCHEMA_10 = `
  CREATE INDEX incidents_closed ON incidents (closed_at, id) WHERE closed_at IS NOT NULL;
`
