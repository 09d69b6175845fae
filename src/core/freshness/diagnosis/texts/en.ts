import { groupWords, silentWords } from '../../../flagging/words.ts'
import type { IncidentDimension, IncidentGroup } from '../../mass/incident.ts'
import { type CauseTexts, has } from './advice.ts'
import { decimal, span } from './units.ts'

const time = (ms: number): string => span(ms, 'en')
const volts = (value: number): string => decimal(value, 'en')
const before = (ms: number): string =>
  ms < 1000 ? 'by the time of its last data' : `${time(ms)} before its last data`

const dimension: Readonly<Record<IncidentDimension, string>> = {
  source: 'source',
  operator: 'operator',
  region: 'region',
  client: 'client',
  dealer: 'dealer',
  model: 'model',
  firmware: 'firmware',
  ingest: 'reception of data',
}

/** Who must not learn the name of the group is told as in letters. */
const groupOf = (common: IncidentGroup): string =>
  common.group === '' ? groupWords(common, 'en') : `${dimension[common.dimension]}: ${common.group}`

export const en: CauseTexts = {
  causes: {
    incident: {
      text: 'The terminal fell silent together with many others: a mass incident is open.',
      nextStep: () =>
        'Open no ticket for this terminal alone; follow the incident. If the terminal is still silent when it is closed, check the terminal by itself.',
      visit: false,
    },
    suspended: {
      text: 'The terminal is suspended; no data is expected from it.',
      nextStep: () =>
        'If it ought to work, check whether Omnicomm Online takes data of this vehicle in (receive_data in the tree of vehicles) and whether the terminal is suspended in this program.',
      visit: false,
    },
    maintenance: {
      text: 'There is planned work on the vehicle; the gap in its data is expected.',
      nextStep: () =>
        'Wait for the end of the work. If it is done already, close the maintenance window and the terminal will be judged again.',
      visit: false,
    },
    'power-cut': {
      text: 'The terminal lost its external supply before it fell silent.',
      nextStep: (sms) =>
        `Ask the client whether the battery was disconnected or the vehicle repaired. Check the fuse, the supply wire and the ground of the terminal. When the supply is back, let the terminal connect${sms('*CONNECT#')}.`,
      visit: true,
    },
    'vehicle-battery': {
      text: "The vehicle's battery was running down while it was parked; the terminal probably had too little supply.",
      nextStep: () =>
        'Ask the client to start the engine or charge the battery: the terminal should come back by itself. If the voltage falls again while parked, check the battery and look for what drains it, additional equipment included.',
      visit: false,
    },
    'tracker-battery': {
      text: 'The terminal ran on its backup battery, which is probably empty.',
      nextStep: () =>
        'Restore the external supply of the terminal (ground, fuse, supply wire) and let the battery charge. If it does not hold its charge, replace it.',
      visit: true,
    },
    sleep: {
      text: 'The vehicle is parked and the terminal is probably asleep.',
      nextStep: (sms) =>
        `Wait for its next report or for the next trip. If data is needed now, let the terminal connect${sms('*CONNECT#')}. Check its mode for ignition off: a terminal that only a shock wakes, without a period of sending, stays silent until it moves; give such a vehicle a threshold of its own.`,
      visit: false,
    },
    coverage: {
      text: 'The vehicle is probably where there is no mobile coverage.',
      nextStep: (sms) =>
        `Ask the client where the vehicle is, and wait: the records stay in the archive of the terminal and come when there is a network. If there is one where it is, check the GSM antenna and let the terminal connect${sms('*CONNECT#')}.`,
      visit: false,
    },
    sim: {
      text: 'It is probably the SIM card or its operator: roaming, blocking, balance or tariff.',
      nextStep: (sms) =>
        `Check with the operator the balance, blocking, roaming and data service of this SIM card; if its whole range of numbers is silent, those of all its cards. If the operator has changed, set the access point${sms('*SETAPN <apn>#')} and let the terminal connect${sms('*CONNECT#')}.`,
      visit: false,
    },
    firmware: {
      text: 'The terminal fell silent soon after its firmware had changed.',
      nextStep: (sms) =>
        `Ask for the firmware version${sms('*GETINFO#')} and compare it with the one recommended for the model; ask for the server address${sms('*GETLINK#')}, since an update may have reset the settings. Then restart the terminal${sms('*RESET#')}. If that does not help, install the recommended version.`,
      visit: true,
    },
    'server-address': {
      text: 'The terminal connects but has never sent data: perhaps they go to another server.',
      nextStep: (sms) =>
        `Ask for the state of the link${sms('*GETLINK#')}: the reply names the server and the time of the last link. If it is a wrong server, correct the settings of the terminal; if it is the right one, restart the terminal${sms('*RESET#')}.`,
      visit: true,
    },
    'reboot-loop': {
      text: 'The terminal connects over and over and sends hardly any data: it seems to restart all the time.',
      nextStep: (sms) =>
        `Check the supply under load: a bad ground or drops of voltage make it restart. Ask for firmware and size of the archive${sms('*GETINFO#')}, then restart the terminal${sms('*RESET#')}. If the connects go on, update the firmware.`,
      visit: true,
    },
    'archive-only': {
      text: (finding) =>
        has(finding, 'lag')
          ? 'The terminal is connected and sends its archive; there is no current data yet.'
          : 'Before it fell silent the terminal sent archive only, no current data.',
      nextStep: (sms) =>
        `Wait: current data comes after the archive. Ask it how much of the archive is left (REC)${sms('*GETINFO#')}. If that does not go down, restart the terminal${sms('*RESET#')}.`,
      visit: false,
    },
    'link-without-data': {
      text: 'The terminal still connected after its last data, but sent no more data.',
      nextStep: (sms) =>
        `Ask for the size of the archive${sms('*GETINFO#')} twice, some minutes apart: if it grows, data is recorded but not sent. Ask for its state${sms('*GETSTAT#')} and the server address${sms('*GETLINK#')}, then restart the terminal${sms('*RESET#')}.`,
      visit: true,
    },
    antenna: {
      text: 'There is no valid position in motion: probably a fault of the GNSS antenna.',
      nextStep: (sms) =>
        `When the vehicle is under open sky, ask for its state${sms('*GETSTAT#')}; without a position make a cold start of the receiver${sms('*GPSCOLD#')} and wait 15 minutes. If that does not help, check the antenna, its plug, cable and place.`,
      visit: true,
    },
    'stuck-fix': {
      text: 'The position stands still although the vehicle drives: the GNSS receiver seems to hang.',
      nextStep: (sms) =>
        `Make a cold start of the receiver${sms('*GPSCOLD#')}; after 15 minutes under open sky ask for its state${sms('*GETSTAT#')}. If the position is the same, restart the terminal${sms('*RESET#')} and check the firmware${sms('*GETINFO#')}.`,
      visit: false,
    },
    jamming: {
      text: 'The terminal reported jamming.',
      nextStep: () =>
        'Ask the client where the vehicle was and whether there is a jammer in it. Compare with other vehicles at that place: if they see it too, it comes from outside, and all there is to do is to wait until the vehicle leaves.',
      visit: false,
    },
    clock: {
      text: 'The clock of the terminal is wrong.',
      nextStep: (sms) =>
        `It takes its time from the satellites: ask for its state and position${sms('*GETSTAT#')}. Without a position begin with the antenna; with one restart the terminal${sms('*RESET#')} and check the firmware${sms('*GETINFO#')}.`,
      visit: false,
    },
    unknown: {
      text: (finding) => {
        if (has(finding, 'never')) return 'The terminal has never sent any data.'
        if (has(finding, 'not-heard'))
          return 'The terminal is not judged now: we did not hear its source all the time.'
        return 'What is known does not tell the cause.'
      },
      nextStep: (sms, finding) => {
        if (has(finding, 'not-heard'))
          return 'Do nothing with the terminal yet: wait until its source is heard again.'
        if (has(finding, 'never'))
          return `Check that the terminal is installed and switched on and its SIM card active. Ask for its number and IMEI${sms('*GETINFO#')}, compare them with the records, then ask for the server address${sms('*GETLINK#')}.`
        return `Ask for firmware and size of the archive${sms('*GETINFO#')}, for the server address and the time of the last link${sms('*GETLINK#')}, and for the state${sms('*GETSTAT#')}. If the terminal replies, let it connect${sms('*CONNECT#')}, then restart it${sms('*RESET#')}. If it does not, check its supply and SIM card.`
      },
      visit: true,
    },
  },
  evidence: {
    incident: ({ silent, expected, agoMs, ...common }) =>
      `the incident (${groupOf(common)}) began ${time(agoMs)} ago; ${silentWords(silent, 'en', expected)}`,
    'intake-off': () => 'Omnicomm Online does not take its data in',
    'suspended-here': () => 'the terminal is suspended in this program',
    window: ({ reason, leftMs }) =>
      `the maintenance window ends in ${time(leftMs)}${reason === '' ? '' : `: ${reason}`}`,
    supply: ({ volts: value, system }) =>
      `supply ${volts(value)} V${system === null ? '' : ` (vehicle of ${system} V)`}`,
    'supply-before': ({ volts: value }) => `before that it was ${volts(value)} V`,
    'supply-fell': ({ fromVolts, volts: value }) =>
      `since the ignition went off the supply fell from ${volts(fromVolts)} to ${volts(value)} V`,
    'power-lost': ({ beforeMs }) => `the supply was lost ${before(beforeMs)}`,
    'power-alarm': () => 'the terminal reported a loss of supply',
    'backup-power': () => 'the terminal ran on its backup battery',
    battery: ({ percent, volts: value }) =>
      `backup battery ${[percent === null ? '' : `${Math.round(percent)} %`, value === null ? '' : `${volts(value)} V`].filter((part) => part !== '').join(', ')}`,
    ignition: ({ on }) => (on ? 'the ignition was on' : 'the ignition was off'),
    speed: ({ kmh }) => `last speed ${Math.round(kmh)} km/h`,
    signal: ({ percent }) => `GSM signal ${Math.round(percent)} %`,
    neighbours: ({ terminals }) =>
      `other terminals that fell silent on the move near there and came back: ${terminals}`,
    roaming: ({ on, beforeMs }) => `the terminal ${on ? 'went into' : 'left'} roaming ${before(beforeMs)}`,
    operator: ({ beforeMs }) => `the inventory was told another operator ${before(beforeMs)}`,
    'sim-range': ({ silent, members }) =>
      `of the terminals in the range of its SIM number ${silentWords(silent, 'en', members)}`,
    firmware: ({ version, beforeMs }) => `the firmware changed to ${version} ${before(beforeMs)}`,
    link: ({ agoMs }) => `last connect ${time(agoMs)} ago`,
    connects: ({ count, ms, withData }) =>
      `connects in ${time(ms)}: ${count}, of these with data: ${withData}`,
    'no-live': ({ ms }) => `its last current data was ${time(ms)} before its last contact`,
    lag: ({ ms }) => `the data lags by ${time(ms)}`,
    'no-fix': ({ ms }) => `no position in motion for ${time(ms)}`,
    'same-position': ({ ms }) => `the position did not change for ${time(ms)}`,
    jamming: ({ of }) => (of === 'gps' ? 'jamming of GNSS' : 'jamming of GSM'),
    'clock-behind': ({ ms }) => `the clock is constantly ${time(ms)} behind`,
    'clock-fault': ({ beforeMs }) => `the terminal sent an impossible time ${before(beforeMs)}`,
    'not-heard': ({ source }) =>
      source === '' ? 'its source was not heard yet' : `the source ${source} was not heard all the time`,
    never: () => 'there was never any data',
    contact: ({ agoMs }) => `last contact ${time(agoMs)} ago`,
  },
  syntax: {
    documented: '',
    similar:
      'The SMS commands are those of Smart 3.0; other models have similar ones, see the documentation of the model.',
    obd: 'OBD models have SMS commands of their own, with a password: take them from the documentation of OBD terminals.',
    unknown:
      'The model is not known: the SMS commands are those of Smart 3.0; OBD models have others, with a password.',
  },
  configurator: {
    '5': 'For a visit take Configurator 5.',
    '6': 'For a visit take Configurator 6, and for second-generation fuel sensors Configurator 5 too.',
    both: 'The model does not tell which Configurator fits: for a visit take both, 5 and 6.',
  },
}
