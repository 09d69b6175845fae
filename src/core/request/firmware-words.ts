import { CSV_WORDS } from '../fleet/csv-words.ts'
import type { Language } from '../letters/letter.ts'

/** What is wrong with entries of the firmware catalogue, and where. */
export type FirmwareWords = typeof en

const en = {
  csv: CSV_WORDS.en,
  line: (number: number) => `line ${number}`,
  entry: (number: number) => `entry ${number}`,
  noEntry: 'must be an entry with model and latest',
  unknownKey: 'is not known here',
  text: (longest: number) => `must be a line of 1 to ${longest} characters`,
  shortText: (longest: number) => `must be a line of at most ${longest} characters`,
  version: (highest: number) => `must be a whole number from 0 to ${highest}`,
  versions: (highest: number) => `each must be a whole number from 0 to ${highest}`,
  manyVersions: (most: number) => `at most ${most} versions`,
  day: 'must be a day such as 2026-01-15, or empty',
  aboveLatest: 'must not be higher than latest',
  holdsLatest: 'must not hold latest',
  noEntries: 'there is no entry in it',
  manyEntries: (most: number) => `more than ${most} entries`,
  noList: 'must be a list of entries, or CSV with a line of column names',
  longYaml: (kibibytes: number) => `is longer than ${kibibytes} KiB, which only JSON and CSV may be`,
  /** `at`: line and column; the text is that of the parser. */
  yaml: (at: string, text: string) => ({ path: at, message: text }),
}

const ru: FirmwareWords = {
  csv: CSV_WORDS.ru,
  line: (number) => `строка ${number}`,
  entry: (number) => `запись ${number}`,
  noEntry: 'должна быть запись с model и latest',
  unknownKey: 'здесь такого поля нет',
  text: (longest) => `одна строка, от 1 до ${longest} знаков`,
  shortText: (longest) => `одна строка, не длиннее ${longest} знаков`,
  version: (highest) => `целое число от 0 до ${highest}`,
  versions: (highest) => `каждая версия — целое число от 0 до ${highest}`,
  manyVersions: (most) => `не больше ${most} версий`,
  day: 'день, например 2026-01-15, или пусто',
  aboveLatest: 'не может быть выше последней версии',
  holdsLatest: 'последней версии здесь быть не может',
  noEntries: 'записей нет',
  manyEntries: (most) => `больше ${most} записей`,
  noList: 'должен быть список записей или CSV с названиями столбцов в первой строке',
  longYaml: (kibibytes) => `длиннее ${kibibytes} КиБ: такими могут быть только JSON и CSV`,
  yaml: (at, text) => ({
    path: at.replace('line', 'строка').replace('column', 'знак'),
    message: `YAML не разобрать (${text})`,
  }),
}

export const FIRMWARE_WORDS: Readonly<Record<Language, FirmwareWords>> = { en, ru }
