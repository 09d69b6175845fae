import { SCHEMA_1 } from './schema-1.ts'
import { SCHEMA_2 } from './schema-2.ts'
import { SCHEMA_3 } from './schema-3.ts'
import { SCHEMA_4 } from './schema-4.ts'
import { SCHEMA_5 } from './schema-5.ts'
import { SCHEMA_6 } from './schema-6.ts'
import { SCHEMA_7 } from './schema-7.ts'
import { SCHEMA_8 } from './schema-8.ts'
import { SCHEMA_9 } from './schema-9.ts'
import { SCHEMA_10 } from './schema-10.ts'

/**
 * The schema, step by step: entry n brings a database of `user_version` n to n + 1. An entry that has been released
 * is never changed, a change is a new entry. Enumerations carry no CHECK, so that a new word needs no new table.
 * Times are milliseconds since 1970, durations milliseconds.
 */
export const MIGRATIONS: readonly string[] = [
  SCHEMA_1,
  SCHEMA_2,
  SCHEMA_3,
  SCHEMA_4,
  SCHEMA_5,
  SCHEMA_6,
  SCHEMA_7,
  SCHEMA_8,
  SCHEMA_9,
  SCHEMA_10,
]
