/** What was done, by the name in the audit trail; one that is not here is shown by its name. */
const actionsRu: Readonly<Record<string, string>> = {
  'outage.expected-resolution': 'указан срок',
  'outage.message': 'сообщение получателям',
  'outage.confirm': 'сбой подтверждён',
  'outage.cancel': 'сбой отменён как ложный',
  'outage.send-letter': 'велено отправить письмо',
  'maintenance.add': 'работы запланированы',
  'maintenance.end': 'работы завершены раньше',
  'maintenance.delete': 'запланированные работы удалены',
  'maintenance-rule.add': 'правило работ добавлено',
  'maintenance-rule.delete': 'правило работ удалено',
  'recipient.add': 'получатель добавлен',
  'recipient.update': 'получатель изменён',
  'recipient.delete': 'получатель убран',
  'recipient.import': 'получатели загружены файлом',
  'letter.requeue': 'письмо возвращено в очередь',
}

const actionsEn: Readonly<Record<string, string>> = {
  'outage.expected-resolution': 'expected time stated',
  'outage.message': 'message to the recipients',
  'outage.confirm': 'outage confirmed',
  'outage.cancel': 'outage cancelled as false',
  'outage.send-letter': 'letter ordered',
  'maintenance.add': 'work planned',
  'maintenance.end': 'work ended early',
  'maintenance.delete': 'planned work deleted',
  'maintenance-rule.add': 'rule of planned work added',
  'maintenance-rule.delete': 'rule of planned work deleted',
  'recipient.add': 'recipient added',
  'recipient.update': 'recipient changed',
  'recipient.delete': 'recipient removed',
  'recipient.import': 'recipients imported',
  'letter.requeue': 'letter queued again',
}

/** What a value means, by its name in the audit trail; one that is not here is shown by its name. */
const namesRu: Readonly<Record<string, string>> = {
  resolution: 'срок',
  note: 'пояснение',
  text: 'текст',
  reason: 'причина',
  state: 'состояние',
  from: 'начало',
  to: 'окончание',
  announced: 'с письмом получателям',
  announce: 'с письмом получателям',
  rule: 'по правилу',
  cron: 'когда начинаются (cron)',
  duration: 'длительность',
  email: 'адрес',
  name: 'имя',
  language: 'язык',
}

const namesEn: Readonly<Record<string, string>> = {
  resolution: 'expected by',
  announced: 'told by letter',
  announce: 'told by letter',
  rule: 'by rule',
}

const ru = {
  title: 'Журнал действий',
  text: 'Кто, когда, откуда и что изменил. Записи нельзя ни исправить, ни удалить.',
  caption: 'Действия, сначала новые',
  none: 'Действий не было.',
  when: 'Когда',
  who: 'Кто',
  what: 'Что сделано',
  subject: 'С чем',
  unchanged: 'ничего не изменилось',
  truth: { yes: 'да', no: 'нет' },
  by: { session: 'на странице', token: 'по токену', system: 'сама программа' },
  all: 'Весь журнал',
  only: (subject: string) => `Только ${subject}`,
  actions: actionsRu,
  names: namesRu,
}

const en: typeof ru = {
  title: 'Audit trail',
  text: 'Who changed what, when and from where. Entries can be neither changed nor deleted.',
  caption: 'Actions, newest first',
  none: 'Nothing was done.',
  when: 'When',
  who: 'Who',
  what: 'What was done',
  subject: 'To what',
  unchanged: 'nothing changed',
  truth: { yes: 'yes', no: 'no' },
  by: { session: 'on the page', token: 'by token', system: 'the program itself' },
  all: 'The whole trail',
  only: (subject) => `Only ${subject}`,
  actions: actionsEn,
  names: namesEn,
}

/** The audit trail. */
export const auditTexts = { ru, en }
