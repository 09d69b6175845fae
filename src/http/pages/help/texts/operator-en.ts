import type { PartTexts } from '../outline.ts'

/** For those who watch over the service and its letters, in English. */
export const operatorEn: PartTexts<'operator'> = {
  'outage-first': {
    title: 'The service is down: what to do',
    blocks: [
      {
        steps: [
          'Open the outage by the link in the red banner. It says what does not answer, and since when.',
          'Find out when it will be fixed. Enter the [expected time](#expected-time) as soon as it is known.',
          'Press “Confirm”, so that colleagues see that somebody looks after it.',
          'Nothing else: after 60 minutes the letter goes by itself, and so does the one about the end.',
          'If there is no outage in truth, [cancel it as false](#confirm-cancel), better before the letter.',
        ],
      },
      'While the service is down terminals store their data and send it later. The letter says so, too.',
    ],
  },
  'service-states': {
    title: 'States of the service and of its checks',
    blocks: [
      'The state of the service follows from its checks. Most of them are made each minute, some less often. What did not answer is asked once more at once, and then hosts of others are: if they are silent, too, our own network is at fault.',
      { words: 'service' },
      'Each check has a state of its own, on the page [Service](/service):',
      { words: 'component' },
    ],
  },
  'outage-clock': {
    title: 'The outage clock',
    blocks: [
      'Two failures in a row open an outage. It began with the first of them. “Not before” is the last check at which all was well.',
      {
        list: [
          '**Certainly**: the time between neighbouring failures. It is proven, and only this makes the letter due.',
          '**Possibly**: with the time in which nothing could be checked.',
        ],
      },
      'Planned work stops both. One good answer does not reset the clock: an outage is over when the service has answered for five minutes without a failure.',
    ],
  },
  'letter-due': {
    title: 'Why a letter goes after 60 minutes',
    blocks: [
      'The regulation demands it (point 15): when the service is unavailable for **more than 60 minutes**, a letter about the time of the fix goes to the contact address. Exactly 60 minutes is not enough.',
      {
        list: [
          'At 45 minutes operators are warned, with a link to the page of the outage.',
          'Right after 60 one more check is made. Only when it fails as well does the letter go.',
          'While the outage lasts there are updates: when the expected time changes, when you write a message, and not later than was promised.',
          'When the service is back, everybody who got the first letter gets the last one.',
        ],
      },
      'All of it is one thread. The letter is finished at the moment at which the fact is established. Should the program or the mail fail then, it goes when they are back.',
    ],
  },
  'expected-time': {
    title: 'The expected time of the fix',
    blocks: [
      'This time is what the letter is for. Enter it on the page of the outage. Before the first letter it becomes part of that; later it goes as an update to everybody who got one.',
      'If you do not know it, enter nothing. The letter says truly that it is being determined, and when the next one will come.',
      'If it changed, enter the new one. If it has passed and the service is still down, press “Being determined anew”.',
      { note: 'The time bears your name and the hour. Enter what you were told, not what you hope for.' },
    ],
  },
  'confirm-cancel': {
    title: 'Confirm or cancel',
    blocks: [
      '**Confirm** is a mark for colleagues. It changes neither clock nor letters.',
      '**Cancel as false** is for an outage that was none. Everybody who got a letter gets a correction with your reason. It cannot be undone, so you are asked twice.',
    ],
  },
  'send-now': {
    title: 'Send the letter now',
    blocks: [
      'Sometimes more than 60 minutes are possible, but not proven: for a part of the time nothing could be checked. Then no letter goes by itself, and you get one alarm. The decision is yours.',
      'If you know that the service was down, press “Send the letter now”. It cannot be called back.',
    ],
  },
  'planned-work': {
    title: 'Planned work',
    blocks: [
      'Enter it on the page [Service](/service) before it begins: start, end, reason. It cannot begin in the past. Time inside the window is no downtime.',
      'Tick the box, and the recipients are told by letter.',
      'Work that comes back is a rule: `0 3 * * 0` and `2h`, for example, are Sundays from 3:00 to 5:00.',
      'If it takes longer, add another window. If it is done earlier, “End it now”.',
    ],
  },
  recipients: {
    title: 'Recipients',
    blocks: [
      '[Recipients](/recipients) get the letters about outages, each in his language. The list can be loaded and downloaded as CSV.',
      'Without a single one letters go to nobody, and the first page warns of it.',
      'Whoever is added during an outage gets the letter. Whoever is removed gets nothing more.',
      'Write to official addresses, not to personal ones (point 12).',
    ],
  },
  letters: {
    title: 'Letters and what became of them',
    blocks: [
      'The page [Letters](/letters) has each letter to each recipient: when it was due, when it left, what the mail server replied. It also shows what a letter would be like now.',
      { words: 'letter' },
      'A letter has not left? First read the reply of the mail server beside it. Correct the address or the mail settings, then queue the letter again.',
    ],
  },
  timeline: {
    title: 'Time line and uptime',
    blocks: [
      { words: 'segment' },
      'Uptime is the share of the time in which the service worked, of the time of which that is known. Beside it stand the worst and the best case. Below 90 % of observed time there is no number, only these bounds. Planned work is left out.',
      'On the first of the month operators get a report by letter. Any period can be downloaded as CSV.',
    ],
  },
  grafana: {
    title: 'Graphs in Grafana',
    blocks: [
      'If the administrator has set it up, Grafana has five dashboards: freshness of the fleet, dealer, uptime of Omnicomm Online, letters, intake of data. Colours are those of these pages.',
      'Dashboards show what changes over time. What to do about one terminal stands on these pages.',
    ],
  },
}
