import { CSV_WORDS } from '../fleet/csv-words.ts'
import type { Language } from './letter.ts'

/** Why rows of a file of recipients are bad. */
export type RecipientWords = typeof en

const en = {
  csv: CSV_WORDS.en,
  damaged: 'this line has bytes in it that are no UTF-8',
  empty: (columns: string) => `the file is empty; its first line must be ${columns}`,
  unknownColumn: (name: string, columns: string) =>
    `${JSON.stringify(name)} is no column; the first line must be ${columns}`,
  columnTwice: (column: string) => `column ${column} is there twice`,
  noEmail: (columns: string) => `the first line has no column email; it must be ${columns}`,
  tooMany: 'too many lines, or too many bad ones: no further ones were read',
  manyCells: (cells: number, columns: number) =>
    `${cells} cells, but the header has ${columns}; quote cells that hold the delimiter`,
  email: (text: string) => `email: ${JSON.stringify(text)} is no e-mail address`,
  longer: (longest: number) => `longer than ${longest} characters`,
  unprintable: 'has line breaks or control characters in it',
  language: 'language: must be ru or en',
  twice: (email: string, line: number) => `${email} is already on line ${line}`,
  ofFile: (email: string) => `${email} stands in the configuration file; change it there`,
  full: (most: number) => `there can be at most ${most} recipients`,
}

const ru: RecipientWords = {
  csv: CSV_WORDS.ru,
  damaged: 'в этой строке есть байты не из UTF-8',
  empty: (columns) => `файл пуст; первой строкой должно быть ${columns}`,
  unknownColumn: (name, columns) => `столбца «${name}» нет; первой строкой должно быть ${columns}`,
  columnTwice: (column) => `столбец ${column} указан дважды`,
  noEmail: (columns) => `в первой строке нет столбца email; ею должно быть ${columns}`,
  tooMany: 'слишком много строк или ошибок: дальше файл не читался',
  manyCells: (cells, columns) =>
    `ячеек ${cells}, а столбцов в заголовке ${columns}; ячейки с разделителем внутри возьмите в кавычки`,
  email: (text) => `email: «${text}» — не адрес электронной почты`,
  longer: (longest) => `длиннее ${longest} знаков`,
  unprintable: 'внутри есть переносы строк или управляющие символы',
  language: 'language: должно быть ru или en',
  twice: (email, line) => `${email} уже есть в строке ${line}`,
  ofFile: (email) => `${email} указан в файле настроек; меняйте его там`,
  full: (most) => `получателей может быть не больше ${most}`,
}

export const RECIPIENT_WORDS: Readonly<Record<Language, RecipientWords>> = { en, ru }
