import { describe, expect, test } from 'vitest'
import { digestFaults } from '../../src/compose/flagging.ts'
import { parseConfig } from '../../src/config/load.ts'
import { MINUTE } from '../../src/core/time.ts'

function load(flagging: string, more = '') {
  const loaded = parseConfig(`flagging: ${flagging}\n${more}`, {})
  return loaded.ok
    ? loaded.config.flagging.digests
    : loaded.faults.map(({ path, message }) => `${path}: ${message}`)
}

describe('digests in the configuration', () => {
  test('there are none when nobody asks for them', () => {
    const loaded = parseConfig('', {})
    expect(loaded.ok && loaded.config.flagging).toEqual({ digests: [] })
  })

  test('have defaults, and recipients in the language of the file', () => {
    const digests = load('{ digests: [{ id: a, recipients: [{ email: x@y.org }] }] }', 'language: en')
    expect(digests).toEqual([
      {
        id: 'a',
        dealer: '',
        client: '',
        recipients: [{ email: 'x@y.org', name: '', language: 'en' }],
        at: '0 8,13 * * 1-5',
        timezone: '',
        notes: { enabled: false, hold: 10 * MINUTE, from: '08:00', to: '18:00', days: '1-5' },
      },
    ])
  })

  test.each([
    ['[{ id: a }, { id: a }]', 'flagging.digests[1].id: is the same as flagging.digests[0].id'],
    [
      '[{ id: a, recipients: [{ email: x@y.org }, { email: X@y.org }] }]',
      'flagging.digests[0].recipients[1].email: is the same as flagging.digests[0].recipients[0].email',
    ],
    [
      '[{ id: a, timezone: Moscow }]',
      'flagging.digests[0].timezone: must be a time zone name such as Europe/Moscow, or empty',
    ],
    [
      '[{ id: a, notes: { from: "8:00" } }]',
      'flagging.digests[0].notes.from: must be a time of day from "00:00" to "24:00"',
    ],
    [
      '[{ id: a, notes: { days: mon-fri } }]',
      'flagging.digests[0].notes.days: must be days of the week as in cron, such as 1-5, 1,3,6-7 or *',
    ],
  ])('%s is refused', (digests, fault) => {
    expect(load(`{ digests: ${digests} }`)).toEqual([fault])
  })

  test('unknown keys are refused with those that are known', () => {
    expect(load('{ digests: [{ id: a, notes: { holds: 1m } }] }')).toEqual([
      expect.stringMatching(/^flagging\.digests\[0\]\.notes\.holds: .*hold/),
    ])
  })

  test('without recipients are warned of', () => {
    const loaded = parseConfig('flagging: { digests: [{ id: a }] }', {})
    expect(loaded.ok && loaded.warnings).toContainEqual({
      path: 'flagging.digests[0].recipients',
      message: 'is empty: nobody gets this digest',
    })
  })

  test.each([
    [
      '0 8 * *',
      'must have the five fields minute, hour, day of month, month, day of week, such as 0 3 * * 1; it has 4',
    ],
    ['0 0 31 2 *', '31 2 is an impossible day of month for the given month'],
  ])('the times %j are refused at their path', (at, message) => {
    const tree = {
      flagging: {
        digests: [
          { id: 'a', at: '0 8 * * 1-5' },
          { id: 'b', at },
        ],
      },
    }
    expect(digestFaults(tree)).toEqual([{ path: 'flagging.digests[1].at', message }])
  })

  test.each([{}, null, { flagging: 1 }, { flagging: { digests: [null, { at: 5 }] } }])(
    'what is no digest at all is left to the schema: %j',
    (tree) => {
      expect(digestFaults(tree)).toEqual([])
    },
  )
})
