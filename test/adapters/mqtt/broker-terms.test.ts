import { describe, expect, test } from 'vitest'
import { checkGrants, checkTerms } from '../../../src/adapters/mqtt/broker-terms.ts'
import { planLink } from '../../../src/adapters/mqtt/options.ts'

const plan = planLink({ id: 'a', url: 'mqtt://h', topics: ['x/#', 'y'], qos: 1 })
const shared = planLink({ id: 'a', url: 'mqtt://h', topics: ['y'], qos: 1, sharedGroup: 'g' })

describe('terms of the broker', () => {
  test.each([
    ['nothing said is nothing found', plan, undefined, []],
    ['all granted is nothing found', plan, { sessionExpiryInterval: 3600, maximumQoS: 1 }, []],
    ['a shorter session is a warning', plan, { sessionExpiryInterval: 60 }, ['warn']],
    ['a lower QoS is a warning', plan, { maximumQoS: 0 }, ['warn']],
    [
      'no shared subscriptions are an error where they are used',
      shared,
      { sharedSubscriptionAvailable: false },
      ['error'],
    ],
    ['no shared subscriptions matter to nobody else', plan, { sharedSubscriptionAvailable: false }, []],
    [
      'no wildcards are an error where they are used',
      plan,
      { wildcardSubscriptionAvailable: false },
      ['error'],
    ],
    ['no wildcards matter to nobody else', shared, { wildcardSubscriptionAvailable: false }, []],
  ])('%s', (_name, asked, terms, levels) => {
    expect(checkTerms(asked, terms).map((finding) => finding.level)).toEqual(levels)
  })
})

describe('granted subscriptions', () => {
  test.each([
    ['as asked', [1, 1], false, 1, []],
    ['one lower', [1, 0], false, 0, ['warn']],
    ['one refused', [1, 0x87], true, 1, ['error']],
    ['all refused', [0x80, 0x80], true, null, ['error']],
    ['one missing in the answer', [1], true, 1, ['error']],
  ])('%s', (_name, codes, refused, qos, levels) => {
    const grants = checkGrants(plan, codes)
    expect({ refused: grants.refused, qos: grants.qos }).toEqual({ refused, qos })
    expect(grants.findings.map((finding) => finding.level)).toEqual(levels)
  })

  test('a refusal names the topic', () => {
    expect(checkGrants(plan, [0x87, 1]).findings[0]?.fields).toEqual({ refused: ['x/# (0x87)'] })
  })
})
