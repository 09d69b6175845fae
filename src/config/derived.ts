import { formatDuration, parseDuration } from '../core/time.ts'
import { valueAt } from './fault.ts'

/** Letters are warned of after three quarters of the time after which they are due. */
const WARN_SHARE = 0.75

type Group = Readonly<Record<string, unknown>>

/** What a reload does not change, and from which other keys follow. */
export type Running = { readonly broker: unknown; readonly language: unknown }

/**
 * Fills in what follows from other keys when it is not set: the two times of letters from `service.noticeAfter`,
 * the language of recipients from that of the file, the sources from the embedded broker (`running`: what runs, when that is
 * other than the file says). What is wrong stays for the schema to refuse.
 */
export function withDerived(tree: unknown, running?: Running): unknown {
  if (!isGroup(tree)) return tree
  const { broker, language } = running ?? tree
  const sources = tree['sources'] === undefined ? defaultSources(broker) : tree['sources']
  const flagging = tree['flagging'] === undefined ? {} : { flagging: flaggingOf(tree, language) }
  return { ...tree, letters: lettersOf(tree, language), sources, ...flagging }
}

function flaggingOf(tree: Group, language: unknown): unknown {
  const given = tree['flagging']
  const digests = isGroup(given) ? given['digests'] : undefined
  if (!isGroup(given) || !Array.isArray(digests)) return given
  const withLanguages = digests.map((digest: unknown) =>
    isGroup(digest) && Array.isArray(digest['recipients'])
      ? { ...digest, recipients: inLanguage(language, digest['recipients']) }
      : digest,
  )
  return { ...given, digests: withLanguages }
}

function lettersOf(tree: Group, language: unknown): unknown {
  const given = tree['letters'] === undefined ? {} : tree['letters']
  if (!isGroup(given)) return given
  const recipients = given['recipients']
  if (!Array.isArray(recipients)) return { ...letterTimes(tree), ...given }
  return { ...letterTimes(tree), ...given, recipients: inLanguage(language, recipients) }
}

/** Recipients without a language of their own get the general one. */
function inLanguage(language: unknown, recipients: readonly unknown[]): readonly unknown[] {
  if (language !== 'ru' && language !== 'en') return recipients
  return recipients.map((one) => (isGroup(one) ? { language, ...one } : one))
}

function letterTimes(tree: Group): Group {
  const noticeAfter = valueAt(tree, ['service', 'noticeAfter'])
  const noticeMs = typeof noticeAfter === 'string' ? parseDuration(noticeAfter) : undefined
  if (noticeMs === undefined) return {}
  const warnMs = Math.max(1, Math.round(noticeMs * WARN_SHARE))
  return { warnAfter: formatDuration(warnMs), updateEvery: formatDuration(noticeMs) }
}

/** The embedded broker, if it runs, under its first user; and HTTP push. */
function defaultSources(given: unknown): readonly unknown[] {
  const push = { id: 'push', kind: 'http' }
  const broker = isGroup(given) ? given : {}
  // From the environment it comes as text.
  if (broker['enabled'] === false || broker['enabled'] === 'false') return [push]
  const [user, password] = (isGroup(broker['users']) ? Object.entries(broker['users'])[0] : undefined) ?? []
  const credentials = typeof password === 'string' ? { username: user, password } : {}
  const url = `mqtt://${reachable(broker['host'])}:${portOf(broker['port'])}`
  return [{ id: 'gate', kind: 'mqtt', url, topics: ['fleet/#'], ...credentials }, push]
}

function reachable(host: unknown): string {
  if (typeof host !== 'string' || ['', '0.0.0.0', '::', 'localhost'].includes(host)) return '127.0.0.1'
  return host.includes(':') ? `[${host}]` : host
}

/** Port 0 stands for whatever port the embedded broker was given. */
function portOf(port: unknown): number {
  const number = Number(port ?? 1883)
  return Number.isInteger(number) && number >= 0 && number <= 65_535 ? number : 1883
}

function isGroup(value: unknown): value is Group {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
