import type { HelpWords } from '../outline.ts'

/** What each word of the program asks of its reader, in English. */
export const wordsEn: HelpWords = {
  state: {
    decommissioned: 'Do nothing. If it works again, put it back into service on its page.',
    suspended: 'Do nothing. If it ought to work, resume it and check the data intake in Omnicomm Online.',
    maintenance: 'Wait for the end of the work. If it is done already, end the window on its page.',
    never: 'Check its number, its installation, its SIM card and the server it sends to.',
    lost: 'Like stale, but for more than a day: a visit will probably be needed. Begin with the cause.',
    stale: 'Read the cause and the first step. If it does not come back by itself, open the check.',
    unknown: 'Do nothing about the terminal. See which source the first page names.',
    backlog: 'Wait: beside it stands when it will have caught up.',
    sleeping: 'Wait until the time that is shown. Nothing is broken.',
    'no-fix': 'A roof, the antenna or jamming? Check it under the open sky.',
    fresh: 'All is well.',
  },
  cause: {
    incident: 'It fell silent together with others. Follow the incident, not the terminal.',
    suspended: 'It was suspended here or in Omnicomm Online. Find out whether it ought to work.',
    maintenance: 'There is work that you announced. Wait for its end.',
    'power-cut':
      'Right before the silence the external supply was lost. Ask about repairs and a disconnected battery, check the fuse.',
    'vehicle-battery':
      "The vehicle's battery ran down while parked. Charge it or start the engine; look for what drains it.",
    'tracker-battery':
      'The terminal ran on its own battery until that was empty. Restore the external supply.',
    sleep: 'Parked, and the terminal sleeps. Wait for its next message or a trip.',
    coverage: 'The vehicle is where there is no network. Data comes from the archive when there is one.',
    sim: 'SIM card or operator: balance, block, roaming, access point. Ask the mobile operator.',
    firmware: 'It fell silent after a change of firmware. Check version and server address, restart it.',
    'server-address':
      'It connects, but there never was any data: it may go to another server. `*GETLINK#` shows the address.',
    'reboot-loop': 'It connects again and again. Check the supply under load, and the firmware.',
    'archive-only': 'Only its archive comes. Wait; if that does not shrink, restart it.',
    'link-without-data': 'It connected and sent no data. `*GETINFO#` twice: does the archive grow?',
    antenna:
      'No position while moving: the antenna, its plug or cable. First `*GPSCOLD#` under the open sky.',
    'stuck-fix': 'It moves and its position does not: the receiver hangs. `*GPSCOLD#`, then a restart.',
    jamming: 'The terminal reported jamming. Ask where the vehicle was; compare with others nearby.',
    clock: 'Its clock is wrong. It takes the time from satellites: begin with the antenna.',
    unknown:
      'There are too few facts. Ask `*GETINFO#`, `*GETLINK#`, `*GETSTAT#` and paste the replies on the page of the check.',
  },
  verdict: {
    'do-not-open':
      'The reason is known: an outage, an incident, planned work, an archive, parking, our own blindness or an open request. Tell the client and wait.',
    'fix-first':
      'There is something that the dealer can settle: data intake, supply, SIM card, firmware, position. Take the first step and check again.',
    'ready-for-ticket':
      'You have checked your side and nothing explains it. Fill in the points and send the request.',
  },
  service: {
    up: 'Omnicomm Online answers as it should.',
    degraded: 'Some checks fail or are slow. This does not count as an outage, and there is no letter.',
    down: 'The service does not answer. Once a second failure has confirmed it, an outage is open and its clock runs.',
    unknown:
      'Our checks prove nothing: hosts of others are silent, too. Look at your own network. No downtime is counted.',
    maintenance: 'There is planned work. No downtime is counted.',
  },
  component: {
    up: 'It answered rightly and in time.',
    degraded: 'It answered rightly, but slowly.',
    down: 'It did not answer, or wrongly. Below it stands at which step.',
    unknown: 'There was no answer, but our network did not work either. Nothing is proven.',
    'not-watched':
      'It cannot be checked: no account is configured, the password is wrong, or the budget of calls is used up. Below it stands the next step.',
  },
  segment: {
    up: 'Proven to have worked.',
    down: 'Proven to have failed.',
    edge: 'Between a good check and a failed one: somewhere here it stopped or began to work.',
    unknown: 'We did not observe. It is neither downtime nor uptime.',
    maintenance: 'Planned work.',
  },
  letter: {
    pending: 'Waits to be sent, usually for seconds.',
    sending: 'Is being handed to the mail server.',
    sent: 'The server took it. That does not mean that it was read.',
    retry: 'The server did not take it. It is tried again after 1, 2, 5, 10, 15, then every 30 minutes.',
    ambiguous:
      'The connection broke at the last step. The same letter goes once more after 15 minutes; it may come twice.',
    dead: 'The address was refused, or it failed for five days. Put it right and queue it again.',
    superseded: 'No longer needed: another one took its place.',
    filed: 'Written into a file and sent to nobody: no mail server is configured.',
  },
  role: {
    admin: 'May do everything: accounts, the audit trail, settings.',
    operator:
      'The whole fleet, outages, letters, recipients, the inventory. Not accounts and the audit trail.',
    dealer: 'Only the terminals of his clients and groups. The others do not exist for him.',
    ingest: 'A program: it sends data by HTTP and nothing else.',
  },
}
