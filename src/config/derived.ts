import { formatDuration, parseDuration } from '../core/time.ts'
import { valueAt } from './fault.ts'

/** Letters are warned of after three quarters of the time after which they are due. */
const WARN_SHARE = 0.75

type Group = Readonly<Record<string, unknown>>

/**
 * Fills in what follows from other keys when it is not set: the two times of letters from `service.noticeAfter`,
 * the language of recipients from that of the file, the sources from the embedded broker. What is wrong stays for the
 * schema to refuse.
 */
export function withDerived(tree: unknown): unknown {
  if (!isGroup(tree)) return tree
  const sources = tree['sources'] === undefined ? defaultSources(tree) : tree['sources']
  const flagging = tree['flagging'] === undefined ? {} : { flagging: flaggingOf(tree) }
  return { ...tree, letters: lettersOf(tree), sources, ...flagging }
}

function flaggingOf(tree: Group): unknown {
  const given = tree['flagging']
  const digests = isGroup(given) ? given['digests'] : undefined
  if (!isGroup(given) || !Array.isArray(digests)) return given
  const withLanguages = digests.map((digest: unknown) =>
    isGroup(digest) && Array.isArray(digest['recipients'])
      ? { ...digest, recipients: inLanguage(tree, digest['recipients']) }
      : digest,
  )
  return { ...given, digests: withLanguages }
}

function lettersOf(tree: Group): unknown {
  const given = tree['letters'] === undefined ? {} : tree['letters']
  if (!isGroup(given)) return given
  const recipients = given['recipients']
  if (!Array.isArray(recipients)) return { ...letterTimes(tree), ...given }
  return { ...letterTimes(tree), ...given, recipients: inLanguage(tree, recipients) }
}

/** Recipients without a language of their own get that of the file. */
function inLanguage(tree: Group, recipients: readonly unknown[]): readonly unknown[] {
  const language = tree['language']
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
function defaultSources(tree: Group): readonly unknown[] {
  const push = { id: 'push', kind: 'http' }
  const broker = isGroup(tree['broker']) ? tree['broker'] : {}
  if (broker['enabled'] === false) return [push]
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
