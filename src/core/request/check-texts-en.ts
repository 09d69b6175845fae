import { silentWords } from '../flagging/words.ts'
import { HOUR, type Instant, SECOND } from '../time.ts'
import { differingImei } from './check-facts.ts'
import type { CheckTexts, Say, Telling } from './check-words.ts'

const age = ({ facts: { view }, span }: Telling): string =>
  view.dataAgeSeconds === null ? 'unknown' : span(view.dataAgeSeconds * SECOND)
const limit = ({ facts: { view }, span }: Telling): string =>
  view.threshold.seconds === null ? 'not judged while parked' : span(view.threshold.seconds * SECOND)
const version = ({ facts: { view } }: Telling): string => view.firmware?.version ?? ''
const latest = ({ facts: { view } }: Telling): string => String(view.firmware?.latest ?? '')
const learnt = ({ facts: { view }, time }: Telling): string =>
  view.firmware === undefined
    ? ''
    : view.firmware.at === null
      ? ' (from the inventory, date not known)'
      : ` (known since ${time(view.firmware.at)})`
const volts = ({ facts: { view }, now, span }: Telling): string => {
  const { voltage } = view.readings
  if (typeof voltage?.value !== 'number') return ''
  return `${voltage.value.toFixed(1)} V, ${span(Math.max(0, now - voltage.at))} ago`
}
const fixAge = ({ facts: { view }, now, span }: Telling): string =>
  view.fixAt === null ? '' : span(Math.max(0, now - view.fixAt))
const records = ({ facts: { replies }, time }: Telling): string =>
  replies.info === undefined ? '' : `${replies.info.told.records} (REC at ${time(replies.info.at)})`
const ticket = ({ facts: { requests } }: Telling): string =>
  requests
    .slice(0, 5)
    .map(({ id, ticket: number }) => (number === '' ? id : `${id}, ticket ${number}`))
    .join('; ')
const serviceName = ({ facts }: Telling): string => facts.service.name
const until = ({ facts: { view, said }, time }: Telling): string =>
  said.maintenance === null
    ? ''
    : ` until ${time(said.maintenance.to)}${said.maintenance.reason === '' ? '' : `: ${said.maintenance.reason}`}${view.state === 'maintenance' ? '' : ' (the window is over)'}`
const outageStart = ({ facts, now }: Telling): Instant => facts.service.status.outage?.start ?? now
const byHand: Say = ({ sms }) => {
  const command = sms('*GETINFO#')
  return command === ''
    ? 'Ask the terminal for its firmware version and enter that in the inventory; if you do not have the inventory, ask an operator.'
    : `Ask the terminal for its firmware version${command} and paste its reply on the page of the check: the version is kept with its date.`
}
const backToWork: Say = () =>
  'If the terminal should work, put it back into service on its page; if there is no such button, ask an operator.'
const lookUp: Say = (telling) => {
  switch (telling.facts.view.firmware?.reason) {
    case 'no-model':
      return 'Enter the model of the terminal in the inventory, then check again. If you do not have the inventory, ask an operator.'
    case 'not-in-catalogue':
    case 'catalogue-old':
      return 'Enter the latest version of this model (from the Technical News Letter) in the firmware catalogue, then check again. If you may only read the catalogue, ask an operator.'
    default:
      return byHand(telling)
  }
}
const whyUnknown = ({ facts: { view } }: Telling): string => {
  switch (view.firmware?.reason) {
    case 'no-model':
      return 'the model of the terminal is not entered'
    case 'not-in-catalogue':
      return `the model ${view.model} is not in the firmware catalogue`
    case 'catalogue-old':
      return `it is newer than the latest of the catalogue (${view.firmware.latest ?? ''}), which is out of date`
    default:
      return 'it is no version number'
  }
}

/** The words of the check in English. */
export const en: CheckTexts = {
  verdicts: {
    'do-not-open': 'Do not open a ticket',
    'fix-first': 'Fix this first',
    'ready-for-ticket': 'A ticket may be opened',
  },
  reasons: {
    department: () =>
      'Financial and warranty questions go to the departments concerned, not to technical support (regulation, point 8).',
    outage: (telling) =>
      `The outage of ${serviceName(telling)} is known: since ${telling.time(outageStart(telling))}. ${telling.now - outageStart(telling) > HOUR ? 'A letter tells the time frame' : 'If it lasts more than 60 minutes, a letter will tell the time frame'} (regulation, point 15).`,
    'service-down': (telling) =>
      `${serviceName(telling)} does not answer now; the outage is being confirmed.`,
    'planned-work': ({ facts: { service }, time }) =>
      `Planned work of ${service.name} is going on${service.planned === null ? '' : ` until ${time(service.planned.to)}${service.planned.reason === '' ? '' : `: ${service.planned.reason}`}`}.`,
    incident: ({ facts: { incident, view }, time }) =>
      incident === null
        ? `The terminal fell silent together with others: incident ${view.incident?.id ?? ''}.`
        : `The terminal fell silent together with others: incident since ${time(incident.onsetAt)}, ${silentWords(incident.silent, 'en', incident.expected)}.`,
    maintenance: (telling) => `Planned work on the vehicle is going on${until(telling)}.`,
    decommissioned: () => 'The terminal is decommissioned.',
    suspended: () => 'The terminal is suspended in this program; no data is expected of it.',
    blind: ({ facts: { blindSince, view }, time }) =>
      `We ourselves have not heard the source of the terminal since ${time(blindSince ?? view.asOf ?? 0)}: its data cannot be judged.`,
    'not-judged': () => 'The terminal is not judged yet: for part of the time we could not hear its source.',
    backlog: ({ facts: { view }, time, span }) =>
      `The terminal is in contact and sends its archive: data lags by ${span((view.lagSeconds ?? 0) * SECOND)}${view.caughtUpAt === undefined ? '' : `, it will have caught up about ${time(view.caughtUpAt)}`}.`,
    acknowledged: ({ facts: { view }, time }) =>
      view.acknowledged === undefined
        ? ''
        : `The missing data is known: ${view.acknowledged.reason} (until ${time(view.acknowledged.until)}, said ${view.acknowledged.by}).`,
    'archive-promised': ({ facts: { requests }, time, now }) => {
      const promised = requests.find(({ promised: p }) => p?.approximate === true && p.at > now)?.promised
      return `Loading of the archive is promised, about ${time(promised?.at ?? now)} (regulation, point 16).`
    },
    'open-request': (telling) =>
      `There is a request about this problem already (${ticket(telling)}): write into the same thread (regulation, point 10).`,
    'intake-off': () => 'In Omnicomm Online the intake of data is switched off for this vehicle.',
    'imei-differs': ({ facts }) =>
      `The IMEI in the reply of the terminal (${differingImei(facts) ?? ''}) is not that of the inventory (${facts.said.imei}): it may be another terminal.`,
    conflict: () =>
      'Data and inventory contradict each other: it is unclear to which terminal this number belongs.',
    never: () => 'The terminal has never sent data: check its id, its installation and its SIM card.',
    sleeping: ({ facts: { view }, time }) =>
      `The vehicle is parked and the terminal asleep: this is not missing data${view.expectedAt === undefined ? '' : `, it is expected by ${time(view.expectedAt)}`}.`,
    cause: () => 'There is no data for a reason that can be checked at the vehicle.',
    'data-old': (telling) =>
      `Data is not current (age ${age(telling)}): first find out why there is none (regulation, point 5).`,
    power: (telling) =>
      `Something is wrong with the supply of the terminal${volts(telling) === '' ? '' : ` (${volts(telling)})`}.`,
    position: (telling) => `Data comes in, but there has been no position for ${fixAge(telling)}.`,
    'backlog-stuck': ({ facts: { view }, span }) =>
      view.clockBehind
        ? `The clock of the terminal is behind by ${span((view.lagSeconds ?? 0) * SECOND)}.`
        : `The archive has not become shorter for more than a day, data lags by ${span((view.lagSeconds ?? 0) * SECOND)}.`,
    'firmware-broken': (telling) =>
      `Firmware ${version(telling)} was withdrawn, ${latest(telling)} is recommended (regulation, point 3).`,
    'firmware-critical': (telling) =>
      `Firmware ${version(telling)} lacks a critical update, ${latest(telling)} is recommended (regulation, point 3).`,
    'firmware-old': (telling) =>
      `Firmware ${version(telling)} is not the latest, ${latest(telling)} is recommended (regulation, point 3).`,
    'firmware-unknown': (telling) =>
      telling.facts.view.firmware === undefined
        ? 'The firmware version is not known: first make sure that it is current (regulation, point 3).'
        : `Whether firmware ${version(telling)} is current is not known: ${whyUnknown(telling)} (regulation, point 3).`,
    'data-current': (telling) =>
      `Data is current (age ${age(telling)}): the complaint "no data" is not confirmed. A ticket makes sense if the problem is another one.`,
    'not-explained': () => 'There is no data, and what is known does not explain it.',
    'service-up': (telling) =>
      `By our own probes ${serviceName(telling)} is up: say what exactly is unavailable, and to whom.`,
    'service-degraded': (telling) =>
      `By our own probes ${serviceName(telling)} is degraded: say what exactly is unavailable, and to whom.`,
    'service-unknown': (telling) =>
      `We do not know the state of ${serviceName(telling)}: say what exactly is unavailable, and to whom.`,
    checked: () => 'The check is passed: nothing was found that would explain the problem.',
  },
  items: {
    data: {
      current: (telling) => `Data is current: age ${age(telling)}, threshold ${limit(telling)}`,
      'current-unjudged': (telling) => `Data is current: age ${age(telling)}, ${limit(telling)}`,
      sleeping: (telling) =>
        `Parked and asleep; the last data is ${age(telling)} old, threshold ${limit(telling)}`,
      'sleeping-unjudged': (telling) =>
        `Parked and asleep; the last data is ${age(telling)} old, ${limit(telling)}`,
      old: (telling) => `Data is not current: age ${age(telling)}, threshold ${limit(telling)}`,
      never: () => 'There has never been data',
      backlog: (telling) => `In contact, but data lags: age ${age(telling)}`,
      unknown: (telling) => `Not judged yet; age of the last data ${age(telling)}`,
      'not-expected': (telling) => `No data is expected; age of the last ${age(telling)}`,
    },
    firmware: {
      green: (telling) => `Firmware ${version(telling)} is current${learnt(telling)}`,
      old: (telling) =>
        `Firmware ${version(telling)} is not the latest, which is ${latest(telling)}${learnt(telling)}`,
      critical_old: (telling) =>
        `Firmware ${version(telling)} is critically old, ${latest(telling)} is needed${learnt(telling)}`,
      broken: (telling) =>
        `Firmware ${version(telling)} was withdrawn, ${latest(telling)} is needed${learnt(telling)}`,
      'no-version': ({ sms }) => `The firmware version is not known: ask the terminal${sms('*GETINFO#')}`,
      'no-number': (telling) => `Firmware version "${version(telling)}" is no number and cannot be compared`,
      'no-model': (telling) =>
        `Firmware ${version(telling)}, but the model of the terminal is not known${learnt(telling)}`,
      'not-in-catalogue': (telling) =>
        `Firmware ${version(telling)}; the model ${telling.facts.view.model} is not in the firmware catalogue${learnt(telling)}`,
      'catalogue-old': (telling) =>
        `Firmware ${version(telling)} is newer than ${latest(telling)}: the catalogue is out of date${learnt(telling)}`,
    },
    outage: {
      up: (telling) => `${serviceName(telling)} is up`,
      outage: (telling) => `There is an open outage of ${serviceName(telling)}`,
      down: (telling) => `${serviceName(telling)} does not answer`,
      maintenance: (telling) => `Planned work of ${serviceName(telling)}`,
      degraded: (telling) => `${serviceName(telling)} is degraded`,
      unknown: (telling) => `The state of ${serviceName(telling)} is not known`,
    },
    incident: {
      open: () => 'The terminal is part of an open mass incident',
      none: () => 'There is no mass incident',
    },
    intake: {
      on: () => 'Intake of data in Omnicomm Online is on',
      off: () => 'Intake of data in Omnicomm Online is off',
      unknown: () => 'Whether intake of data in Omnicomm Online is on is not known here',
    },
    position: {
      current: (telling) => `There is a position, age ${fixAge(telling)}`,
      old: (telling) => `No position for ${fixAge(telling)}, although data comes in`,
      last: (telling) => `The last position is ${fixAge(telling)} old`,
      never: () => 'There has been no position yet',
    },
    power: {
      good: (telling) => `Supply is good: ${volts(telling)}`,
      low: (telling) => `Voltage is low: ${volts(telling)}`,
      dead: (telling) => `There is no external supply: ${volts(telling)}`,
      backup: () => 'The terminal runs on its backup battery',
      alarm: () => 'The terminal told that its supply was cut',
      unknown: () => 'The supply voltage is not known',
    },
    archive: {
      none: () => 'Data comes without delay, no archive is being sent',
      backlog: ({ facts: { view }, span }) =>
        `The archive is being sent, lag ${span((view.lagSeconds ?? 0) * SECOND)}`,
      records: (telling) => `Records in the archive of the terminal: ${records(telling)}`,
      unknown: ({ sms }) =>
        `How many records (REC) are in the archive is not known: ask the terminal${sms('*GETINFO#')}`,
    },
    identity: {
      known: () => 'The terminal is in the inventory',
      discovered: () => 'The terminal is not in the inventory, it appeared in the data: check its id',
      imei: ({ facts }) =>
        `IMEI ${differingImei(facts) ?? ''} is not that of the inventory (${facts.said.imei})`,
      conflict: () =>
        'Data and inventory contradict each other: it is unclear to which terminal the number belongs',
    },
    thread: {
      none: () => 'There is no open request about the terminal',
      open: (telling) => `There is an open request: ${ticket(telling)}`,
    },
  },
  steps: {
    incident: () => 'Follow the incident; a request about this terminal alone is not needed.',
    never: ({ sms }) =>
      `Ask the terminal for its id and IMEI${sms('*GETINFO#')} and compare them with the inventory, then for the server address${sms('*GETLINK#')}: whether it sends to the right one.`,
    sleeping: ({ sms }) =>
      `Wait for its next contact or for a trip; if data is needed now, ask the terminal to connect${sms('*CONNECT#')}.`,
    cause: () => 'Check the supply, the SIM card and where the vehicle is.',
    'data-old': () => 'Choose the problem "No data from the terminal" and check that one first.',
    position: ({ sms }) =>
      `Check the GLONASS/GPS antenna; under open sky start the receiver cold${sms('*GPSCOLD#')} and wait for 15 minutes.`,
    'backlog-stuck': ({ sms }) =>
      `Ask twice how large the archive is${sms('*GETINFO#')}: if REC does not fall, restart the terminal${sms('*RESET#')}.`,
    department: () => 'Write to the department that deals with it, one question in one letter.',
    outage: () => 'Wait until it is over: terminals keep data in their archive and send it later.',
    'service-down': () => 'Wait for a few minutes and check again.',
    'planned-work': () => 'Wait for the end of the work; data will come from the archives.',
    maintenance: () => 'Wait for the end of the work, or close the window if it is over.',
    decommissioned: backToWork,
    suspended: backToWork,
    blind: () => 'Look at the data source of this program; leave the terminal alone for now.',
    'not-judged': () => 'Check again in a few minutes.',
    backlog: () => 'Wait: current data follows the archive.',
    acknowledged: () => 'Wait until then, or take the mark back if it is no longer true.',
    'archive-promised': () =>
      'Wait until then: archives are loaded in the evening and at night, in queue order.',
    'open-request': () => 'Add what is new to the open request.',
    'intake-off': () => 'Switch the intake of data on for the vehicle in Omnicomm Online and wait for data.',
    'imei-differs': () =>
      'Find out which terminal is installed and correct the inventory; if you do not have the inventory, ask an operator.',
    conflict: () =>
      'Settle the conflict on the page "Inventory"; if you do not have that page, ask an operator.',
    'firmware-broken': () => 'Update to the recommended firmware and see whether the problem remains.',
    'firmware-critical': () => 'Update to the recommended firmware and see whether the problem remains.',
    'firmware-old': () => 'Update to the latest firmware and see whether the problem remains.',
    'firmware-unknown': lookUp,
    power: () => 'Check the fuse, the supply wire and the ground of the terminal.',
    'not-explained': () =>
      'Look into the documentation, fill in the points of the request and send one letter about one problem.',
    'data-current': () => 'Ask the client what the problem is, and choose its kind.',
    'service-up': () => "Check the client's internet connection, browser and account.",
    'service-degraded': () => 'Ask the client what exactly does not work, and since when.',
    'service-unknown': () =>
      "Open Omnicomm Online yourself; check the client's internet connection, browser and account.",
    checked: () => 'Look into the documentation and fill in the points of the request.',
  },
}
