import { silentWords } from '../flagging/words.ts'
import { HOUR, type Instant, SECOND } from '../time.ts'
import { differingImei } from './check-facts.ts'
import type { CheckTexts, Say, Telling } from './check-words.ts'

const age = ({ facts: { view }, span }: Telling): string =>
  view.dataAgeSeconds === null ? 'неизвестен' : span(view.dataAgeSeconds * SECOND)
const limit = ({ facts: { view }, span }: Telling): string =>
  view.threshold.seconds === null ? 'на стоянке не оцениваются' : span(view.threshold.seconds * SECOND)
const version = ({ facts: { view } }: Telling): string => view.firmware?.version ?? ''
const latest = ({ facts: { view } }: Telling): string => String(view.firmware?.latest ?? '')
const learnt = ({ facts: { view }, time }: Telling): string =>
  view.firmware === undefined
    ? ''
    : view.firmware.at === null
      ? ' (из справочника, дата неизвестна)'
      : ` (сведения от ${time(view.firmware.at)})`
const volts = ({ facts: { view }, now, span }: Telling): string => {
  const { voltage } = view.readings
  if (typeof voltage?.value !== 'number') return ''
  return `${voltage.value.toFixed(1).replace('.', ',')} В, ${span(Math.max(0, now - voltage.at))} назад`
}
const fixAge = ({ facts: { view }, now, span }: Telling): string =>
  view.fixAt === null ? '' : span(Math.max(0, now - view.fixAt))
const records = ({ facts: { replies }, time }: Telling): string =>
  replies.info === undefined ? '' : `${replies.info.told.records} (REC на ${time(replies.info.at)})`
const ticket = ({ facts: { requests } }: Telling): string =>
  requests
    .slice(0, 5)
    .map(({ id, ticket: number }) => (number === '' ? id : `${id}, обращение ${number}`))
    .join('; ')
const serviceName = ({ facts }: Telling): string => facts.service.name
const until = ({ facts: { view, said }, time }: Telling): string =>
  said.maintenance === null
    ? ''
    : ` до ${time(said.maintenance.to)}${said.maintenance.reason === '' ? '' : `: ${said.maintenance.reason}`}${view.state === 'maintenance' ? '' : ' (окно уже закончилось)'}`
const outageStart = ({ facts, now }: Telling): Instant => facts.service.status.outage?.start ?? now
const byHand: Say = ({ sms }) => {
  const command = sms('*GETINFO#')
  return command === ''
    ? 'Запросите версию прошивки у терминала и внесите её в справочник; если он вам недоступен, попросите оператора.'
    : `Запросите версию прошивки у терминала${command} и вставьте его ответ на странице проверки: версия запишется с датой.`
}
const backToWork: Say = () =>
  'Если терминал должен работать, верните его в работу на его странице; если там нет такой кнопки, попросите оператора.'
const lookUp: Say = (telling) => {
  switch (telling.facts.view.firmware?.reason) {
    case 'no-model':
      return 'Укажите модель терминала в справочнике, затем повторите проверку. Если справочник вам недоступен, попросите оператора.'
    case 'not-in-catalogue':
    case 'catalogue-old':
      return 'Внесите последнюю версию для этой модели (из Technical News Letter) в каталог прошивок, затем повторите проверку. Если каталог вам доступен только для чтения, попросите оператора.'
    default:
      return byHand(telling)
  }
}
const whyUnknown = ({ facts: { view } }: Telling): string => {
  switch (view.firmware?.reason) {
    case 'no-model':
      return 'не указана модель терминала'
    case 'not-in-catalogue':
      return `модели ${view.model} нет в каталоге прошивок`
    case 'catalogue-old':
      return `она новее последней в каталоге (${view.firmware.latest ?? ''}), каталог устарел`
    default:
      return 'это не номер версии'
  }
}

/** The words of the check in Russian. */
export const ru: CheckTexts = {
  verdicts: {
    'do-not-open': 'Обращение не открывать',
    'fix-first': 'Сначала исправить',
    'ready-for-ticket': 'Можно открывать обращение',
  },
  reasons: {
    department: () =>
      'Финансовые и гарантийные вопросы решает не техническая поддержка, а соответствующие отделы (регламент, п. 8).',
    outage: (telling) =>
      `Сбой ${serviceName(telling)} уже известен: с ${telling.time(outageStart(telling))}. ${telling.now - outageStart(telling) > HOUR ? 'О сроках сообщают письмом' : 'Если он продлится больше 60 минут, о сроках сообщат письмом'} (регламент, п. 15).`,
    'service-down': (telling) => `${serviceName(telling)} сейчас не отвечает; проверяем, сбой ли это.`,
    'planned-work': ({ facts: { service }, time }) =>
      `В ${service.name} идут плановые работы${service.planned === null ? '' : ` до ${time(service.planned.to)}${service.planned.reason === '' ? '' : `: ${service.planned.reason}`}`}.`,
    incident: ({ facts: { incident, view }, time }) =>
      incident === null
        ? `Терминал замолчал вместе с другими: инцидент ${view.incident?.id ?? ''}.`
        : `Терминал замолчал вместе с другими: инцидент с ${time(incident.onsetAt)}, ${silentWords(incident.silent, 'ru', incident.expected)}.`,
    maintenance: (telling) => `На ТС идут плановые работы${until(telling)}.`,
    decommissioned: () => 'Терминал списан.',
    suspended: () => 'Наблюдение за терминалом в этой программе приостановлено, данные от него не ожидаются.',
    blind: ({ facts: { blindSince, view }, time }) =>
      `Эта программа не получает данных от источника терминала с ${time(blindSince ?? view.asOf ?? 0)}: судить о самом терминале нельзя.`,
    'not-judged': () =>
      'Терминал пока не оценивается: часть времени эта программа не получала данных от его источника.',
    backlog: ({ facts: { view }, time, span }) =>
      `Терминал на связи и выгружает архив: данные отстают на ${span((view.lagSeconds ?? 0) * SECOND)}${view.caughtUpAt === undefined ? '' : `, отставание закончится около ${time(view.caughtUpAt)}`}.`,
    acknowledged: ({ facts: { view }, time }) =>
      view.acknowledged === undefined
        ? ''
        : `О том, что данных нет, уже знают: ${view.acknowledged.reason} (до ${time(view.acknowledged.until)}, отметил ${view.acknowledged.by}).`,
    'archive-promised': ({ facts: { requests }, time, now }) => {
      const promised = requests.find(({ promised: p }) => p?.approximate === true && p.at > now)?.promised
      return `Загрузка архива обещана, ориентировочно к ${time(promised?.at ?? now)} (регламент, п. 16).`
    },
    'open-request': (telling) =>
      `По этой проблеме уже есть обращение (${ticket(telling)}): пишите в ту же переписку (регламент, п. 10).`,
    'intake-off': () => 'В Omnicomm Online для этого ТС выключен приём данных.',
    'imei-differs': ({ facts }) =>
      `IMEI из ответа терминала (${differingImei(facts) ?? ''}) не совпадает со справочником (${facts.said.imei}): возможно, это другой терминал.`,
    conflict: () =>
      'Данные и справочник противоречат друг другу: неясно, какому терминалу принадлежит этот номер.',
    never: () => 'Терминал ещё ни разу не передавал данных: проверьте номер, установку и SIM-карту.',
    sleeping: ({ facts: { view }, time }) =>
      `ТС на стоянке, терминал в спящем режиме: данные не пропали${view.expectedAt === undefined ? '' : `, выйдет на связь не позже ${time(view.expectedAt)}`}.`,
    cause: () => 'Причину отсутствия данных можно проверить на месте.',
    'data-old': (telling) =>
      `Данные неактуальны (возраст ${age(telling)}): сначала выясните, почему их нет (регламент, п. 5).`,
    power: (telling) => `Неисправно питание терминала${volts(telling) === '' ? '' : ` (${volts(telling)})`}.`,
    position: (telling) => `Данные идут, но координат нет уже ${fixAge(telling)}.`,
    'backlog-stuck': ({ facts: { view }, span }) =>
      view.clockBehind
        ? `Часы терминала отстают на ${span((view.lagSeconds ?? 0) * SECOND)}.`
        : `Архив не уменьшается больше суток, данные отстают на ${span((view.lagSeconds ?? 0) * SECOND)}.`,
    'firmware-broken': (telling) =>
      `Прошивка ${version(telling)} отозвана, рекомендуется ${latest(telling)} (регламент, п. 3).`,
    'firmware-critical': (telling) =>
      `Прошивка ${version(telling)} критически устарела, рекомендуется ${latest(telling)} (регламент, п. 3).`,
    'firmware-old': (telling) =>
      `Прошивка ${version(telling)} не последняя, рекомендуется ${latest(telling)} (регламент, п. 3).`,
    'firmware-unknown': (telling) =>
      telling.facts.view.firmware === undefined
        ? 'Версия прошивки неизвестна: сначала убедитесь, что она актуальна (регламент, п. 3).'
        : `Неизвестно, актуальна ли прошивка ${version(telling)}: ${whyUnknown(telling)} (регламент, п. 3).`,
    'data-current': (telling) =>
      `Данные актуальны (возраст ${age(telling)}): жалоба «нет данных» не подтверждается. Обращение имеет смысл, если проблема в другом.`,
    'not-explained': () => 'Данных нет, и по имеющимся сведениям причина неясна.',
    'service-up': (telling) =>
      `По нашим проверкам ${serviceName(telling)} работает: укажите, что именно недоступно и у кого.`,
    'service-degraded': (telling) =>
      `По нашим проверкам ${serviceName(telling)} работает с перебоями: укажите, что именно недоступно и у кого.`,
    'service-unknown': (telling) =>
      `Состояние ${serviceName(telling)} нам неизвестно: укажите, что именно недоступно и у кого.`,
    checked: () => 'Проверка пройдена: ничего, что объясняло бы проблему, не найдено.',
  },
  items: {
    data: {
      current: (telling) => `Данные актуальны: возраст ${age(telling)} при пороге ${limit(telling)}`,
      'current-unjudged': (telling) => `Данные актуальны: возраст ${age(telling)}, ${limit(telling)}`,
      sleeping: (telling) =>
        `ТС на стоянке, терминал в спящем режиме; последние данные ${age(telling)} назад при пороге ${limit(telling)}`,
      'sleeping-unjudged': (telling) =>
        `ТС на стоянке, терминал в спящем режиме; последние данные ${age(telling)} назад, ${limit(telling)}`,
      old: (telling) => `Данные неактуальны: возраст ${age(telling)} при пороге ${limit(telling)}`,
      never: () => 'Данных не было ни разу',
      backlog: (telling) => `Терминал на связи, но данные отстают: возраст ${age(telling)}`,
      unknown: (telling) => `Пока не оценивается; возраст последних данных ${age(telling)}`,
      'not-expected': (telling) => `Данные не ожидаются; возраст последних ${age(telling)}`,
    },
    firmware: {
      green: (telling) => `Прошивка ${version(telling)} актуальна${learnt(telling)}`,
      old: (telling) =>
        `Прошивка ${version(telling)} не последняя, есть ${latest(telling)}${learnt(telling)}`,
      critical_old: (telling) =>
        `Прошивка ${version(telling)} критически устарела, нужна ${latest(telling)}${learnt(telling)}`,
      broken: (telling) =>
        `Прошивка ${version(telling)} отозвана, нужна ${latest(telling)}${learnt(telling)}`,
      'no-version': ({ sms }) => `Версия прошивки неизвестна: запросите её у терминала${sms('*GETINFO#')}`,
      'no-number': (telling) => `Версия прошивки «${version(telling)}» — не число, сравнить её нельзя`,
      'no-model': (telling) =>
        `Прошивка ${version(telling)}, но модель терминала неизвестна${learnt(telling)}`,
      'not-in-catalogue': (telling) =>
        `Прошивка ${version(telling)}; модели ${telling.facts.view.model} нет в каталоге прошивок${learnt(telling)}`,
      'catalogue-old': (telling) =>
        `Прошивка ${version(telling)} новее известной ${latest(telling)}: каталог прошивок устарел${learnt(telling)}`,
    },
    outage: {
      up: (telling) => `${serviceName(telling)} работает`,
      outage: (telling) => `Зафиксирован сбой ${serviceName(telling)}`,
      down: (telling) => `${serviceName(telling)} не отвечает`,
      maintenance: (telling) => `В ${serviceName(telling)} идут плановые работы`,
      degraded: (telling) => `${serviceName(telling)} работает с перебоями`,
      unknown: (telling) => `Состояние ${serviceName(telling)} неизвестно`,
    },
    incident: {
      open: () => 'Терминал входит в открытый массовый инцидент',
      none: () => 'Массового инцидента нет',
    },
    intake: {
      on: () => 'Приём данных в Omnicomm Online включён',
      off: () => 'Приём данных в Omnicomm Online выключен',
      unknown: () => 'Неизвестно, включён ли приём данных в Omnicomm Online',
    },
    position: {
      current: (telling) => `Координаты есть, возраст ${fixAge(telling)}`,
      old: (telling) => `Координат нет уже ${fixAge(telling)}, хотя данные идут`,
      last: (telling) => `Последние координаты ${fixAge(telling)} назад`,
      never: () => 'Координат ещё не было',
    },
    power: {
      good: (telling) => `Питание в норме: ${volts(telling)}`,
      low: (telling) => `Напряжение низкое: ${volts(telling)}`,
      dead: (telling) => `Внешнего питания нет: ${volts(telling)}`,
      backup: () => 'Терминал работает от резервной батареи',
      alarm: () => 'Терминал сообщил об отключении питания',
      unknown: () => 'Напряжение питания неизвестно',
    },
    archive: {
      none: () => 'Данные поступают без задержки, архив не выгружается',
      backlog: ({ facts: { view }, span }) =>
        `Выгружается архив, отставание ${span((view.lagSeconds ?? 0) * SECOND)}`,
      records: (telling) => `Записей в архиве терминала: ${records(telling)}`,
      unknown: ({ sms }) =>
        `Число записей в архиве (REC) неизвестно: запросите его у терминала${sms('*GETINFO#')}`,
    },
    identity: {
      known: () => 'Терминал есть в справочнике',
      discovered: () => 'Терминала нет в справочнике, он обнаружен по поступившим данным: сверьте номер',
      imei: ({ facts }) =>
        `IMEI ${differingImei(facts) ?? ''} не совпадает со справочником (${facts.said.imei})`,
      conflict: () =>
        'Данные и справочник противоречат друг другу: неясно, какому терминалу принадлежит номер',
    },
    thread: {
      none: () => 'Открытых обращений по терминалу нет',
      open: (telling) => `Есть открытое обращение: ${ticket(telling)}`,
    },
  },
  steps: {
    incident: () => 'Следите за инцидентом; отдельное обращение по этому терминалу не нужно.',
    never: ({ sms }) =>
      `Запросите номер терминала и IMEI${sms('*GETINFO#')} и сверьте их со справочником, затем адрес сервера${sms('*GETLINK#')}: туда ли терминал шлёт данные.`,
    sleeping: ({ sms }) =>
      `Подождите до выхода на связь или до поездки; если данные нужны сейчас, попросите терминал выйти на связь${sms('*CONNECT#')}.`,
    cause: () => 'Проверьте питание, SIM-карту и место ТС.',
    'data-old': () => 'Выберите вид проблемы «Нет данных от терминала» и проверьте сначала его.',
    position: ({ sms }) =>
      `Проверьте антенну ГЛОНАСС/GPS; под открытым небом выполните холодный старт приёмника${sms('*GPSCOLD#')} и подождите 15 минут.`,
    'backlog-stuck': ({ sms }) =>
      `Запросите размер архива${sms('*GETINFO#')} дважды: если REC не уменьшается, перезапустите терминал${sms('*RESET#')}.`,
    department: () => 'Напишите в отдел, который занимается этим вопросом: один вопрос — одно письмо.',
    outage: () => 'Дождитесь восстановления: терминалы хранят данные в архиве и передадут их позже.',
    'service-down': () => 'Подождите несколько минут и повторите проверку.',
    'planned-work': () => 'Дождитесь окончания работ: данные придут из архива терминалов.',
    maintenance: () =>
      'Дождитесь окончания работ; если они уже закончены, закройте окно обслуживания на странице терминала.',
    decommissioned: backToWork,
    suspended: backToWork,
    blind: () => 'Проверьте связь этой программы с источником данных; с терминалом пока ничего не делайте.',
    'not-judged': () => 'Повторите проверку через несколько минут.',
    backlog: () => 'Подождите: текущие данные пойдут после архива.',
    acknowledged: () => 'Дождитесь указанного срока или снимите отметку, если она больше не нужна.',
    'archive-promised': () =>
      'Подождите до обещанного срока: архив загружают вечером и ночью в порядке очереди.',
    'open-request': () => 'Добавьте новые сведения в открытое обращение.',
    'intake-off': () => 'Включите приём данных для ТС в Omnicomm Online и дождитесь данных.',
    'imei-differs': () =>
      'Проверьте, какой терминал установлен, и исправьте справочник; если он вам недоступен, попросите оператора.',
    conflict: () =>
      'Разберите противоречие на странице «Справочник»; если она вам недоступна, попросите оператора.',
    'firmware-broken': () => 'Обновите прошивку до рекомендованной и проверьте, осталась ли проблема.',
    'firmware-critical': () => 'Обновите прошивку до рекомендованной и проверьте, осталась ли проблема.',
    'firmware-old': () => 'Обновите прошивку до последней и проверьте, осталась ли проблема.',
    'firmware-unknown': lookUp,
    power: () => 'Проверьте предохранитель, провод питания и массу терминала.',
    'not-explained': () =>
      'Посмотрите раздел документации, заполните пункты обращения и отправьте письмо: одна проблема — одно письмо.',
    'data-current': () => 'Уточните у клиента, в чём проблема, и выберите её вид.',
    'service-up': () => 'Проверьте у клиента интернет, браузер и учётную запись.',
    'service-degraded': () => 'Узнайте у клиента, что именно не работает, и с какого времени.',
    'service-unknown': () =>
      'Откройте Omnicomm Online сами; проверьте у клиента интернет, браузер и учётную запись.',
    checked: () => 'Посмотрите раздел документации и заполните пункты обращения.',
  },
}
