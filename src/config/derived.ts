import { formatDuration, parseDuration } from '../core/time.ts'
import { valueAt } from './fault.ts'

/** Letters are warned of after three quarters of the time after which they are due. */
const WARN_SHARE = 0.75

type Group = Readonly<Record<string, unknown>>

/**
 * Fills in what follows from other keys when it is not set: the two times of letters from `service.noticeAfter`,
 * the recipients' language from that of the file, the sources from the embedded broker. What is wrong stays for the
 * schema to refuse.
 */
export function withDerived(tree: unknown): unknown {
  if (!isGroup(tree)) return tree
  const sources = tree['sources'] === undefined ? defaultSources(tree) : tree['sources']
  return { ...tree, letters: lettersOf(tree), sources }
}

function lettersOf(tree: Group): unknown {
  const given = tree['letters'] === undefined ? {} : tree['letters']
  if (!isGroup(given)) return given
  const recipients = given['recipients']
  const language = tree['language']
  if (!Array.isArray(recipients) || (language !== 'ru' && language !== 'en')) {
    return { ...letterTimes(tree), ...given }
  }
  return {
    ...letterTimes(tree),
    ...given,
    recipients: recipients.map((one: unknown) => (isGroup(one) ? { language, ...one } : one)),
  }
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
