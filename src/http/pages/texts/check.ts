import type { SensorState } from '../../../core/request/sms-reply.ts'

type Words<Key extends string> = Readonly<Record<Key, string>>

const sensorRu: Words<SensorState> = {
  off: 'выключен',
  'not-ready': 'не готов',
  ready: 'готов',
  error: 'ошибка',
  unknown: 'состояние неизвестно',
}

const sensorEn: Words<SensorState> = {
  off: 'off',
  'not-ready': 'not ready',
  ready: 'ready',
  error: 'error',
  unknown: 'not known',
}

const ru = {
  title: 'Проверка перед обращением',
  intro:
    'Вставьте ID терминала, госномер, название ТС или письмо клиента целиком: найдём терминалы и скажем, нужно ли обращение в техническую поддержку.',
  box: 'ID, госномер, название или текст письма',
  go: 'Проверить',
  another: 'Проверить другой терминал',
  tooLong: (most: string) =>
    `Текст слишком длинный: не больше ${most} символов. Удалите лишнее или разделите его на части.`,
  nothing: 'В тексте не нашлось ни одного терминала, который вам виден. Проверьте номер.',
  listTitle: 'Найдено в тексте',
  listCaption: 'Терминалы из текста и итог проверки каждого',
  inText: 'В тексте',
  terminal: 'Терминал',
  verdict: 'Итог',
  ambiguous: 'Подходит несколько, выберите:',
  notFound: 'Похоже на номер, но такого терминала нет',
  more: 'Показаны первые 200: разделите письмо на части.',
  problem: 'Вид проблемы',
  showProblem: 'Показать',
  draftMark: 'черновик',
  officialMark: 'официальные пункты',
  toTerminal: 'Страница терминала',
  reasons: 'Почему',
  step: 'Что сделать сначала',
  document: 'Документация',
  items: 'Проверено',
  regulation: (point: number) => `регламент, п. ${point}`,
  ok: 'в порядке',
  bad: 'не в порядке',
  unknown: 'неизвестно',
  checkedAt: 'Проверено',
  replyTitle: 'Ответ терминала на SMS',
  replyText:
    'Вставьте ответ на *GETINFO#, *GETLINK# или *GETSTAT# (можно несколько, можно вместе с остальным текстом сообщения). Он сохранится в заметках терминала, версия прошивки запишется с датой.',
  replyBox: 'Текст ответа',
  replyKeep: 'Сохранить ответ',
  replyFaults: {
    'too-long': 'Ответ слишком длинный: не больше 4096 символов.',
    'no-reply': 'В тексте нет ответа на *GETINFO#, *GETLINK# или *GETSTAT#.',
  },
  otherTerminal: (name: string) => `Это ответ другого терминала: ${name}. Ничего не сохранено.`,
  lastReply: 'Последний ответ',
  sensor: sensorRu,
  firmware: 'прошивка',
  records: 'записей в архиве',
  server: 'сервер',
  lastLink: 'последняя связь',
  fuel: (number: number) => `датчик L${number}`,
  requestTitle: 'Текст обращения',
  closed: 'Всё равно показать текст обращения (сейчас обращение не нужно)',
  closedText:
    'По итогам проверки обращение открывать не нужно. Если вы уверены, что дело в другом, заполните пункты.',
  draftNote:
    'Пункты этого вида проблемы составлены нами, это черновик, а не официальный список FAQ. Сверьте их с doc.omnicomm.ru/ru/faq.',
  replaceDraft: 'Заменить официальными',
  official: (source: string) => `Официальные пункты: ${source}`,
  rules:
    'Одна проблема — одно письмо (п. 10). Пароль учётной записи не указывайте никогда. Номер обращения придёт автоматически; если он не пришёл, письмо не дошло и обращение не зарегистрировано (п. 9).',
  needed: 'нужно заполнить',
  refresh: 'Обновить текст',
  eml: 'Скачать письмо (.eml)',
  keep: 'Сохранить как обращение',
  missing: (count: number) => `Не заполнено обязательных пунктов: ${count}`,
  missingFault: (labels: string) =>
    `Не заполнено: ${labels}. Без этих пунктов поддержка попросит уточнений (п. 7).`,
  anyway: 'Продолжить без этих пунктов: сведений нет',
  duplicate: (id: string) =>
    `По этой проблеме уже есть открытое обращение ${id}: пишите в ту же переписку (п. 10).`,
  openDuplicate: 'Открыть его',
  anywayNew: 'Создать новое обращение: проблема другая',
  full: 'Достигнуто наибольшее число открытых обращений. Закройте решённые.',
  tooLongText: 'Текст обращения слишком длинный: сократите ответы.',
  subject: 'Тема',
  preview: 'Готовый текст',
  copy: 'Скопировать',
  print: 'Печать или PDF',
  done: {
    reply: 'Ответ терминала сохранён.',
  },
}

const en: typeof ru = {
  title: 'Check before a ticket',
  intro:
    "Paste a terminal id, a plate, a vehicle's name or the client's whole letter: we find the terminals and say whether a request to technical support is needed.",
  box: 'Id, plate, name or the text of a letter',
  go: 'Check',
  another: 'Check another terminal',
  tooLong: (most) =>
    `The text is too long: at most ${most} characters. Delete what is not needed, or split it.`,
  nothing: 'The text names no terminal that you may see. Check the id.',
  listTitle: 'Found in the text',
  listCaption: 'Terminals of the text with the outcome of each check',
  inText: 'In the text',
  terminal: 'Terminal',
  verdict: 'Outcome',
  ambiguous: 'Several fit, choose:',
  notFound: 'Looks like an id, but there is no such terminal',
  more: 'The first 200 are shown: split the letter.',
  problem: 'Kind of problem',
  showProblem: 'Show',
  draftMark: 'draft',
  officialMark: 'official points',
  toTerminal: 'Page of the terminal',
  reasons: 'Why',
  step: 'What to do first',
  document: 'Documentation',
  items: 'What was checked',
  regulation: (point) => `regulation, point ${point}`,
  ok: 'in order',
  bad: 'not in order',
  unknown: 'not known',
  checkedAt: 'Checked',
  replyTitle: 'Reply of the terminal by SMS',
  replyText:
    'Paste the reply to *GETINFO#, *GETLINK# or *GETSTAT# (several, and with other text around them, will do). It is kept in the notes of the terminal, the firmware version with its date.',
  replyBox: 'Text of the reply',
  replyKeep: 'Keep the reply',
  replyFaults: {
    'too-long': 'The reply is too long: at most 4096 characters.',
    'no-reply': 'The text holds no reply to *GETINFO#, *GETLINK# or *GETSTAT#.',
  },
  otherTerminal: (name) => `This is the reply of another terminal: ${name}. Nothing was kept.`,
  lastReply: 'Last reply',
  sensor: sensorEn,
  firmware: 'firmware',
  records: 'records in the archive',
  server: 'server',
  lastLink: 'last link',
  fuel: (number) => `sensor L${number}`,
  requestTitle: 'Text of the request',
  closed: 'The text of a request anyway (none is needed now)',
  closedText:
    'By the check no request is needed. If you are sure that something else is the matter, fill in the points.',
  draftNote:
    'The points of this kind of problem are our own draft, not the official list of the FAQ. Compare them with doc.omnicomm.ru/ru/faq.',
  replaceDraft: 'Put the official ones in their place',
  official: (source) => `Official points: ${source}`,
  rules:
    'One problem, one letter (point 10). Never give the password of the account. A ticket number comes by itself; if none came, the letter was not delivered and there is no ticket (point 9).',
  needed: 'to be filled in',
  refresh: 'Update the text',
  eml: 'Download the letter (.eml)',
  keep: 'Keep as a request',
  missing: (count) => `Required points that are empty: ${count}`,
  missingFault: (labels) => `Not filled in: ${labels}. Support will ask for these points (point 7).`,
  anyway: 'Anyway: these things are not known',
  duplicate: (id) =>
    `There is an open request about this problem, ${id}: write into the same thread (point 10).`,
  openDuplicate: 'Open it',
  anywayNew: 'A new one anyway: the problem is another one',
  full: 'There are too many open requests: close those that are solved.',
  tooLongText: 'The text of the request is too long: shorten the answers.',
  subject: 'Subject',
  preview: 'Finished text',
  copy: 'Copy',
  print: 'Print or PDF',
  done: {
    reply: 'The reply of the terminal is kept.',
  },
}

/** The check before a ticket. */
export const checkTexts = { ru, en }
