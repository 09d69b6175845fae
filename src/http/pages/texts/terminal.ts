import { en } from './terminal-en.ts'
import { ru } from './terminal-ru.ts'

/** The page of a terminal. */
export const terminalTexts = { ru, en }
