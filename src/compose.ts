import packageJson from '../package.json' with { type: 'json' }
import { type Broker, startBroker } from './adapters/broker/broker.ts'
import { createPrometheus } from './adapters/prometheus/registry.ts'
import { createInbox, inboxFolder } from './adapters/system/inbox.ts'
import { openChecking } from './compose/checking.ts'
import { closeData, type Data, openData } from './compose/data.ts'
import { openFlagging } from './compose/flagging.ts'
import { openFleet } from './compose/fleet.ts'
import { openGauges } from './compose/gauges.ts'
import { givingUp, logUntil } from './compose/giving-up.ts'
import { openHistory } from './compose/history.ts'
import { type MadeToken, openInputs } from './compose/inputs.ts'
import { followLabels } from './compose/live-labels.ts'
import { createNetwork } from './compose/network.ts'
import { openRetention } from './compose/retention.ts'
import { createStops, type Stops } from './compose/stops.ts'
import { openContacts, openSupport } from './compose/support.ts'
import type { Surroundings } from './compose/surroundings.ts'
import { distinctTroubles } from './compose/troubles.ts'
import { openUptime } from './compose/uptime.ts'
import { calendarWarnings, operatorWarnings } from './compose/warnings.ts'
import type { Config } from './config/schema.ts'
import { explainSilence } from './core/flagging/explain.ts'
import { createApp } from './http/app.ts'
import type { FirstSteps } from './http/deps.ts'
import { ensureFirstAdmin } from './http/password.ts'
import { listen } from './http/server.ts'
import { ServiceStopping } from './ports.ts'
import { createAccountBook } from './workers/account-book.ts'
import { tellHistory } from './workers/history-taps.ts'
import { createInboxDesk } from './workers/inbox-desk.ts'
import { createIncidentDesk } from './workers/incident-desk.ts'
import { createLiveDesk } from './workers/live-desk.ts'
import { createNoteDesk } from './workers/note-desk.ts'
import { createPushDesk } from './workers/push-desk.ts'
import { learningFromReplies } from './workers/sms-replies.ts'

export type Service = {
  readonly httpPort: number
  /** Null without the embedded broker. */
  readonly brokerPort: number | null
  /** Password of `admin`, at the first start only. */
  readonly password: string | null
  /** Tokens of push sources that were made and not given by this function before. */
  newTokens(): readonly MadeToken[]
  /**
   * Takes a new configuration; texts about what takes effect after a restart only. Rejects with ServiceStopping when the
   * inventory file was given up, because the service stops.
   */
  reload(config: Config): Promise<readonly string[]>
  /** A new configuration had faults and was refused; the old one stays. */
  reloadRefused(): void
  /** Stops within 10 s; false: something could not be stored or did not end, and the log says what. */
  stop(): Promise<boolean>
}

/**
 * The only place that chooses implementations. What was started is stopped again when a later part fails, or when the
 * start is given up: it rejects with ServiceStopping then.
 */
export async function startService(
  config: Config,
  surroundings: Surroundings,
  opening: Promise<Data> = openData(config.data, surroundings.log),
): Promise<Service> {
  const { log, shutdown } = surroundings
  const stops = createStops(log)
  stops.add('store', () => closeData(opening))
  let isGivenUp = false
  // What it still does then fails, for the store is closed: nobody waits for it, and nothing is said of it.
  const said = { ...surroundings, log: logUntil(log, () => isGivenUp) }
  const starting = opening.then((data) => assemble(config, said, stops, data))
  starting.catch(() => {})
  try {
    const { firstPassword, ...service } = await Promise.race([starting, givingUp(shutdown)])
    // Last of all, and not given up: a start that failed after it would have shown the password to nobody.
    return { ...service, password: await firstPassword() }
  } catch (error) {
    isGivenUp = error instanceof ServiceStopping
    const inOrder = await stops.run()
    if (isGivenUp && !inOrder)
      throw new Error('The start was given up, and not everything ended in order; the log says what.')
    throw error
  }
}

type Assembled = Omit<Service, 'password'> & { firstPassword(): Promise<string | null> }

async function assemble(
  first: Config,
  { clock, log, adminToken }: Surroundings,
  stops: Stops,
  { path, stores: database }: Data,
): Promise<Assembled> {
  let config = first
  const startedAt = clock.now()
  const metrics = createPrometheus(log)
  const base = { clock, log, metrics }
  const history = openHistory(base, first)
  stops.add('history', () => history.stop())
  const stores = tellHistory(database, history.offer)
  const { version } = packageJson

  const fleet = await openFleet({ ...base, stores }, first)
  stops.add('fleet', () => fleet.stop())
  history.follow(fleet.fleet)
  const network = createNetwork({ ...base, version })
  const uptime = await openUptime({ ...base, stores, network, version }, first, stops)
  fleet.watches.followService(uptime.blindness)
  const { timetable, outgoing } = uptime
  const contacts = await openContacts({ ...base, stores })
  const flagging = openFlagging(
    {
      ...base,
      ...fleet,
      stores,
      contacts,
      timetable,
      letters: outgoing,
      explain: explainSilence(fleet.fleet),
    },
    first,
  )
  stops.add('flagging', () => flagging.stop())
  await flagging.start()

  const broker = first.broker.enabled ? await startBroker({ ...first.broker, log, clock }) : null
  if (broker) stops.add('broker', () => broker.stop())
  const inputs = await openInputs(
    {
      ...base,
      ...fleet,
      notices: uptime.notices,
      settings: stores.settings,
      online: network.online,
      applyTree: fleet.desk.applyTree,
    },
    first,
    broker?.port ?? 0,
  )
  stops.add('sources', () => inputs.close())

  const support = await openSupport(
    { ...base, stores, seenBy: fleet.desk.seenBy, notices: uptime.notices },
    () => config,
    stops,
  )

  const holders = { requests: support.requests.removeClosed, windows: uptime.removeWindows }
  const retention = openRetention({ ...base, stores, timetable, holders, startedAt }, first, stops)

  const inbox = createInboxDesk({
    ...base,
    desk: fleet.desk,
    inbox: createInbox(inboxFolder(first.data), base),
  })
  await inbox.start()
  stops.add('inbox', () => inbox.stop())

  const notes = learningFromReplies(createNoteDesk({ clock, store: stores.notes }), fleet.fleet)
  const checking = await openChecking(
    {
      ...base,
      ...support,
      contacts,
      stores,
      notes,
      fleet: fleet.fleet,
      seenBy: fleet.desk.seenBy,
      service: uptime.service,
      plannedWork: uptime.maintenance.list,
    },
    () => config,
  )

  const accounts = createAccountBook({ clock, store: stores.accounts, log })
  await accounts.load()

  const live = createLiveDesk({ ...base, seenBy: fleet.desk.seenBy, service: uptime.service })

  const troubles = (): readonly string[] =>
    distinctTroubles([stores, fleet, uptime].flatMap((part) => [...part.troubles()]))
  const app = createApp(
    {
      clock,
      log,
      metrics,
      fleet: {
        seenBy: fleet.desk.seenBy,
        groups: () => fleet.fleet.groups.group.names.filter((name) => name !== ''),
        sources: inputs.states,
      },
      incidents: createIncidentDesk({ fleet: fleet.fleet, store: stores.flags }),
      live,
      editor: fleet.desk,
      asker: inputs.onlineDesk,
      notes,
      service: uptime.service,
      outageDesk: uptime.outageDesk,
      maintenance: uptime.maintenance,
      recipients: uptime.recipients,
      letters: uptime.letters,
      audit: stores.audit,
      accounts,
      contacts,
      ...support,
      ...checking,
      reports: uptime.reports,
      recorder: fleet.recorder,
      push: createPushDesk({ clock, ingest: fleet.ingest }, inputs.pushSources),
      settings: stores.settings,
      troubles,
      warnings: (language) => [
        ...operatorWarnings(config, uptime.recipients.all().length, language),
        ...calendarWarnings(clock.now(), support.support().calendar, language),
        ...uptime.warnings(),
        ...flagging.warnings(language),
        ...history.warnings(language),
      ],
    },
    {
      ...first.http,
      adminToken,
      language: first.language,
      timezone: first.timezone,
      firstSteps: () => firstSteps(config, broker),
    },
  )
  const { callsWaiting, heap: storeHeap } = stores
  const labels = followLabels(metrics, first)
  const gauges = openGauges({ ...base, version, path, callsWaiting, storeHeap, troubles }, stops)
  const server = await listen(app, first.http.host, first.http.port)
  stops.add('http', () => server.close())
  // Before the requests are waited for: streams end by themselves only, and what is being read and checked only would take too long.
  stops.add('open pages', () => live.stop())
  stops.add('recordings', () => fleet.recorder.stop())
  let reconfiguring = Promise.resolve()
  stops.add('reload', () => reconfiguring.catch(() => {}))
  let isEnding = false
  stops.add('imports', () => {
    isEnding = true
    fleet.desk.end()
  })

  async function reconfigure(next: Config): Promise<void> {
    await fleet.reconfigure(next)
    config = next
    await inputs.reconfigure(next)
    await uptime.reconfigure(next)
    await flagging.reconfigure(next)
    await history.reconfigure(next)
    await retention.reconfigure(next)
  }

  return {
    httpPort: server.port,
    brokerPort: broker?.port ?? null,
    firstPassword: () => ensureFirstAdmin(accounts),
    newTokens: inputs.newTokens,
    async reload(given) {
      const next: Config = { ...given, ...Object.fromEntries(RESTART_KEYS.map((key) => [key, first[key]])) }
      gauges.reloaded(false)
      labels.expect(next)
      reconfiguring = reconfigure(next)
      await reconfiguring
      await fleet.importInventory(next).catch((error: unknown) => {
        throw isEnding ? new ServiceStopping('The service is stopping.') : error
      })
      flagging.lookForTerminals()
      labels.settle(next)
      gauges.reloaded(true)
      return RESTART_KEYS.filter((key) => JSON.stringify(first[key]) !== JSON.stringify(given[key])).map(
        (key) => `${key} takes effect after a restart`,
      )
    },
    reloadRefused: () => gauges.reloaded(false),
    stop: stops.run,
  }
}

/** They stay as they were at the start in all that a reload changes: so the letters of an outage stay one thread. */
const RESTART_KEYS = ['http', 'broker', 'data', 'language', 'timezone'] as const

function firstSteps({ broker: { host }, sources }: Config, broker: Broker | null): FirstSteps {
  const push = sources.find((source) => source.kind === 'http' && source.format === 'json')
  return {
    ...(broker ? { mqtt: { host, port: broker.port, topic: 'fleet/200000123' } } : {}),
    ...(push ? { push: { source: push.id } } : {}),
  }
}
