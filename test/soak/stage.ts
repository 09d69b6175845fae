import { type FakeOnline, startFakeOnline } from '../support/fake-online.ts'
import { createFaultySmtp, type FaultySmtp } from '../support/faulty-smtp.ts'
import { freePort, type Mosquitto, startMosquitto } from '../support/mosquitto.ts'
import { type OutageStage, setOutageStage } from '../support/outage-stage.ts'
import { type RealServer, startVictoriaMetrics } from '../support/real-server.ts'
import { type ConfigTree, type Deployment, deployService } from '../support/service-process.ts'

export const TOKEN = 'push-token-of-the-soak'
export const OPERATOR = 'duty@example.net'
/** Each terminal sends once in this time. */
export const INTERVAL_MS = 12_000
/** Between two rounds of probes. */
export const ROUND_EVERY_MS = 2000

/** Everything around the service, over real protocols. */
export type Stage = AsyncDisposable & {
  readonly httpPort: number
  readonly broker: Mosquitto
  readonly smtp: FaultySmtp
  readonly influx: RealServer
  readonly online: FakeOnline
  readonly outage: OutageStage
  readonly deployment: Deployment
  /** The configuration with changes on its top level. */
  configure(change: ConfigTree): Promise<void>
}

export async function setStage(): Promise<Stage> {
  await using stack = new AsyncDisposableStack()
  const httpPort = await freePort()
  const broker = await startMosquitto([
    'allow_anonymous true',
    'max_queued_messages 0',
    'max_inflight_messages 0',
    // Saves each second: what it has acknowledged before, and who is subscribed, outlives a SIGKILL.
    'autosave_interval 1',
  ])
  stack.defer(() => broker.dispose())
  const smtp = await createFaultySmtp(undefined, ['ENHANCEDSTATUSCODES'])
  stack.defer(() => smtp.close())
  const influx = stack.use(await startVictoriaMetrics())
  const online = stack.use(await startFakeOnline())
  const outage = stack.use(await setOutageStage())
  const config = configOf({ httpPort, broker, smtp, influx, online, outage })
  const deployment = stack.use(await deployService(config))
  const owned = stack.move()
  return {
    httpPort,
    broker,
    smtp,
    influx,
    online,
    outage,
    deployment,
    configure: (change) => deployment.configure({ ...config, ...change }),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

type Around = Pick<Stage, 'httpPort' | 'broker' | 'smtp' | 'influx' | 'online' | 'outage'>

function configOf({ httpPort, broker, smtp, influx, online, outage }: Around): ConfigTree {
  const service = outage.config['service'] as ConfigTree & { readonly components: readonly unknown[] }
  return {
    ...outage.config,
    http: { port: httpPort, publicUrl: 'https://watch.example.net' },
    broker: { enabled: false },
    sources: [
      {
        id: 'gate',
        kind: 'mqtt',
        url: `mqtt://127.0.0.1:${broker.port}`,
        topics: ['fleet/#'],
        interval: '12s',
      },
      { id: 'push', kind: 'http', token: TOKEN, interval: '12s' },
    ],
    accounts: [{ id: 'watcher', baseUrl: online.baseUrl, login: 'watcher', password: 'pass-word-1' }],
    freshness: { default: { moving: '40s', parked: '50s', lost: '10m' }, resumeGrace: '15s' },
    service: {
      ...service,
      // Longer than those of the tests: a machine that is busy with other tests must not look like an outage.
      interval: `${ROUND_EVERY_MS / 1000}s`,
      timeout: '1s',
      recoveryPeriod: '4s',
      noticeAfter: '6s',
      account: 'watcher',
      components: [...service.components, { id: 'auth', kind: 'omnicomm-login', every: '10s' }],
    },
    letters: { ...outage.config.letters, smtp: smtp.url, updateEvery: '2h', operators: [OPERATOR] },
    influx: { url: influx.base, org: 'watch', bucket: 'watch', token: 'soak' },
  }
}
