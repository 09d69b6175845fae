import { CSV_WORDS } from './csv-words.ts'

const AS_TEXT = 'format the column as text and fill it anew'

const clearFirst = (terminals: string): string =>
  `first import a file with - as the uuid of ${terminals}, then this one`

/** What an inventory file has to be told of, in English; the words of programs, too. */
export const en = {
  csv: CSV_WORDS.en,
  damaged:
    'the file is UTF-8, but this line has bytes in it that are none; save the file as UTF-8 anew, or as windows-1251 as a whole',
  empty: 'the file is empty; its first line must name the columns',
  noIdColumn: (columns: string) =>
    `the first line has no column terminal_id; it must name the columns: ${columns}`,
  columnTwice: (column: string) => `column ${column} is there twice`,
  unknownColumn: (name: string) => `column ${JSON.stringify(name)} is not known and was left out`,
  windows1251: 'the file is not UTF-8 and was read as windows-1251',
  noRows: 'the file has a header and no rows',
  manyRows: 'a file has at most 1,000,000 rows; split it',
  manyCells: (cells: number, columns: number) =>
    `${cells} cells, but the header has ${columns}; quote cells that hold the delimiter`,
  noId: 'terminal_id is empty',
  idTwice: (id: string, line: number) => `terminal ${id} is already on line ${line}`,

  longer: (longest: number) => `longer than ${longest} characters`,
  unprintable: 'has line breaks or control characters in it',
  imei: 'an IMEI has 14 to 16 digits',
  lifecycle: 'must be active, suspended or decommissioned',
  grouped: (id: string) => `${id} has its digits in groups, as spreadsheets show numbers; ${AS_TEXT}`,
  noAddress: (id: string) => `${id} is no id: the address of its page could not name it`,
  apostrophe: (id: string) =>
    `${id} begins with the apostrophe by which spreadsheets mark texts; take it away`,
  rounded: (value: string) => `${value} is a number that a spreadsheet has rounded; ${AS_TEXT}`,
  places: (value: string) => `${value} is a number with places behind the point; ${AS_TEXT}`,
  groupedNames: (cell: string) => `${cell} has its digits in groups; ${AS_TEXT}`,
  manyNames: (most: number) => `more than ${most} names; separate them by blanks`,
  longName: (longest: number) => `a name is longer than ${longest} characters`,

  otherName: (id: string, terminal: string) => `${id} is another name of terminal ${terminal}`,
  takeNameFirst: (id: string, terminal: string) =>
    `${id} is another name of terminal ${terminal}; take the name from that one first (- clears a cell)`,
  uuidTwice: (uuid: string, line: number) => `uuid ${uuid} is already on line ${line}`,
  uuidOnLine: (uuid: string, holder: string, line: number, other: string | null) =>
    `uuid ${uuid} is of terminal ${holder}, which is on line ${line}; ${clearFirst(other === null ? holder : `${holder} and of ${other}`)}`,
  uuidTaken: (uuid: string, holder: string, id: string, vehicle: string) =>
    `uuid ${uuid} is of terminal ${holder}, and ${id} is in the inventory already, in vehicle ${vehicle}; if ${id} takes its place, ${clearFirst(id)}`,

  leftOut: (line: number, uuid: string, holder: string, id: string) =>
    `line ${line}: vehicle ${uuid} has terminal ${holder} by now, not ${id}; the row was left out`,
  becameTerminal: (line: number, name: string, holder: string) =>
    `line ${line}: name ${name} was learnt from data for terminal ${holder} and now is a terminal of its own`,
  becameName: (line: number, name: string, holder: string, id: string) =>
    `line ${line}: name ${name} was learnt from data for terminal ${holder} and now is a name of terminal ${id}`,
  more: (count: number) => `and ${count} more warnings`,
}
