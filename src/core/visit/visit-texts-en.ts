import type { VisitTexts } from './visit-words.ts'

/** What visits are told with in English. */
export const en: VisitTexts = {
  always: [
    'The full set of components: a terminal of the same model as a replacement, plugs, wires, fuses, mountings, seals.',
    'A laptop with the latest Omnicomm Configurator of both lines (5 and 6), and the cable to connect it.',
    'The installation instructions and wiring diagrams of the terminal and its sensors.',
    'A multimeter.',
  ],
  configurator: {
    '5': 'This model needs Configurator 5.',
    '6': 'This model needs Configurator 6, second-generation fuel sensors need 5.',
    both: 'The model does not tell which Configurator is needed: take both, 5 and 6.',
  },
  forArea: {
    power: 'Fuses and supply wire, a backup battery for the terminal, a tester for the vehicle battery.',
    link: 'A SIM card that works, with its access point (APN), a GSM antenna, address and port of the communication server.',
    position: 'A GLONASS/GPS antenna with its cable.',
    sensors: 'A fuel sensor with its cable and plugs.',
    firmware: 'The file of the recommended firmware for this model.',
  },
  checks: {
    before: [
      'The client knows, the vehicle is there, so are its keys.',
      'Id and IMEI on the terminal are those on this sheet.',
      'What the LEDs show is noted before anything is touched.',
    ],
    power: [
      'Voltage at the terminal with ignition on and off: below 6 V there is no supply; low is below 11.8 V on a 12 V system and below 23.5 V on a 24 V one.',
      "Fuse, ground, plugs, traces of water and of other people's repairs.",
      'The backup battery keeps the terminal running without its supply.',
    ],
    link: [
      'The SIM card sits well, is active and has a data tariff; the APN is set.',
      'GSM antenna and cable are whole, there is a signal.',
      'The address of the communication server is right, the time of the last link makes sense (*GETLINK#).',
    ],
    position: [
      'The GLONASS/GPS antenna sees the sky, cable and plug are whole, nothing near it disturbs.',
      'There are four satellites or more and the position changes (*GETSTAT#).',
    ],
    sensors: ['Fuel sensors are ready (state 2) and their level is plausible (*GETSTAT#).'],
    firmware: ['The firmware is the one recommended for the model (*GETINFO#), or was updated.'],
    after: [
      'The terminal has connected (*CONNECT#): fresh data and a position stand on its page.',
      'If it was replaced: the model is the same, ids of both terminals are noted. Only data of the last 3 days loads by itself.',
      'The result is written down: as a note of the terminal, and in its request if there is one.',
    ],
  },
  commands: {
    '*GETINFO#': 'id, firmware, archive, IMEI',
    '*GETLINK#': 'address of the server and time of the last link',
    '*GETSTAT#': 'position, ignition, fuel sensors',
    '*CONNECT#': 'connect now',
    '*RESET#': 'restart the terminal',
    '*GPSCOLD#': 'cold start of the position receiver',
    '*SETAPN <apn>#': 'set the access point',
  },
  syntax: {
    documented: '',
    similar:
      'The commands are documented for Smart 3.0; those of this model are probably the same: compare its documentation.',
    obd: 'OBD terminals have other commands, with a password: take them from the documentation of the model.',
    unknown: 'No model is known: the commands are documented for Smart 3.0, compare the documentation.',
  },
}
