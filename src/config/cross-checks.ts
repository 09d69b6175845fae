import { parseDuration } from '../core/time.ts'
import { type Fault, type Path, pathText, valueAt } from './fault.ts'

/**
 * Faults that lie between keys. They are looked for in the raw tree, whatever else is wrong with it, so that no
 * fault hides another; what is not of its type is the schema's matter.
 */
export function crossFaults(tree: unknown): Fault[] {
  return [
    ...twice(tree, ['sources'], 'id'),
    ...twice(tree, ['accounts'], 'id'),
    ...twice(tree, ['service', 'components'], 'id'),
    ...twice(tree, ['flagging', 'digests'], 'id'),
    ...addressTwice(tree, ['letters', 'recipients'], ['email']),
    ...addressTwice(tree, ['letters', 'operators'], []),
    ...listAt(tree, ['flagging', 'digests']).flatMap((_, index) =>
      addressTwice(tree, ['flagging', 'digests', index, 'recipients'], ['email']),
    ),
    ...openBroker(tree),
    ...accountCredentials(tree),
    ...accountReferences(tree),
    ...onlineSources(tree),
    ...portTwice(tree),
    ...fewControls(tree),
    ...halfDkim(tree),
    ...crossedBounds(tree),
  ]
}

/** Whether only this machine reaches a host. */
function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host)
}

function twice(tree: unknown, list: Path, key: string): Fault[] {
  const values = listAt(tree, list).map((item) => textAt(item, [key]))
  return repeated(values, (index) => [...list, index, key])
}

/** Mail servers hardly ever tell upper from lower case, so two spellings would mean two copies for one person. */
function addressTwice(tree: unknown, list: Path, key: Path): Fault[] {
  const values = listAt(tree, list).map((item) => textAt(item, key)?.toLowerCase())
  return repeated(values, (index) => [...list, index, ...key])
}

function repeated(values: readonly (string | undefined)[], place: (index: number) => Path): Fault[] {
  return values.flatMap((value, index) => {
    const first = values.indexOf(value)
    if (value === undefined || first === index) return []
    return [fault(place(index), `is the same as ${pathText(place(first))}`)]
  })
}

function openBroker(tree: unknown): Fault[] {
  const host = textAt(tree, ['broker', 'host'])
  if (host === undefined || isLoopback(host) || valueAt(tree, ['broker', 'enabled']) === false) return []
  if (Object.keys(groupAt(tree, ['broker', 'users'])).length > 0) return []
  return [
    fault(['broker', 'host'], 'without broker.users only a loopback address such as 127.0.0.1 is allowed'),
  ]
}

function accountCredentials(tree: unknown): Fault[] {
  return listAt(tree, ['accounts']).flatMap((account, index) => {
    const has = (key: string): boolean => valueAt(account, [key]) !== undefined
    const missing = (key: string, text: string): Fault[] =>
      has(key) ? [] : [fault(['accounts', index, key], text)]
    if (has('token') && (has('login') || has('password'))) {
      return [fault(['accounts', index], 'has a login and a token; give one of them')]
    }
    if (has('token')) return []
    if (has('refresh')) return missing('token', 'is required with refresh')
    return [
      ...missing('login', 'is required: login and password, or token'),
      ...missing('password', 'is required with login'),
    ]
  })
}

function accountReferences(tree: unknown): Fault[] {
  const places: Path[] = [
    ['service', 'account'],
    ...listAt(tree, ['service', 'components']).map((_, index) => ['service', 'components', index, 'account']),
    ...listAt(tree, ['sources']).map((_, index) => ['sources', index, 'account']),
  ]
  const known = listAt(tree, ['accounts']).map((account) => textAt(account, ['id']) ?? '')
  // An id that is still to come from the environment may be any of the names.
  if (known.some((id) => id.includes('${'))) return []
  return places.flatMap((place) => {
    const id = textAt(tree, place) ?? ''
    if (id === '' || known.includes(id)) return []
    const choice = known.length === 0 ? 'accounts is empty' : `accounts has ${known.join(', ')}`
    return [fault(place, `there is no such account; ${choice}`)]
  })
}

function onlineSources(tree: unknown): Fault[] {
  return listAt(tree, ['sources']).flatMap((source, index) => {
    if (textAt(source, ['kind']) !== 'omnicomm-online') return []
    const own = ['baseUrl', 'login', 'password'].filter((key) => valueAt(source, [key]) !== undefined)
    const account = valueAt(source, ['account']) !== undefined
    if (account && own.length > 0) {
      return [fault(['sources', index], `has an account and ${own.join(', ')}; give one or the other`)]
    }
    if (account || own.length === 3) return []
    return [fault(['sources', index], 'needs account, or baseUrl, login and password')]
  })
}

/** Sources that listen, with the port that they have when none is given. */
const LISTENERS: Readonly<Record<string, number>> = {
  'omnicomm-tcp': 5203,
  'wialon-ips': 20_332,
  egts: 20_629,
}

/** What listens at one address. Port 0 stands for a free one, so it may be there more than once. */
function portTwice(tree: unknown): Fault[] {
  const broker = valueAt(tree, ['broker', 'enabled']) === false ? [] : [{ at: ['broker'], standard: 1883 }]
  const listeners = listAt(tree, ['sources']).flatMap((source, index) => {
    const standard = LISTENERS[textAt(source, ['kind']) ?? '']
    return standard === undefined ? [] : [{ at: ['sources', index], standard }]
  })
  const all: { at: Path; standard: number }[] = [{ at: ['http'], standard: 8080 }, ...broker, ...listeners]
  const addresses = all.map(({ at, standard }) => {
    const port = valueAt(tree, [...at, 'port']) ?? standard
    return port === 0 ? undefined : `${textAt(tree, [...at, 'host']) ?? '127.0.0.1'} ${port}`
  })
  return repeated(addresses, (index) => [...(all[index]?.at ?? []), 'port'])
}

function fewControls(tree: unknown): Fault[] {
  const controls = valueAt(tree, ['service', 'controls'])
  const components = valueAt(tree, ['service', 'components'])
  const unwatched = Array.isArray(components) && components.length === 0
  if (!Array.isArray(controls) || controls.length >= 2 || unwatched) return []
  return [
    fault(
      ['service', 'controls'],
      'needs two or more hosts of different operators, so that our own network is told from the service',
    ),
  ]
}

function halfDkim(tree: unknown): Fault[] {
  const dkim = groupAt(tree, ['letters', 'dkim'])
  if (Object.keys(dkim).length === 0) return []
  return ['domain', 'selector', 'keyFile']
    .filter((key) => dkim[key] === undefined)
    .map((key) =>
      fault(['letters', 'dkim', key], 'is required for DKIM: domain, selector and keyFile together'),
    )
}

function crossedBounds(tree: unknown): Fault[] {
  const named = ['profiles', 'groups', 'terminals'].flatMap((kind) =>
    Object.keys(groupAt(tree, ['freshness', kind])).map((name) => ['freshness', kind, name]),
  )
  return [['freshness', 'default'], ...named].flatMap((place) => {
    const floor = parseDuration(textAt(tree, [...place, 'floor']) ?? '')
    const cap = parseDuration(textAt(tree, [...place, 'cap']) ?? '')
    if (floor === undefined || cap === undefined || floor <= cap) return []
    return [fault([...place, 'floor'], 'must not be above cap')]
  })
}

function fault(path: Path, message: string): Fault {
  return { path: pathText(path), message }
}

function textAt(root: unknown, path: Path): string | undefined {
  const value = valueAt(root, path)
  return typeof value === 'string' ? value : undefined
}

function listAt(root: unknown, path: Path): readonly unknown[] {
  const value = valueAt(root, path)
  return Array.isArray(value) ? value : []
}

function groupAt(root: unknown, path: Path): Readonly<Record<string, unknown>> {
  const value = valueAt(root, path)
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
}
