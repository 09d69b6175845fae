const ru = {
  title: 'Каталог прошивок',
  intro:
    'Последние версии по моделям. Их объявляют в Technical News Letter; открытого списка нет, поэтому каталог ведут вручную. По нему проверка скажет, актуальна ли прошивка терминала (регламент, п. 3 и 6).',
  caption: 'Модели',
  none: 'Каталог пуст: пока ни об одной прошивке неизвестно, актуальна ли она. Добавьте модель или загрузите файл.',
  columns: { model: 'Модель', latest: 'Последняя', criticalMin: 'Не ниже', broken: 'Отозваны' },
  field: {
    model: 'Модель, как в справочнике',
    latest: 'Последняя версия',
    critical_min: 'Критическая: не ниже',
    broken: 'Отозванные версии, через пробел',
    released: 'Дата выпуска',
    note: 'Где объявлено',
  },
  criticalHint: '0, если критических обновлений не было',
  addTitle: 'Добавить или заменить модель',
  editTitle: 'Изменить модель',
  save: 'Сохранить',
  cancel: 'Отмена',
  edit: 'Изменить',
  remove: 'Удалить',
  removeSure: 'Да, удалить',
  fileTitle: 'Загрузить из файла или текста',
  fileText:
    'YAML, JSON или CSV с полями model, latest, critical_min, broken, released, note (пример: config/firmware.example.yaml). Если в файле есть ошибка, не загрузится ничего.',
  file: 'Файл',
  pasted: 'или текст',
  load: 'Загрузить',
  tooLong: 'Файл больше 1 МиБ.',
  empty: 'Выберите файл или вставьте текст.',
  rejected: 'Ничего не загружено, исправьте:',
  full: 'В каталоге слишком много моделей.',
  done: { saved: 'Сохранено.', removed: 'Модель удалена.', imported: 'Загружено.' },
}

const en: typeof ru = {
  title: 'Firmware catalogue',
  intro:
    'The latest versions by model. They are announced in the Technical News Letter; there is no public list, so the catalogue is kept by hand. By it the check says whether the firmware of a terminal is current (regulation, points 3 and 6).',
  caption: 'Models',
  none: 'The catalogue is empty: of no firmware it is known whether it is current. Add a model or load a file.',
  columns: { model: 'Model', latest: 'Latest', criticalMin: 'Not below', broken: 'Withdrawn' },
  field: {
    model: 'Model, as in the inventory',
    latest: 'Latest version',
    critical_min: 'Critical: not below',
    broken: 'Withdrawn versions, with blanks between them',
    released: 'Day of release',
    note: 'Where it was announced',
  },
  criticalHint: '0 if there was no critical release',
  addTitle: 'Add or replace a model',
  editTitle: 'Change a model',
  save: 'Save',
  cancel: 'Cancel',
  edit: 'Change',
  remove: 'Remove',
  removeSure: 'Yes, remove',
  fileTitle: 'Load from a file or a text',
  fileText:
    'YAML, JSON or CSV with model, latest, critical_min, broken, released, note (example: config/firmware.example.yaml). All or nothing.',
  file: 'File',
  pasted: 'or a text',
  load: 'Load',
  tooLong: 'The file is larger than 1 MiB.',
  empty: 'Choose a file or paste a text.',
  rejected: 'Nothing was loaded; correct this:',
  full: 'The catalogue has too many models.',
  done: { saved: 'Saved.', removed: 'The model was removed.', imported: 'Loaded.' },
}

/** The firmware catalogue. */
export const firmwareTexts = { ru, en }
