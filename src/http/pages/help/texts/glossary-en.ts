import type { HelpTexts } from '../outline.ts'

/** Terms in the order of the alphabet, in English. */
export const glossaryEn: HelpTexts['glossary'] = [
  ['Archive', 'the memory of a terminal: what it could not send at once'],
  ['Blindness', 'we ourselves do not hear a source and therefore do not judge its terminals'],
  ['Check of the service', 'a question to one part of Omnicomm Online, once a minute or less often'],
  ['Control host', 'a site of somebody else: if it answers, our network is in order'],
  ['Data age', 'how long ago the time is that the newest data bears'],
  ['Dealer', 'the company that looks after clients and answers their questions first'],
  ['Failure', 'a check did not pass, and it is proven that it was not our fault'],
  ['Incident', 'many terminals fell silent together, for a common cause'],
  ['Observed time', 'time in which a source could be heard; only this counts as silence'],
  ['Outage', 'Omnicomm Online does not work: two failures in a row and all that follows'],
  ['Outage clock', 'the count of proven downtime; it makes the letter due'],
  [
    'Regulation',
    "the rules of a dealer's work with the technical support of Omnicomm; numbers of points in brackets",
  ],
  ['Request', 'a question to technical support; registered once it has a ticket number'],
  ['Source', 'the way on which data comes: a broker, HTTP, Omnicomm Online, a direct connection'],
  ['Threshold', 'how long a terminal may be silent while that is normal'],
]
