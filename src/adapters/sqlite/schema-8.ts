/** `user_version` 7 to 8: since when a terminal is its client's and its group's. Of older handovers that is not known. */
export const SCHEMA_8 = `
  ALTER TABLE terminals ADD COLUMN handed_over TEXT;
`
