import type { PartTexts } from '../outline.ts'

/** For those who look after terminals, in English. */
export const technicianEn: PartTexts<'technician'> = {
  'client-calls': {
    title: 'A client calls: “no data”',
    blocks: [
      {
        steps: [
          "Open the [Check](/check). Paste a terminal number, a plate, a vehicle's name or the client's whole letter.",
          'Read the [outcome](#check). Red: the reason is known, tell the client. Yellow: do what it says. Green: you may turn to support.',
          'Tell the client three things: when the terminal was last heard, the likely cause, and what comes next.',
          'If you need facts from the vehicle, send the terminal an [SMS command](#sms) and paste the reply on the same page.',
          'Write into a note of the terminal what you agreed on: whoever takes the next call will see it.',
        ],
      },
      {
        note: 'Promise no time that you do not know. When an outage will be over stands on its page, if it is known.',
      },
    ],
  },
  states: {
    title: 'States of a terminal',
    blocks: [
      'There is one state, chosen in this order: the first that fits. Beside it always stands since when.',
      { words: 'state' },
    ],
  },
  times: {
    title: 'Contact, data, position: three different times',
    blocks: [
      {
        list: [
          '**Contact**: when something last came from the terminal.',
          '**Data**: the time that the newest of it bears. A terminal that sends what is from yesterday is in contact, but its data is old.',
          '**Position**: when there last was a valid one.',
        ],
      },
      'The page of a terminal has two more. **Without delay**: when data came that was no archive. **Link**: when it held a connection, even without sending data.',
      'Data age is the time since that of the data. Freshness is judged by it, and silence by the contact.',
    ],
  },
  thresholds: {
    title: 'Thresholds: how long silence may last',
    blocks: [
      'Usually a moving terminal may be silent for 30 minutes and a parked one for 6 hours 30 minutes; after a day it is lost. Your values stand on the page of the terminal, with where they come from.',
      'The nearest counts: that of the terminal itself, then of its group, its profile, what was learnt, the default. A learnt one comes from the gaps of the terminal itself, where this is switched on.',
      'A threshold of its own is set at the bottom of the page of the terminal. Do this where you know why this vehicle is silent for longer than others.',
    ],
  },
  parked: {
    title: 'A parked vehicle',
    blocks: [
      'With the ignition off a terminal wakes up once in several hours. Nothing is broken: its state is “asleep, parked”, and beside it stands until when its next message is expected.',
      'Parking is known by ignition and speed. Where they are unknown, a terminal is judged as one that moves.',
      'Real trouble is still found: once the silence exceeds the threshold for parking, the terminal is stale.',
    ],
  },
  backlog: {
    title: 'A terminal sends its archive',
    blocks: [
      'While there was no link the terminal stored its data. Now it is in contact and sends the old ones first. It is not silent, yet there is no current data.',
      'Beside it stands how far behind it is, and when it will have caught up. Just wait.',
      "If it does not get closer for more than a day, or “the terminal's clock is behind” stands there, waiting will not help: open the [Check](/check).",
    ],
  },
  blind: {
    title: 'A source is not heard: blindness',
    blocks: [
      'Blindness means that we do not hear: the connection to a broker broke, a gateway or Omnicomm Online does not answer, the program itself is overloaded.',
      'While a source is not heard its terminals are not judged. They keep their state or become “unknown”, and nobody is alarmed. Time of blindness is no silence.',
      'When the link is back terminals get time to speak, and only then are they judged again.',
      {
        steps: [
          'Do nothing about the terminals and open no tickets.',
          'Tell the operator or the administrator which source the first page names.',
          'For the administrator: [sources of data](#sources).',
        ],
      },
    ],
  },
  incidents: {
    title: 'Mass silence',
    blocks: [
      'When terminals fall silent together they usually have a common cause: a mobile operator, a region, a client, a model, a firmware, a source. Then one [incident](/incidents) opens in place of a hundred signals.',
      'Its terminals raise nothing of their own. Its page says what they have in common, how many fell silent, the likely cause, and what to do.',
      'When most of them are back it closes. Whoever is still silent then comes into the list by itself.',
    ],
  },
  causes: {
    title: 'Likely causes',
    blocks: [
      'A cause is a hint, not a verdict. Beside it stand the facts that it rests on, and how sure it is. Check it before you name it to a client.',
      { words: 'cause' },
    ],
  },
  check: {
    title: 'The check before a ticket',
    blocks: [
      'By the regulation a dealer first checks himself (point 5). The [Check](/check) does this for you and says what was looked at, and when.',
      { words: 'verdict' },
      'Below the outcome is the list of what was checked. A cross: not in order. A question mark: not known, and that is worth finding out, too.',
      'The text of the request is filled in with what is known. Add the rest: no point may be left out (point 7). Where points are marked as a draft, compare them with the official list at doc.omnicomm.ru.',
    ],
  },
  sms: {
    title: 'SMS commands',
    blocks: [
      'A command is sent to the number of the SIM card in the terminal. The reply comes to your phone.',
      {
        list: [
          '`*GETINFO#`: number, firmware, records in the archive, IMEI.',
          '`*GETLINK#`: the server it is set to, and the time of the last link.',
          '`*GETSTAT#`: position, ignition, fuel sensors.',
          '`*CONNECT#`: connect now.',
          '`*RESET#`: restart.',
          '`*GPSCOLD#`: look for satellites anew.',
          '`*SETAPN name#`: access point of the mobile operator.',
        ],
      },
      'Paste the reply into “Reply of the terminal by SMS” on the page of the check. It is kept in the notes, the firmware with its date. The reply of another terminal is refused.',
      'Smart 3.0 answers like this; other models are similar, OBD ones have commands of their own: the hint of a cause names those that fit.',
      {
        note: 'No reply by SMS either? Then the terminal probably has no supply, or its SIM card does not work.',
      },
    ],
  },
  firmware: {
    title: 'Firmware',
    blocks: [
      'Before you ask about equipment make sure that its firmware is current (point 3). The [catalogue](/firmware) says so.',
      'The catalogue is kept by hand from the Technical News Letter. Where it lacks a model nothing is known, and the check asks you to find out.',
    ],
  },
  visit: {
    title: 'Before a visit',
    blocks: [
      'The page of a terminal and that of its check have a “Visit sheet”. Print it: how the terminal is, the likely cause, what to bring, what to check and in which order, SMS commands, room for notes.',
      'First ask yourself whether a visit is needed: parking, an archive, blindness and an outage of the service end by themselves.',
    ],
  },
  requests: {
    title: 'Requests to support',
    blocks: [
      {
        steps: [
          'Begin with the [Check](/check) and press “Keep as a request”.',
          'Download the letter or copy the text, and send it from your office address.',
          'Note that it was sent.',
          'When the ticket number comes, write it down here.',
          'Write down here whatever support answers: a question, a date, a piece of advice.',
        ],
      },
      'One problem, one thread (point 10). New facts go into the same request. For another problem make another one.',
      'Questions of money and warranty go to other departments (point 8): choose that kind, and the address will be another.',
    ],
  },
  ticket: {
    title: 'The ticket number',
    blocks: [
      'The number comes by itself, with an automatic reply. **If none came, the letter was not delivered, and for support there is no ticket** (point 9).',
      'While it has no number, a request that was sent is marked “not registered”. After an hour of working time it is “overdue” and moves to the top: check the address and the spam folder, send it again, or call.',
      'When you call about the same question, give the number at once.',
    ],
  },
  acknowledge: {
    title: 'Silence is known',
    blocks: [
      'You know why a terminal is silent: the vehicle is being repaired, was sold, stands until spring. Mark it: until which day, and why. Nobody is told of it until then.',
      'Mark one terminal on its page, or many at once: tick them in the list, then “The ticked ones: silence is known”.',
      'The mark does not change the state. When the day has come and it is still silent, it is in the list again.',
    ],
  },
  'vehicle-work': {
    title: 'Work on a vehicle',
    blocks: [
      'When a terminal is replaced or the supply disconnected, enter the time of the work on the page of the terminal. It is not judged in that time.',
      'If you are done earlier, press “End it now”. A terminal that is no longer needed is suspended or decommissioned: operators and administrators do this.',
    ],
  },
  digests: {
    title: 'Digests and notes',
    blocks: [
      'A **digest** is a letter at set times: who fell silent, who came back, whose link is unstable, with causes. When nothing changed there is no letter.',
      'A **note** is a letter at once, in office hours, about single terminals that are silent and did not come back within minutes.',
      'About mass silence there is one letter when it begins and one when it is over. There are none about terminals whose silence is known.',
      'Who gets them, and when, is set by the administrator in `flagging.digests`.',
    ],
  },
}
