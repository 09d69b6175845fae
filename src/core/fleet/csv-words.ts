import type { Language } from '../letters/letter.ts'
import { type CsvFault, LONGEST_RECORD, MOST_CELLS } from './csv-record.ts'

/** What is wrong with the quotes or the length of a record. */
type CsvWords = Readonly<Record<CsvFault, string>>

const en: CsvWords = {
  long: `the line is longer than ${LONGEST_RECORD} characters`,
  columns: `more than ${MOST_CELLS} columns`,
  'behind-quote': 'there is text behind the closing quote of a cell; double the quotes inside',
  'open-quote': 'a quoted cell begins here and is never closed',
  'long-quote': `a quoted cell begins here and is longer than ${LONGEST_RECORD} characters`,
}

const ru: CsvWords = {
  long: `строка длиннее ${LONGEST_RECORD} знаков`,
  columns: `больше ${MOST_CELLS} столбцов`,
  'behind-quote': 'после закрывающей кавычки ячейки есть текст; кавычки внутри ячейки удвойте',
  'open-quote': 'здесь начинается ячейка в кавычках, и закрывающей кавычки нет',
  'long-quote': `здесь начинается ячейка в кавычках длиннее ${LONGEST_RECORD} знаков`,
}

export const CSV_WORDS: Readonly<Record<Language, CsvWords>> = { en, ru }
