/** `user_version` 6 to 7: whose the terminal of a note was. Of older notes that is not known: dealers do not see them. */
export const SCHEMA_7 = `
  ALTER TABLE notes ADD COLUMN client TEXT NOT NULL DEFAULT '';
  ALTER TABLE notes ADD COLUMN client_group TEXT NOT NULL DEFAULT '';
`
