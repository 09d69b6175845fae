import type { HelpText, PartTexts } from '../outline.ts'

/** For those who have no time to read, in English. */
export const hurryEn: HelpText = {
  title: 'If something has happened',
  blocks: [
    {
      list: [
        'A client calls: “no data” — [what to do](#client-calls).',
        'A red banner “is down” at the top — [an outage of the service](#outage-first). Open no tickets about terminals now.',
        'Many terminals fell silent at once — [mass silence](#incidents).',
        'The page says that a source is not heard — [blindness](#blind). The terminals are not at fault.',
        'A letter about an outage has not left — [letters](#letters).',
        'You cannot sign in — [signing in](#login).',
      ],
    },
  ],
}

/** What everybody reads first, in English. */
export const startEn: PartTexts<'start'> = {
  about: {
    title: 'What the program does',
    blocks: [
      'It watches two things.',
      {
        list: [
          '**Freshness of data.** Of each terminal it knows when it was last heard, and whether it has been silent for longer than it should.',
          '**Availability of the service.** Once a minute it checks whether Omnicomm Online works. When it has been down for more than 60 minutes, the recipients are told by letter.',
        ],
      },
      'The program tells a silent terminal from a parked vehicle, from an archive that is being sent, and from the case that it could not hear itself. It invents nothing: what it does not know is “unknown”.',
    ],
  },
  pages: {
    title: 'Where things are',
    blocks: [
      {
        list: [
          '[Terminals](/): what needs attention now, by client, with cause and first step.',
          '[Check](/check): whether a request to support is needed, and what to do before.',
          '[Requests](/requests): one problem, one thread; numbers and due dates.',
          '[Incidents](/incidents): terminals that fell silent together.',
          '[Service](/service): whether Omnicomm Online works, outages, uptime, planned work.',
          '[Letters](/letters) and [Recipients](/recipients): who got what.',
          '[Inventory](/inventory), [Firmware](/firmware), [Contacts](/contacts), [Templates](/templates): what people keep.',
          '[Users](/users) and [Audit](/audit): for the administrator.',
        ],
      },
      'You see what your account may open and nothing else. A “?” beside a heading leads to the right place of this guide. All pages use one time zone, named at the bottom.',
    ],
  },
  morning: {
    title: 'The morning in five minutes',
    blocks: [
      {
        steps: [
          'Open [Terminals](/). If there is a red or yellow banner at the top, read it first: it explains much of what is below.',
          'Look through “Need attention”. The clients with most of them come first.',
          'Read the cause of each and “Begin with”.',
          'Mark what you know already: [silence is known](#acknowledge). The terminal leaves the list until the day you name.',
          'Look into [Requests](/requests): what is overdue stands first.',
        ],
      },
      'The page keeps its numbers current by itself. No line moves while you read: a note at the bottom tells of changes.',
    ],
  },
}
