import { en } from './requests-en.ts'
import { ru } from './requests-ru.ts'

/** Texts of the requests to support, by language. */
export const requestTexts = { ru, en }
