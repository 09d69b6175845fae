import { counted } from './counted.ts'

const ru = {
  many: 'Выбранные: молчание известно, до…',
  nobody: 'Отметьте в списке хотя бы один терминал.',
  backToList: 'Назад к списку',
  title: (terminal: string) => `${terminal}: молчание известно`,
  known: (until: string, by: string) => `известно до ${until} (${by})`,
  until: 'Не сообщать до',
  reason: 'Причина',
  set: 'Сохранить',
  withdraw: 'Больше не известно',
  wrong: (most: number) =>
    `Укажите время в будущем, не дальше десяти лет, и причину в одну строку не длиннее ${most} символов.`,
  done: {
    acknowledged: 'Записано: до этого времени о молчании терминала никому не сообщаем.',
    withdrawn: 'Отметка снята: о молчании терминала снова сообщаем.',
  },
  doneMany: {
    known: (count: number) =>
      `Записано, ${counted(count, 'терминал', 'терминала', 'терминалов')}: до этого времени ${count === 1 ? 'о его' : 'об их'} молчании никому не сообщаем.`,
    unknown: (count: number) =>
      `Отметка снята, ${counted(count, 'терминал', 'терминала', 'терминалов')}: ${count === 1 ? 'о его' : 'об их'} молчании снова сообщаем.`,
  },
}

const en: typeof ru = {
  many: 'The ticked ones: silence is known, until…',
  nobody: 'Tick at least one terminal of the list.',
  backToList: 'Back to the list',
  title: (terminal) => `${terminal}: its silence is known`,
  known: (until, by) => `known until ${until} (${by})`,
  until: 'Tell nobody until',
  reason: 'Reason',
  set: 'Save',
  withdraw: 'No longer known',
  wrong: (most) =>
    `Give a time in the future, within ten years, and a reason in one line of at most ${most} characters.`,
  done: {
    acknowledged: 'Noted: until then nobody is told of the silence of this terminal.',
    withdrawn: 'Taken back: people are told of the silence of this terminal again.',
  },
  doneMany: {
    known: (count) =>
      `Noted for ${count} ${count === 1 ? 'terminal' : 'terminals'}: until then nobody is told of their silence.`,
    unknown: (count) =>
      `Taken back for ${count} ${count === 1 ? 'terminal' : 'terminals'}: people are told of their silence again.`,
  },
}

/** What people know of a terminal's silence. */
export const acknowledgeTexts = { ru, en }
