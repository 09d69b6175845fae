import { counted } from './counted.ts'

const ru = {
  title: 'Справочник',
  csvTitle: 'Файл справочника',
  csvText:
    'CSV со столбцами terminal_id, name, client, dealer, group, operator, region, model, firmware, imei, sim, profile, uuid, aliases (через пробел), lifecycle. Новые терминалы добавятся, известные обновятся, пустые ячейки ничего не меняют. Если хоть одна строка не годится, не изменится ничего.',
  csvClear:
    'Чтобы стереть значение, поставьте в ячейке один дефис: -. Номер терминала (terminal_id) и lifecycle стереть нельзя.',
  csvReplaced:
    'Если у известного uuid другой terminal_id, терминал машины заменили: её настройки и история сохранятся.',
  csvPatience: 'Ответ придёт, когда файл загружен целиком: 100 000 строк — это несколько секунд.',
  csvFile: 'Файл CSV',
  csvImport: 'Загрузить',
  csvExport: 'Скачать справочник (CSV)',
  csvEmpty: 'Выберите файл CSV.',
  csvTooLong: 'Файл слишком велик: не больше 64 МиБ.',
  csvRejected: 'Ничего не загружено. Исправьте строки и загрузите файл снова:',
  csvLine: (line: number, reason: string) => `строка ${line}: ${reason}`,
  imported: (created: string, updated: string, merged: string) =>
    `Загружено: новых ${created}, обновлено ${updated}, объединено с обнаруженными ${merged}.`,
  warnings: 'Обратите внимание:',
  replacedTitle: 'Замена терминалов',
  replaced: (vehicle: string, from: string, to: string) => `${vehicle}: вместо ${from} теперь ${to}`,
  moreLines: (count: number) => `и ещё ${counted(count, 'строка', 'строки', 'строк')}`,
  discoveredTitle: 'Обнаруженные терминалы',
  discoveredText:
    'Они появились в данных, но их нет в справочнике. Отметьте, какие принять; заполненные поля получат все принятые.',
  discoveredNone: 'Все терминалы, от которых есть данные, есть в справочнике.',
  choose: 'Принять',
  id: 'Номер',
  alsoKnownAs: 'другие имена:',
  firstSeen: 'Впервые',
  contact: 'Связь',
  source: 'Источник',
  all: (total: string) => `Все обнаруженные (${total})`,
  client: 'Клиент',
  dealer: 'Дилер',
  group: 'Группа',
  profile: 'Профиль',
  adopt: 'Принять в справочник',
  done: { adopted: 'Терминалы приняты в справочник.' },
  nobodyChosen: 'Отметьте хотя бы один терминал.',
  wrongField: (max: number) => `Клиент, дилер, группа и профиль: одна строка, не длиннее ${max} знаков.`,
  refused: 'Терминалы не приняты. Уберите отметки с этих и повторите:',
  reasons: {
    unknown: 'такого терминала больше нет',
    'not-discovered': 'уже в справочнике',
    'no-id': 'такой номер не может стоять в файле справочника',
  },
  conflictsTitle: 'Противоречия',
  conflictsText: 'Здесь программа ничего не решает сама: исправьте справочник, и строка исчезнет.',
  conflictsNone: 'Противоречий нет.',
  conflictName: 'Имя',
  conflictTerminals: 'Терминалы',
  conflictWhat: 'В чём дело',
  conflict: {
    alias: (first: string) => `Это имя есть у нескольких терминалов. Данные под ним идут терминалу ${first}.`,
    vehicle: (first: string) =>
      `Несколько терминалов записаны в одну машину. Данные под её uuid идут терминалу ${first}.`,
    data: (first: string) =>
      `В данных так назван и другой терминал. Имя ведёт к ${first}. Если оно его, впишите его в aliases этого терминала; если блок один, уберите лишний терминал (lifecycle decommissioned).`,
    tree: () => 'Дерево Omnicomm говорит не то, что справочник. Ничего не изменено.',
  },
}

const en: typeof ru = {
  title: 'Inventory',
  csvTitle: 'Inventory file',
  csvText:
    'CSV with the columns terminal_id, name, client, dealer, group, operator, region, model, firmware, imei, sim, profile, uuid, aliases (separated by blanks), lifecycle. New terminals are added, known ones updated, empty cells change nothing. With one bad line nothing changes.',
  csvClear:
    'To clear a value write a single hyphen into its cell: -. The terminal_id and the lifecycle cannot be cleared.',
  csvReplaced:
    'If a known uuid has another terminal_id, the vehicle’s terminal was replaced: its settings and history are kept.',
  csvPatience: 'The answer comes when the whole file is imported: 100,000 lines take some seconds.',
  csvFile: 'CSV file',
  csvImport: 'Import',
  csvExport: 'Download the inventory (CSV)',
  csvEmpty: 'Choose a CSV file.',
  csvTooLong: 'The file is too large: at most 64 MiB.',
  csvRejected: 'Nothing was imported. Correct these lines and import the file again:',
  csvLine: (line, reason) => `line ${line}: ${reason}`,
  imported: (created, updated, merged) =>
    `Imported: ${created} new, ${updated} updated, ${merged} merged with discovered ones.`,
  warnings: 'Please note:',
  replacedTitle: 'Replaced terminals',
  replaced: (vehicle, from, to) => `${vehicle}: ${to} instead of ${from}`,
  moreLines: (count) => `and ${count} more ${count === 1 ? 'line' : 'lines'}`,
  discoveredTitle: 'Discovered terminals',
  discoveredText:
    'They appeared in the data and are not in the inventory. Choose those to adopt; filled fields are given to all of them.',
  discoveredNone: 'Every terminal that has sent data is in the inventory.',
  choose: 'Adopt',
  id: 'Id',
  alsoKnownAs: 'also known as',
  firstSeen: 'First seen',
  contact: 'Contact',
  source: 'Source',
  all: (total) => `All discovered ones (${total})`,
  client: 'Client',
  dealer: 'Dealer',
  group: 'Group',
  profile: 'Profile',
  adopt: 'Adopt into the inventory',
  done: { adopted: 'The terminals were adopted into the inventory.' },
  nobodyChosen: 'Choose at least one terminal.',
  wrongField: (max) => `Client, dealer, group and profile are one line of at most ${max} characters each.`,
  refused: 'Terminals were not adopted. Leave these out and try again:',
  reasons: {
    unknown: 'this terminal is gone',
    'not-discovered': 'is in the inventory already',
    'no-id': 'is no id that an inventory file could hold',
  },
  conflictsTitle: 'Conflicts',
  conflictsText: 'The program decides none of these: correct the inventory, and the line goes away.',
  conflictsNone: 'There are no conflicts.',
  conflictName: 'Name',
  conflictTerminals: 'Terminals',
  conflictWhat: 'What it is',
  conflict: {
    alias: (first) => `Several terminals have this name. Data under it goes to terminal ${first}.`,
    vehicle: (first) =>
      `Several terminals are said to be in one vehicle. Data under its uuid goes to ${first}.`,
    data: (first) =>
      `Data gives this name to another terminal, too. It leads to ${first}. If it is its own, enter it in the aliases of that terminal; if both are one unit, retire the one that is too many (lifecycle decommissioned).`,
    tree: () => 'The Omnicomm tree says something else than the inventory. Nothing was changed.',
  },
}

/** The page of the inventory. */
export const inventoryTexts = { ru, en }
