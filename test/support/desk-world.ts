import { startService } from '../../src/compose.ts'
import { parseConfig } from '../../src/config/load.ts'
import type { Role } from '../../src/core/people/account.ts'
import { type Instant, MINUTE } from '../../src/core/time.ts'
import { SESSION_COOKIE } from '../../src/http/auth.ts'
import { activityAt, arrange, DEALERS, inventoryCsv, messagesAt, STORY_MINUTES } from './desk-fleet.ts'
import { startFailingService } from './failing-service.ts'
import { createFakeClock, type FakeClock } from './fake-clock.ts'
import { ACTIVITY, type FakeOnline, startFakeOnline } from './fake-online.ts'
import { createMailCatcher, type MailCatcher } from './mail-catcher.ts'
import { RU } from './outage-stage.ts'
import { createRecordingLog } from './recorders.ts'
import { serviceApi } from './service-api.ts'
import { tempFolder } from './temp-folder.ts'

export type Desk = AsyncDisposable & {
  /** `http://127.0.0.1:port` */
  readonly base: string
  readonly api: ReturnType<typeof serviceApi>
  readonly clock: FakeClock
  readonly mail: MailCatcher
  readonly online: FakeOnline
  /** Sends messages of terminals as their gateway does. */
  push(messages: readonly object[]): Promise<void>
  /** Changes something through the API as the administrator; rejects when it is refused. */
  put(method: 'POST' | 'PUT', path: string, body: object | string): Promise<unknown>
  /** Time passes for all, and the terminals that still talk go on talking. */
  pass(minutes: number): Promise<void>
  /** The watched service stops answering, or answers again. */
  serviceFails(): Promise<void>
  serviceAnswers(): Promise<void>
  /** The session of somebody with this role who has signed in, as the value of its cookie. */
  session(role: Role): Promise<string>
}

/** Passwords of the people of the desk, who are called as their roles. */
export const PASSWORD = 'a password of the desk'

const ADMIN_TOKEN = 'admin-token-of-the-desk'
const PUSH_TOKEN = 'push-token'
/** A Tuesday, 12:00 in Moscow at the end of the story. */
const NOON: Instant = Date.parse('2026-06-16T09:00:00Z')

/** `outage`: the watched service has not answered for so long that the letter about it has gone out. */
export type DeskOptions = { readonly outage?: boolean }

const OUTAGE_MINUTES = 66

/**
 * The whole service in this process, with real servers around it and a clock that tests move, after twenty minutes in
 * which terminals of three clients and two dealers came into every state. The watched service works, unless there is an outage.
 */
export async function openDesk({ outage = false }: DeskOptions = {}): Promise<Desk> {
  const folder = tempFolder()
  const lead = outage ? OUTAGE_MINUTES - STORY_MINUTES : 0
  const clock = createFakeClock(NOON - (STORY_MINUTES + lead) * MINUTE)
  const watched = await startFailingService()
  const control = await startFailingService()
  const mail = await createMailCatcher()
  const online = await startFakeOnline()
  online.tree = { id: 1001, name: 'Omnicomm', objects: [], children: [] }
  const servers = [watched, control, online]
  const service = await startService(
    configFor({ data: folder.file('data'), watched, control, mail, online }),
    {
      clock,
      log: createRecordingLog(),
      adminToken: ADMIN_TOKEN,
    },
  )
  const base = `http://127.0.0.1:${service.httpPort}`
  const api = serviceApi(base, ADMIN_TOKEN)
  const sessions = new Map<Role, Promise<string>>()
  let minute = -lead

  const desk: Desk = {
    base,
    api,
    clock,
    mail,
    online,
    async push(messages) {
      const lines = messages.map((message) => JSON.stringify(message)).join('\n')
      const answer = await api.push('push', PUSH_TOKEN, lines)
      if (answer.status !== 202) throw new Error(`push: ${answer.status} ${await answer.text()}`)
    },
    async put(method, path, body) {
      const isText = typeof body === 'string'
      const headers = { 'content-type': isText ? 'text/csv' : 'application/json' }
      const answer = await api.request(path, { method, headers, body: isText ? body : JSON.stringify(body) })
      const text = await answer.text()
      if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`)
      return text === '' ? undefined : JSON.parse(text)
    },
    async pass(minutes) {
      for (let passed = 0; passed < minutes; passed++) {
        await clock.advance(MINUTE)
        minute += 1
        tellOnline(online, minute, clock.now())
        await desk.push(messagesAt(minute, clock.now()))
      }
    },
    serviceFails: watched.refuse,
    serviceAnswers: watched.accept,
    session(role) {
      const known = sessions.get(role) ?? signIn(base, role)
      sessions.set(role, known)
      return known
    },
    async [Symbol.asyncDispose]() {
      await service.stop()
      await Promise.all(servers.map((server) => server[Symbol.asyncDispose]()))
      await mail.close()
      folder[Symbol.dispose]()
    },
  }
  tellOnline(online, minute, clock.now())
  if (outage) await desk.serviceFails()
  await tellStory(desk, STORY_MINUTES + lead)
  return desk
}

function tellOnline(online: FakeOnline, minute: number, now: Instant): void {
  const activity = activityAt(minute, now)
  if (activity) online.activity = activity
  else online.on(ACTIVITY, { kind: 'answer', status: 503 })
}

async function tellStory(desk: Desk, minutes: number): Promise<void> {
  await desk.put('POST', '/api/v1/terminals/import', inventoryCsv())
  for (const { name, role, clients } of PEOPLE) {
    await desk.put('POST', '/api/v1/users', { name, role, clients, language: 'ru', password: PASSWORD })
  }
  await desk.put('POST', '/api/v1/firmware/import', FIRMWARE)
  await desk.push(messagesAt(STORY_MINUTES - minutes, desk.clock.now()))
  await desk.pass(minutes)
  await arrange(desk)
}

/** The catalogue knows one model. */
const FIRMWARE = '- { model: Smart 3.0, latest: 120, critical_min: 100, broken: [115], released: 2026-01-15 }'

const PEOPLE = [
  { name: 'boss', role: 'admin', clients: [] },
  { name: 'operator', role: 'operator', clients: [] },
  { name: 'dealer', role: 'dealer', clients: DEALERS.north },
] as const

async function signIn(base: string, role: Role): Promise<string> {
  const user = PEOPLE.find((person) => person.role === role)?.name ?? role
  const body = new URLSearchParams({ user, password: PASSWORD, next: '/' })
  const answer = await fetch(`${base}/login`, { method: 'POST', body, redirect: 'manual' })
  const cookie = new RegExp(`${SESSION_COOKIE}=([^;]+)`).exec(answer.headers.get('set-cookie') ?? '')?.[1]
  if (cookie === undefined) throw new Error(`${user} cannot sign in: ${answer.status}`)
  return cookie
}

type Places = {
  readonly data: string
  readonly watched: { readonly port: number }
  readonly control: { readonly port: number }
  readonly mail: MailCatcher
  readonly online: FakeOnline
}

function configFor({ data, watched, control, mail, online }: Places) {
  const tree = {
    data,
    http: { port: 0 },
    broker: { enabled: false },
    sources: [
      { id: 'push', kind: 'http', format: 'json', token: PUSH_TOKEN, interval: '60s' },
      {
        id: 'online',
        kind: 'omnicomm-online',
        account: 'main',
        pollEvery: '60s',
        inventory: false,
        statesPerMinute: 1,
      },
    ],
    accounts: [{ id: 'main', baseUrl: online.baseUrl, login: 'watcher', password: 'pass-word-1' }],
    freshness: {
      flushEvery: '60s',
      default: { moving: '5m', parked: '15m', lost: '15m', neverAfter: '5m' },
      profiles: { tractor: { moving: '4m' } },
    },
    service: {
      baseUrl: `http://127.0.0.1:${watched.port}`,
      components: [{ id: 'web', kind: 'http', url: `http://127.0.0.1:${watched.port}/` }],
      controls: [`tcp://127.0.0.1:${control.port}`, `tcp://localhost:${control.port}`],
    },
    letters: {
      from: 'Omnicomm Online <watch@example.net>',
      smtp: mail.url,
      recipients: [{ email: RU, name: 'Анна Петрова', language: 'ru' }],
    },
  }
  const parsed = parseConfig(JSON.stringify(tree), {})
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults))
  return parsed.config
}
