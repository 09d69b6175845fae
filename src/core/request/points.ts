import { span } from '../freshness/diagnosis/texts/units.ts'
import type { Language } from '../letters/letter.ts'
import { namedMomentWords } from '../letters/words.ts'
import { type Instant, SECOND } from '../time.ts'
import type { CheckFacts } from './check-facts.ts'
import { isCurrent } from './check-items.ts'
import { pointTexts } from './points-texts.ts'
import type { PointSource, RequestPoint } from './template.ts'

/** A point with its value; empty: it is not known, and is asked for where it is required. */
export type PointField = {
  readonly key: string
  readonly label: string
  readonly value: string
  readonly required: boolean
  /** The value was typed by a person or is one that the program knows. */
  readonly from: 'typed' | 'known' | 'nobody'
}

/** Longest answer to one point, characters. */
export const LONGEST_ANSWER = 2000

type Reader = { readonly language: Language; readonly timezone: string }

/** The points of a template, filled with what is known; what a person typed comes first, an empty text too. */
export function pointFields(
  points: readonly RequestPoint[],
  facts: CheckFacts,
  typed: ReadonlyMap<string, string>,
  now: Instant,
  reader: Reader,
): readonly PointField[] {
  return points.map(({ key, label, required, from }) => {
    const answer = typed.get(key)?.slice(0, LONGEST_ANSWER).trim()
    const value = answer ?? knownValue(from, facts, now, reader)
    return {
      key,
      label: label[reader.language],
      value,
      // A ticket that exists must be named (regulation, point 9).
      required: required || (from === 'ticket' && ticketOf(facts) !== ''),
      from: answer !== undefined ? 'typed' : value === '' ? 'nobody' : 'known',
    }
  })
}

/** What the program knows of a point; empty: nothing. */
function knownValue(
  source: PointSource,
  facts: CheckFacts,
  now: Instant,
  { language, timezone }: Reader,
): string {
  const { view, said, replies, service, contact } = facts
  const words = pointTexts[language]
  const time = (at: Instant): string => namedMomentWords(at, timezone, language)
  switch (source) {
    case 'ask':
      return ''
    case 'account':
      return facts.login === '' ? '' : [facts.login, service.host].filter((part) => part !== '').join(', ')
    case 'vehicle':
      return view.name
    case 'terminal':
      return view.id
    case 'serial':
      return said.aliases.find((alias) => /^\d{11}$/.test(alias)) ?? ''
    case 'model':
      return view.model
    case 'firmware':
      return view.firmware === undefined
        ? ''
        : [
            view.firmware.version,
            words.firmware[view.firmware.status],
            view.firmware.at === null ? '' : time(view.firmware.at),
          ]
            .filter((part) => part !== '')
            .join(', ')
    case 'hardware':
      return [
        replies.info?.told.bootloader === undefined ? '' : `BL ${replies.info.told.bootloader}`,
        replies.info?.told.hardware === undefined ? '' : `HW ${replies.info.told.hardware}`,
      ]
        .filter((part) => part !== '')
        .join(', ')
    case 'imei':
      return said.imei || (replies.info?.told.imei ?? '')
    case 'archive':
      return replies.info?.told.records === undefined
        ? ''
        : `${replies.info.told.records} (${time(replies.info.at)})`
    case 'link':
      return replies.link === undefined
        ? ''
        : words.link(
            `${replies.link.told.server}:${replies.link.told.port}`,
            replies.link.told.time,
            time(replies.link.at),
          )
    case 'sim':
      // An operator alone does not answer the point.
      return said.sim === '' ? '' : [said.sim, said.operator].filter((part) => part !== '').join(', ')
    case 'lastData':
      return view.dataAt === null
        ? ''
        : words.lastData(time(view.dataAt), span((view.dataAgeSeconds ?? 0) * SECOND, language))
    case 'readings':
      return readings(facts, language)
    case 'period':
      return isCurrent(view) || view.contactAt === null ? '' : words.period(time(view.contactAt), time(now))
    case 'many':
      return facts.incident === null ? words.one : words.many(facts.incident.silent)
    case 'ticket':
      return ticketOf(facts)
    case 'sensors':
      return (replies.stat?.told.sensors ?? [])
        .map(({ number, level, state }) => `L${number}: ${level}, ${words.sensor[state]}`)
        .join('; ')
    case 'service':
      return probes(facts, time, language)
    case 'client':
      return view.client
    case 'contact':
      return contact === null
        ? ''
        : [contact.name, contact.phone, contact.email].filter((part) => part !== '').join(', ')
  }
}

function ticketOf({ requests }: CheckFacts): string {
  return requests.find(({ ticket }) => ticket !== '')?.ticket ?? ''
}

function readings({ view: { readings: all } }: CheckFacts, language: Language): string {
  const words = pointTexts[language]
  const { ignition, voltage, satellites } = all
  return [
    typeof ignition?.value === 'boolean' ? words.ignition(ignition.value) : '',
    typeof voltage?.value === 'number' ? words.voltage(voltage.value) : '',
    typeof satellites?.value === 'number' ? words.satellites(satellites.value) : '',
  ]
    .filter((part) => part !== '')
    .join(', ')
}

/** What our own probes saw of the service: the layers that fail, since when, and why. */
function probes(
  { service: { status } }: CheckFacts,
  time: (at: Instant) => string,
  language: Language,
): string {
  const words = pointTexts[language]
  const failing = status.components.filter(({ state }) => state === 'down' || state === 'degraded')
  const lines = failing.map(({ id, reason }) => (reason === null ? id : `${id}: ${reason}`))
  const start = status.outage?.start ?? (status.state === 'down' ? status.since : null)
  return [start === null ? '' : words.since(time(start)), ...lines].filter((part) => part !== '').join('; ')
}
