import { expect, test } from 'vitest'
import { SCRIPT } from '../../src/adapters/simulation/online-script.ts'
import { demoConfig } from '../../src/compose/demo-config.ts'
import { accountOf, type ComponentConfig } from '../../src/config/service-schema.ts'
import { configWarnings } from '../../src/config/warnings.ts'
import { type Rate, takeToken, UNAUTHORISED_RATE, USER_RATE } from '../../src/core/online/rate.ts'
import { SECOND } from '../../src/core/time.ts'

const config = demoConfig({
  dataFolder: 'data',
  inventoryFile: 'terminals.csv',
  httpPort: 8080,
  pushToken: 'push-token',
  onlineUrl: 'http://127.0.0.1:9001/',
  onlinePort: 9001,
  onlineUser: { login: 'watch', password: 'secret-1' },
  fleetUser: { login: 'watch-fleet', password: 'secret-2' },
  canaryId: '201000001',
  controlUrls: ['http://127.0.0.1:9002/', 'http://127.0.0.1:9003/'],
  smtpUrl: 'smtp://127.0.0.1:9004',
})

test('the configuration of the demo leaves nothing undone', () => {
  expect(configWarnings(config)).toEqual([])
})

type Counted = readonly [string, Rate, (component: ComponentConfig) => boolean]

const isLogin = ({ kind }: ComponentConfig): boolean => kind === 'omnicomm-login'
const callsOf = (account: string): Counted => [
  `calls of ${account}`,
  USER_RATE,
  (one) => one.kind.startsWith('omnicomm-') && !isLogin(one) && accountOf(one, config.service) === account,
]

test.each<Counted>([...config.accounts.map(({ id }) => callsOf(id)), ['logins', UNAUTHORISED_RATE, isLogin]])(
  'the budget of %s lasts through the outage of the demo',
  (_what, rate, isOf) => {
    const components = config.service.components.filter(isOf)
    expect(components).not.toEqual([])
    const downFrom = SCRIPT.find(({ mood }) => mood === 'error')?.atMs ?? 0
    const downTo = SCRIPT.find(({ atMs, mood }) => atMs > downFrom && mood === 'answering')?.atMs ?? 0
    const rounds = Array.from({ length: 60 }, (_, index) => index * config.service.interval)
    // One deadline probe beside the grid; all of them fail in it.
    const deadlineMs = downFrom + config.service.noticeAfter + 1
    let bucket = 0
    let longestWaitMs = 0
    for (const atMs of [...rounds, deadlineMs].toSorted((a, b) => a - b)) {
      const isDown = atMs >= downFrom && atMs < downTo
      for (const { every = 0 } of components) {
        if (!isDown && every > 0 && atMs % every !== 0) continue
        for (let tries = isDown ? 2 : 1; tries > 0; tries--) {
          const taken = takeToken(bucket, rate, atMs)
          bucket = taken.bucket
          longestWaitMs = Math.max(longestWaitMs, taken.waitMs)
        }
      }
    }
    expect(downTo - downFrom).toBeGreaterThan(50 * SECOND)
    expect(longestWaitMs).toBe(0)
  },
)
