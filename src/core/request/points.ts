import { readingLag } from '../fleet/reading-lag.ts'
import type { ReadingView } from '../fleet/view.ts'
import { span } from '../freshness/diagnosis/texts/units.ts'
import type { Language } from '../letters/letter.ts'
import { textHash } from '../letters/letter-id.ts'
import { namedMomentWords } from '../letters/words.ts'
import { type Instant, SECOND } from '../time.ts'
import type { CheckFacts } from './check-facts.ts'
import { isCurrent } from './check-items.ts'
import { pointTexts } from './points-texts.ts'
import type { PointSource, ProblemSubject, RequestPoint, RequestTemplate } from './template.ts'

/** A point with its value; empty: it is not known, and is asked for where it is required. */
export type PointField = {
  readonly key: string
  /** What its answer is called (see answerName). */
  readonly answer: string
  readonly label: string
  readonly value: string
  readonly required: boolean
  /** The value was typed by a person or is one that the program knows. */
  readonly from: 'typed' | 'known' | 'nobody'
}

/** Longest answer to one point, characters. */
export const LONGEST_ANSWER = 2000

type Reader = { readonly language: Language; readonly timezone: string }

/**
 * The points of a template, filled with what is known; what a person typed, by name of the answer, comes first, an
 * empty text too.
 */
export function pointFields(
  { id, points, about }: Pick<RequestTemplate, 'id' | 'points' | 'about'>,
  all: CheckFacts,
  typed: ReadonlyMap<string, string>,
  now: Instant,
  reader: Reader,
): readonly PointField[] {
  // A ticket about one terminal is none about the service.
  const requests = about === 'service' ? all.requests.filter(({ problem }) => problem === id) : all.requests
  const facts = { ...all, requests }
  return points.map((point) => {
    const { key, label, required, from } = point
    const name = answerName(point)
    const answer = typed.get(name)?.slice(0, LONGEST_ANSWER).trim()
    const value = answer ?? knownValue(from, about, facts, now, reader)
    return {
      key,
      answer: name,
      label: label[reader.language],
      value,
      // A ticket that exists must be named (regulation, point 9).
      required: required || (from === 'ticket' && ticketOf(facts) !== ''),
      from: answer !== undefined ? 'typed' : value === '' ? 'nobody' : 'known',
    }
  })
}

/** `p7` is the seventh of one pasted list; any other key means the same wherever it is. */
const OF_ONE_LIST = /^p\d+(-\d+)?$/

/** What the answer to a point is called, so that it stays when another kind of problem asks for the same. */
export function answerName({ key, label }: Pick<RequestPoint, 'key' | 'label'>): string {
  return OF_ONE_LIST.test(key) ? `${key}.${textHash(label.ru)}` : key
}

/** What the program knows of a point; empty: nothing. */
function knownValue(
  source: PointSource,
  about: ProblemSubject,
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
      return readings(facts, time, language)
    case 'period': {
      // How long one terminal is silent says nothing of the service.
      const since = about === 'service' ? downSince(service) : silentSince(view)
      return since === null ? '' : words.period(time(since), time(now))
    }
    case 'many':
      if (about === 'service') return ''
      return facts.incident === null ? words.one : words.many(facts.incident.silent)
    case 'ticket':
      return ticketOf(facts)
    case 'sensors':
      return sensors(facts, time, language)
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

function silentSince(view: CheckFacts['view']): Instant | null {
  return isCurrent(view) ? null : view.contactAt
}

function downSince({ status }: CheckFacts['service']): Instant | null {
  return status.outage?.start ?? (status.state === 'down' ? status.since : null)
}

/** Those of the last data; one that is older tells its own time. */
function readings(
  { view: { readings: all, dataAt } }: CheckFacts,
  time: (at: Instant) => string,
  language: Language,
): string {
  const words = pointTexts[language]
  const { ignition, voltage, satellites } = all
  const dated = (text: string, reading: ReadingView): string =>
    readingLag(reading, dataAt) > 0 ? `${text} (${time(reading.at)})` : text
  return [
    typeof ignition?.value === 'boolean' ? dated(words.ignition(ignition.value), ignition) : '',
    typeof voltage?.value === 'number' ? dated(words.voltage(voltage.value), voltage) : '',
    typeof satellites?.value === 'number' ? dated(words.satellites(satellites.value), satellites) : '',
  ]
    .filter((part) => part !== '')
    .join(', ')
}

/** As the terminal told of them, and when that was. */
function sensors(
  { replies: { stat } }: CheckFacts,
  time: (at: Instant) => string,
  language: Language,
): string {
  const words = pointTexts[language]
  if (stat === undefined || stat.told.sensors.length === 0) return ''
  const told = stat.told.sensors.map(
    ({ number, level, state }) => `L${number}: ${level}, ${words.sensor[state]}`,
  )
  return `${told.join('; ')} (${time(stat.at)})`
}

/** What our own probes saw of the service: the layers that fail, since when, and why. */
function probes({ service }: CheckFacts, time: (at: Instant) => string, language: Language): string {
  const words = pointTexts[language]
  const failing = service.status.components.filter(({ state }) => state === 'down' || state === 'degraded')
  const lines = failing.map(({ id, reason }) => (reason === null ? id : `${id}: ${reason}`))
  const start = downSince(service)
  return [start === null ? '' : words.since(time(start)), ...lines].filter((part) => part !== '').join('; ')
}
