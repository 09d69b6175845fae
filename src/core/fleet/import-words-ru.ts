import { CSV_WORDS } from './csv-words.ts'
import type { en } from './import-words-en.ts'

const AS_TEXT = 'сделайте столбец текстовым и заполните его снова'

const clearFirst = (terminals: string): string =>
  `сначала загрузите файл, где у ${terminals} вместо uuid стоит -, потом этот`

/** The same in Russian. */
export const ru: typeof en = {
  csv: CSV_WORDS.ru,
  damaged:
    'файл в UTF-8, но в этой строке есть байты не из UTF-8; сохраните файл снова в UTF-8 или целиком в windows-1251',
  empty: 'файл пуст; в первой строке должны быть названия столбцов',
  noIdColumn: (columns) =>
    `в первой строке нет столбца terminal_id; в ней должны быть названия столбцов: ${columns}`,
  columnTwice: (column) => `столбец ${column} указан дважды`,
  unknownColumn: (name) => `столбец «${name}» неизвестен и пропущен`,
  windows1251: 'файл не в UTF-8, он прочитан как windows-1251',
  noRows: 'в файле есть заголовок и нет строк',
  manyRows: 'в файле может быть не больше 1 000 000 строк; разделите его',
  manyCells: (cells, columns) =>
    `ячеек ${cells}, а столбцов в заголовке ${columns}; ячейки с разделителем внутри возьмите в кавычки`,
  noId: 'terminal_id пуст',
  idTwice: (id, line) => `терминал ${id} уже есть в строке ${line}`,

  longer: (longest) => `длиннее ${longest} знаков`,
  unprintable: 'внутри есть переносы строк или управляющие символы',
  imei: 'в IMEI от 14 до 16 цифр',
  lifecycle: 'должно быть active, suspended или decommissioned',
  grouped: (id) => `цифры ${id} разбиты на группы, как числа в таблицах; ${AS_TEXT}`,
  noAddress: (id) => `${id} — не идентификатор: адрес страницы не может его содержать`,
  apostrophe: (id) => `${id} начинается с апострофа, которым таблицы отмечают текст; уберите его`,
  rounded: (value) => `${value} — число, которое таблица округлила; ${AS_TEXT}`,
  places: (value) => `${value} — число с дробной частью; ${AS_TEXT}`,
  groupedNames: (cell) => `цифры ${cell} разбиты на группы; ${AS_TEXT}`,
  manyNames: (most) => `имён больше ${most}; разделяйте их пробелами`,
  longName: (longest) => `имя длиннее ${longest} знаков`,

  otherName: (id, terminal) => `${id} — другое имя терминала ${terminal}`,
  takeNameFirst: (id, terminal) =>
    `${id} — другое имя терминала ${terminal}; сначала уберите это имя у него (- очищает ячейку)`,
  uuidTwice: (uuid, line) => `uuid ${uuid} уже есть в строке ${line}`,
  uuidOnLine: (uuid, holder, line, other) =>
    `uuid ${uuid} у терминала ${holder}, а он в строке ${line}; ${clearFirst(other === null ? holder : `${holder} и ${other}`)}`,
  uuidTaken: (uuid, holder, id, vehicle) =>
    `uuid ${uuid} у терминала ${holder}, а ${id} уже есть в справочнике, в машине ${vehicle}; если ${id} ставят на его место, ${clearFirst(id)}`,

  leftOut: (line, uuid, holder, id) =>
    `строка ${line}: в машине ${uuid} уже стоит терминал ${holder}, а не ${id}; строка пропущена`,
  becameTerminal: (line, name, holder) =>
    `строка ${line}: имя ${name} было известно из данных терминала ${holder}, теперь это отдельный терминал`,
  becameName: (line, name, holder, id) =>
    `строка ${line}: имя ${name} было известно из данных терминала ${holder}, теперь это имя терминала ${id}`,
  more: (count) => `и ещё предупреждений: ${count}`,
}
