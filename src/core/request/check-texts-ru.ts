import { SECOND } from '../time.ts'
import { differingImei } from './check-facts.ts'
import type { CheckTexts, Say, Telling } from './check-words.ts'

const age = ({ facts: { view }, span }: Telling): string =>
  view.dataAgeSeconds === null ? 'неизвестен' : span(view.dataAgeSeconds * SECOND)
const limit = ({ facts: { view }, span }: Telling): string =>
  view.threshold.seconds === null ? 'на стоянке не оценивается' : span(view.threshold.seconds * SECOND)
const version = ({ facts: { view } }: Telling): string => view.firmware?.version ?? ''
const latest = ({ facts: { view } }: Telling): string => String(view.firmware?.latest ?? '')
const learnt = ({ facts: { view }, time }: Telling): string =>
  view.firmware === undefined
    ? ''
    : view.firmware.at === null
      ? ' (из учёта, дата не известна)'
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
    : ` до ${time(said.maintenance.to)}${said.maintenance.reason === '' ? '' : `: ${said.maintenance.reason}`}${view.state === 'maintenance' ? '' : ' (окно закончилось)'}`
const byHand: Say = () =>
  'Запросите версию SMS-командой *GETINFO# и вставьте ответ в поле ниже: версия запишется с датой.'
const lookUp: Say = (telling) =>
  telling.facts.view.firmware === undefined
    ? byHand(telling)
    : 'Внесите последнюю версию для этой модели в каталог прошивок (из Technical News Letter), затем повторите проверку.'

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
      `Сбой ${serviceName(telling)} уже известен: с ${telling.time(telling.facts.service.status.outage?.start ?? telling.now)}. О сроках сообщат письмом (регламент, п. 15).`,
    'service-down': (telling) => `${serviceName(telling)} сейчас не отвечает; сбой подтверждается.`,
    'planned-work': ({ facts: { service }, time }) =>
      `Идут плановые работы ${service.name}${service.planned === null ? '' : ` до ${time(service.planned.to)}${service.planned.reason === '' ? '' : `: ${service.planned.reason}`}`}.`,
    incident: ({ facts: { incident, view }, time }) =>
      incident === null
        ? `Терминал замолчал вместе с другими: инцидент ${view.incident?.id ?? ''}.`
        : `Терминал замолчал вместе с другими: инцидент с ${time(incident.onsetAt)}, молчат ${incident.silent} из ${incident.expected}.`,
    maintenance: (telling) => `На ТС идут плановые работы${until(telling)}.`,
    decommissioned: () => 'Терминал списан.',
    suspended: () => 'Терминал приостановлен в этой программе, данных от него не ждут.',
    blind: ({ facts: { blindSince, view }, time }) =>
      `Мы сами не слышим источник терминала с ${time(blindSince ?? view.asOf ?? 0)}: судить о данных нельзя.`,
    'not-judged': () =>
      'Терминал пока не оценивается: часть времени мы сами не слышали его источник. Подождите несколько минут.',
    backlog: ({ facts: { view }, time, span }) =>
      `Терминал на связи и выгружает архив: данные отстают на ${span((view.lagSeconds ?? 0) * SECOND)}${view.caughtUpAt === undefined ? '' : `, догонят около ${time(view.caughtUpAt)}`}.`,
    acknowledged: ({ facts: { view }, time }) =>
      view.acknowledged === undefined
        ? ''
        : `Молчание известно до ${time(view.acknowledged.until)} (${view.acknowledged.by}): ${view.acknowledged.reason}`,
    'archive-promised': ({ facts: { requests }, time, now }) => {
      const promised = requests.find(({ promised: p }) => p?.approximate === true && p.at > now)?.promised
      return `Загрузка архива обещана, ориентировочно к ${time(promised?.at ?? now)} (регламент, п. 16).`
    },
    'open-request': (telling) =>
      `По этой проблеме уже есть обращение (${ticket(telling)}): пишите в ту же переписку (регламент, п. 10).`,
    'intake-off': () => 'В Omnicomm Online для этого ТС выключен приём данных.',
    'imei-differs': ({ facts }) =>
      `IMEI из ответа терминала (${differingImei(facts) ?? ''}) не совпадает с учётом (${facts.said.imei}): возможно, это другой терминал.`,
    conflict: ({ facts: { conflicts } }) => `Данные и учёт противоречат друг другу: ${conflicts[0] ?? ''}`,
    never: () => 'Терминал ещё ни разу не передавал данных: проверьте номер, установку и SIM-карту.',
    sleeping: ({ facts: { view }, time }) =>
      `ТС на стоянке, терминал спит: это не отсутствие данных${view.expectedAt === undefined ? '' : `, выйдет на связь не позже ${time(view.expectedAt)}`}.`,
    cause: () => 'Данных нет по причине, которую можно проверить на месте.',
    power: (telling) =>
      `С питанием терминала что-то не так${volts(telling) === '' ? '' : ` (${volts(telling)})`}.`,
    position: (telling) => `Данные идут, но координат нет уже ${fixAge(telling)}.`,
    'backlog-stuck': ({ facts: { view }, span }) =>
      view.clockBehind
        ? `Часы терминала отстают на ${span((view.lagSeconds ?? 0) * SECOND)}.`
        : `Архив не уменьшается больше суток, данные отстают на ${span((view.lagSeconds ?? 0) * SECOND)}.`,
    'firmware-broken': (telling) =>
      `Прошивка ${version(telling)} отозвана, рекомендуется ${latest(telling)} (регламент, п. 3).`,
    'firmware-critical': (telling) =>
      `Прошивка ${version(telling)} старше критического обновления, рекомендуется ${latest(telling)} (регламент, п. 3).`,
    'firmware-old': (telling) =>
      `Прошивка ${version(telling)} не последняя, рекомендуется ${latest(telling)} (регламент, п. 3).`,
    'firmware-unknown': ({ facts: { view } }) =>
      view.firmware === undefined
        ? 'Версия прошивки не известна: сначала убедитесь, что она актуальна (регламент, п. 3).'
        : `Актуальна ли прошивка ${view.firmware.version}, не известно (регламент, п. 3).`,
    'data-current': (telling) =>
      `Данные актуальны (возраст ${age(telling)}): жалоба «нет данных» не подтверждается. Обращение имеет смысл, если проблема в другом.`,
    'not-explained': () => 'Данных нет, причина по имеющимся сведениям не ясна, всё проверяемое проверено.',
    'service-up': (telling) =>
      `По нашим проверкам ${serviceName(telling)} работает: укажите, что именно недоступно и у кого.`,
    checked: () => 'Проверка пройдена: ничего, что объясняло бы проблему, не найдено.',
  },
  items: {
    data: {
      current: (telling) => `Данные актуальны: возраст ${age(telling)} при пороге ${limit(telling)}`,
      'current-unjudged': (telling) => `Данные актуальны: возраст ${age(telling)}, ${limit(telling)}`,
      sleeping: (telling) =>
        `ТС на стоянке, терминал спит; последние данные ${age(telling)} назад при пороге ${limit(telling)}`,
      old: (telling) => `Данные не актуальны: возраст ${age(telling)} при пороге ${limit(telling)}`,
      never: () => 'Данных не было ни разу',
      backlog: (telling) => `Терминал на связи, но данные отстают: возраст ${age(telling)}`,
      unknown: (telling) => `Пока не оценивается; возраст последних данных ${age(telling)}`,
      'not-expected': (telling) => `Данных не ждут; возраст последних ${age(telling)}`,
    },
    firmware: {
      green: (telling) => `Прошивка ${version(telling)} актуальна${learnt(telling)}`,
      old: (telling) =>
        `Прошивка ${version(telling)} не последняя, есть ${latest(telling)}${learnt(telling)}`,
      critical_old: (telling) =>
        `Прошивка ${version(telling)} критически устарела, нужна ${latest(telling)}${learnt(telling)}`,
      broken: (telling) =>
        `Прошивка ${version(telling)} отозвана, нужна ${latest(telling)}${learnt(telling)}`,
      'no-version': () => 'Версия прошивки не известна: запросите *GETINFO#',
      'no-number': (telling) => `Версия прошивки «${version(telling)}» не число: сравнить её нельзя`,
      'no-model': (telling) => `Прошивка ${version(telling)}, но модель терминала не известна`,
      'not-in-catalogue': (telling) =>
        `Прошивка ${version(telling)}; модели ${telling.facts.view.model} нет в каталоге прошивок${learnt(telling)}`,
      'catalogue-old': (telling) =>
        `Прошивка ${version(telling)} новее известной ${latest(telling)}: каталог прошивок устарел${learnt(telling)}`,
    },
    outage: {
      up: (telling) => `${serviceName(telling)} работает`,
      outage: (telling) => `Открыт сбой ${serviceName(telling)}`,
      down: (telling) => `${serviceName(telling)} не отвечает`,
      maintenance: (telling) => `Плановые работы ${serviceName(telling)}`,
      degraded: (telling) => `${serviceName(telling)} работает с перебоями`,
      unknown: (telling) => `Состояние ${serviceName(telling)} не известно`,
    },
    incident: {
      open: () => 'Терминал входит в открытый массовый инцидент',
      none: () => 'Массового инцидента нет',
    },
    intake: {
      on: () => 'Приём данных в Omnicomm Online включён',
      off: () => 'Приём данных в Omnicomm Online выключен',
      unknown: () => 'Включён ли приём данных в Omnicomm Online, здесь не известно',
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
      unknown: () => 'Напряжение питания не известно',
    },
    archive: {
      none: () => 'Архив не задерживает данные',
      backlog: ({ facts: { view }, span }) =>
        `Выгружается архив, отставание ${span((view.lagSeconds ?? 0) * SECOND)}`,
      records: (telling) => `Записей в архиве терминала: ${records(telling)}`,
      unknown: () => 'Сколько записей в архиве, не известно: запросите *GETINFO# (REC)',
    },
    identity: {
      known: () => 'Терминал есть в учёте',
      discovered: () => 'Терминала нет в учёте, он найден по данным: сверьте номер',
      imei: ({ facts }) => `IMEI ${differingImei(facts) ?? ''} не совпадает с учётом (${facts.said.imei})`,
      conflict: ({ facts: { conflicts } }) => conflicts[0] ?? '',
    },
    thread: {
      none: () => 'Открытых обращений по терминалу нет',
      open: (telling) => `Есть открытое обращение: ${ticket(telling)}`,
    },
  },
  steps: {
    incident: () => 'Следите за инцидентом; отдельная заявка на этот терминал не нужна.',
    never: () =>
      'Запросите *GETINFO# и сверьте номер и IMEI с учётом, затем *GETLINK#: туда ли терминал шлёт данные.',
    sleeping: () =>
      'Подождите до выхода на связь или до поездки; если данные нужны сейчас, отправьте *CONNECT#.',
    cause: () => 'Проверьте питание, SIM-карту и место ТС.',
    position: () =>
      'Проверьте антенну ГЛОНАСС/GPS; под открытым небом отправьте *GPSCOLD# и подождите 15 минут.',
    'backlog-stuck': () =>
      'Запросите *GETINFO# дважды: если REC не уменьшается, перезапустите терминал (*RESET#).',
    department: () => 'Напишите в отдел, который занимается этим вопросом, одним письмом по одному вопросу.',
    outage: () => 'Подождите письма о сроках; терминалы хранят данные в архиве и передадут их позже.',
    'service-down': () => 'Подождите несколько минут и повторите проверку.',
    'planned-work': () => 'Подождите окончания работ; данные придут из архива терминалов.',
    maintenance: () => 'Подождите окончания работ или закройте окно обслуживания, если они закончены.',
    decommissioned: () => 'Если терминал снова работает, верните его в учёте в работу.',
    suspended: () => 'Если терминал должен работать, верните его в работу на его странице.',
    blind: () => 'Проверьте источник данных этой программы; терминал пока не трогайте.',
    'not-judged': () => 'Повторите проверку через несколько минут.',
    backlog: () => 'Подождите: текущие данные пойдут после архива.',
    acknowledged: () => 'Дождитесь указанного срока или снимите отметку, если она больше не верна.',
    'archive-promised': () =>
      'Подождите до обещанного срока: архив загружают вечером и ночью в порядке очереди.',
    'open-request': () => 'Добавьте новые сведения в открытое обращение.',
    'intake-off': () => 'Включите приём данных для ТС в Omnicomm Online и дождитесь данных.',
    'imei-differs': () => 'Проверьте, какой терминал установлен, и исправьте учёт.',
    conflict: () => 'Разберите противоречие в учёте (страница «Учёт»).',
    'firmware-broken': () => 'Обновите прошивку до рекомендованной и проверьте, осталась ли проблема.',
    'firmware-critical': () => 'Обновите прошивку до рекомендованной и проверьте, осталась ли проблема.',
    'firmware-old': () => 'Обновите прошивку до последней и проверьте, осталась ли проблема.',
    'firmware-unknown': lookUp,
    power: () => 'Проверьте предохранитель, провод питания и массу терминала.',
    'not-explained': () =>
      'Посмотрите раздел документации, заполните пункты обращения и отправьте одно письмо по одной проблеме.',
    'data-current': () => 'Уточните у клиента, в чём проблема, и выберите её вид.',
    'service-up': () => 'Проверьте у клиента интернет, браузер и учётную запись.',
    checked: () => 'Посмотрите раздел документации и заполните пункты обращения.',
  },
}
