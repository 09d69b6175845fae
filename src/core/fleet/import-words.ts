import type { Language } from '../letters/letter.ts'
import { en } from './import-words-en.ts'
import { ru } from './import-words-ru.ts'

/** What an inventory file has to be told of: why rows are bad, and what else people should know. */
export type ImportWords = typeof en

export const IMPORT_WORDS: Readonly<Record<Language, ImportWords>> = { en, ru }
