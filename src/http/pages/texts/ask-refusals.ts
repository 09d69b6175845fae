import type { AskRefusal } from '../../../core/online/ask.ts'

type Words<Key extends string> = Readonly<Record<Key, string>>

const askRefusalsRu: Words<AskRefusal> = {
  'not-polled': 'ни один источник не опрашивает Omnicomm Online об этом терминале',
  'not-yet': 'первый опрос ещё не завершён, повторите через минуту',
  closing: 'источник перезапускается, повторите через минуту',
  'switched-off': 'вопросы об отдельных терминалах выключены (statesPerMinute источника равно 0)',
  'no-data': 'у сервиса нет данных этого терминала',
  failed: 'сервис не отвечает как должен, подробности на странице «Сервис»',
  incomplete: 'сервис ответил не о всех терминалах учётной записи; проверьте её в Omnicomm Online',
  'own-fault': 'запрос не удалось отправить с этого сервера',
  credentials: 'логин или пароль учётной записи не приняты; исправьте их в accounts',
  blocked: 'сервис ограничил число запросов учётной записи, повторите позже',
  rights: 'у учётной записи нет прав на этот запрос',
  request: 'сервис не принял запрос; проверьте адрес сервиса (baseUrl)',
  vehicle: 'сервис отказал в данных этого ТС: нет прав на него, период заблокирован или ТС не найдено',
  budget: 'исчерпан запас запросов учётной записи, повторите через минуту',
}

const askRefusalsEn: Words<AskRefusal> = {
  'not-polled': 'no source polls Omnicomm Online about this terminal',
  'not-yet': 'the first poll is not answered yet, try again in a minute',
  closing: 'the source is being restarted, try again in a minute',
  'switched-off': 'questions about single terminals are switched off (statesPerMinute of the source is 0)',
  'no-data': 'the service has no data of this terminal',
  failed: 'the service does not answer as it should, see the page Service',
  incomplete: 'the service has not told of all terminals of the account; look at it in Omnicomm Online',
  'own-fault': 'this server could not send the request',
  credentials: 'login or password of the account are refused; correct them in accounts',
  blocked: 'the service limits the requests of the account, try again later',
  rights: 'the account has no right to this request',
  request: 'the service does not take the request; check its address (baseUrl)',
  vehicle: 'the service refuses data of this vehicle: no right to it, a blocked period, or no such vehicle',
  budget: 'the account has no request left, try again in a minute',
}

/** Why the service tells nothing of a terminal. */
export const askRefusalsTexts = { ru: askRefusalsRu, en: askRefusalsEn }
