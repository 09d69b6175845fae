import { afterEach, describe, expect, test } from 'vitest'
import type { Notice } from '../../src/core/letters/notice.ts'
import type { ProbeResult } from '../../src/core/outage/verdict.ts'
import { HOUR, MINUTE, SECOND } from '../../src/core/time.ts'
import { StoreError } from '../../src/ports.ts'
import { ANNA, BOB } from '../support/letters.ts'
import { CLARA, createRig, FAILED, minutes, OK, type Rig, settled } from './prober-rig.ts'

let rig: Rig
afterEach(() => rig.kill())

/** An outage whose letters are written (and, unless told otherwise, sent) at minute 62. */
async function dueOutage(change: Parameters<typeof createRig>[0] = {}, sent = true): Promise<string> {
  rig = createRig(change)
  await rig.start()
  await rig.answer(FAILED, 62 * MINUTE)
  if (sent) await rig.deliver()
  return (await rig.newest())?.id ?? ''
}

const kinds = async (kind: string): Promise<readonly string[]> =>
  (await rig.letters()).filter((letter) => letter.startsWith(kind))

const full = (): Promise<never> => Promise.reject(new StoreError('full', 'no space left'))

describe('the expected time of resolution', () => {
  test('before the letter is due is stored, and the initial letter carries it', async () => {
    rig = createRig()
    await rig.start()
    await rig.answer(FAILED, 10 * MINUTE)
    const resolution = rig.clock.now() + 3 * HOUR
    const done = await rig.act({ kind: 'expected-resolution', resolution, note: 'a switch is replaced' })
    expect(done).toMatchObject({
      kind: 'done',
      outage: { handling: { expected: { resolution, note: 'a switch is replaced', by: 'clara' } } },
    })
    expect(await rig.letters()).toEqual([])
    await rig.answer(FAILED, 52 * MINUTE)
    expect(await kinds('update')).toEqual([])
    expect(await rig.texts('initial')).toEqual([
      expect.stringContaining('a switch is replaced'),
      expect.stringContaining('a switch is replaced'),
    ])
    expect((await rig.newest())?.handling.expected).toMatchObject({
      resolution,
      at: rig.clock.now() - 52 * MINUTE,
    })
  })

  test('after it makes an update for everyone at once, and a later one replaces what has not left', async () => {
    await dueOutage()
    const first = rig.clock.now() + HOUR
    await rig.act({ kind: 'expected-resolution', resolution: first, note: '' })
    expect(await kinds('update')).toEqual([
      'update anna@example.org pending',
      'update bob@example.org pending',
    ])
    await rig.clock.advance(SECOND)
    await rig.act({ kind: 'expected-resolution', resolution: first + HOUR, note: '' })
    expect(await kinds('update')).toEqual([
      'update anna@example.org pending',
      'update anna@example.org superseded',
      'update bob@example.org pending',
      'update bob@example.org superseded',
    ])
    expect((await rig.newest())?.bulletins).toEqual({
      updates: 2,
      at: rig.clock.now(),
      nextAt: rig.clock.now() + HOUR,
    })
  })

  test('set once more to the same changes nothing, and is in the audit trail all the same', async () => {
    await dueOutage()
    const action = { kind: 'expected-resolution', resolution: rig.clock.now() + HOUR, note: 'x' } as const
    const done = await rig.act(action)
    await rig.deliver()
    const { updates } = (await rig.newest())?.bulletins ?? {}
    await rig.clock.advance(SECOND)
    expect(await rig.act(action)).toEqual(done)
    expect(await kinds('update')).toHaveLength(2)
    expect((await rig.newest())?.bulletins.updates).toBe(updates)
    const [, again] = await rig.audit()
    expect(again?.before).toEqual(again?.after)
  })

  test('that lies in the past is refused, and leaves nothing behind', async () => {
    await dueOutage()
    const now = rig.clock.now()
    const refused = await rig.act({ kind: 'expected-resolution', resolution: now, note: '' })
    expect(refused).toEqual({ kind: 'refused', reason: 'past' })
    expect(await rig.audit()).toEqual([])
    expect(await kinds('update')).toEqual([])
  })

  test('can be withdrawn, which is news', async () => {
    await dueOutage()
    await rig.act({ kind: 'expected-resolution', resolution: rig.clock.now() + HOUR, note: '' })
    await rig.act({ kind: 'expected-resolution', resolution: null, note: '' })
    expect((await rig.newest())?.bulletins.updates).toBe(2)
    const trail = await rig.audit()
    expect(trail.map(({ before, after }) => [before?.['resolution'], after?.['resolution']])).toEqual([
      [undefined, '2026-01-01T02:02:00.000Z'],
      ['2026-01-01T02:02:00.000Z', null],
    ])
  })
})

describe('an action', () => {
  test('is in the audit trail with who, from where, before and after', async () => {
    const id = await dueOutage()
    await rig.act({ kind: 'confirm' })
    await rig.act({ kind: 'message', text: 'We are on it.' })
    await rig.act({ kind: 'cancel', reason: 'our own firewall' })
    const at = rig.clock.now()
    const signed = { by: 'clara', at: '2026-01-01T01:02:00.000Z' }
    const base = { at, actor: CLARA, subject: id }
    expect(await rig.audit()).toMatchObject([
      { ...base, action: 'outage.confirm', before: null, after: signed },
      { ...base, action: 'outage.message', before: null, after: { text: 'We are on it.', ...signed } },
      {
        ...base,
        action: 'outage.cancel',
        before: { state: 'open' },
        after: { state: 'cancelled', reason: 'our own firewall', ...signed },
      },
    ])
  })

  test('does not wait for a round that is being measured', async () => {
    await dueOutage()
    await rig.kill()
    await rig.pass(0)
    await rig.start()
    rig.answers.set('web', () => new Promise<ProbeResult>(() => {}))
    await rig.pass(MINUTE)
    const rows = (await rig.rows()).length
    expect(await rig.act({ kind: 'confirm' })).toMatchObject({ kind: 'done' })
    expect((await rig.rows()).length).toBe(rows)
  })

  test('that cannot be stored rejects, and nothing happened', async () => {
    await dueOutage()
    const { commit } = rig.stores.outages
    let broken = true
    rig.store = { ...rig.stores.outages, commit: (change) => (broken ? full() : commit(change)) }
    await rig.kill()
    await rig.start()
    const before = rig.prober?.status().outage
    await expect(rig.act({ kind: 'message', text: 'lost' })).rejects.toThrow(/no space left/)
    await expect(rig.act({ kind: 'cancel', reason: 'lost' })).rejects.toThrow(/no space left/)
    expect(rig.prober?.status().outage).toEqual(before)
    broken = false
    await rig.answer(FAILED, MINUTE)
    expect(await rig.newest()).toMatchObject({ state: 'open', handling: { message: null, cancelled: null } })
    expect(await rig.audit()).toEqual([])
  })

  test('that is stored takes with it what could not be stored before', async () => {
    await dueOutage()
    const { commit } = rig.stores.outages
    let broken = true
    rig.store = { ...rig.stores.outages, commit: (change) => (broken ? full() : commit(change)) }
    await rig.kill()
    await rig.start()
    await rig.answer(FAILED, 2 * MINUTE)
    expect(rig.prober?.troubles()).toHaveLength(1)
    broken = false
    await rig.act({ kind: 'confirm' })
    expect(rig.prober?.troubles()).toEqual([])
    expect(await rig.newest()).toEqual(rig.prober?.status().outage)
  })

  test('on an outage that is over is refused, and on one that never was is missing', async () => {
    const id = await dueOutage()
    await rig.answer(OK, 10 * MINUTE)
    expect(await rig.act({ kind: 'confirm' }, id)).toEqual({ kind: 'refused', reason: 'closed' })
    expect(await rig.act({ kind: 'confirm' }, '20200101T000000Z')).toEqual({ kind: 'missing' })
  })

  test('confirming twice is refused, and confirming tells the recipients nothing', async () => {
    await dueOutage()
    expect(await rig.act({ kind: 'confirm' })).toMatchObject({ kind: 'done' })
    expect(await rig.act({ kind: 'confirm' })).toEqual({ kind: 'refused', reason: 'already-confirmed' })
    expect(await kinds('update')).toEqual([])
  })

  test('after the stop rejects', async () => {
    const id = await dueOutage()
    await rig.kill()
    await expect(rig.act({ kind: 'confirm' }, id)).rejects.toThrow(StoreError)
  })

  test.each([
    ['cancelling', { kind: 'cancel', reason: 'our own firewall' }, ['correction', 'correction']],
    ['another message', { kind: 'message', text: 'two' }, ['update', 'update']],
  ] as const)('%s is done at once while letters are being sent, however many', async (_, action, sent) => {
    await dueOutage()
    await rig.act({ kind: 'message', text: 'one' })
    await rig.kill()
    const { commit } = rig.stores.outages
    const taken: string[] = []
    rig.store = {
      ...rig.stores.outages,
      async commit(change) {
        if (change.audit.length === 0) return commit(change)
        // A courier that goes on claiming.
        void rig.claim().then((claimed) => {
          taken.push(...claimed.map(({ letter: { kind } }) => kind))
        })
        await settled()
        return commit(change)
      },
    }
    await rig.start()
    expect(await rig.act(action)).toMatchObject({ kind: 'done' })
    await settled()
    expect(await rig.audit()).toHaveLength(2)
    expect(await rig.letters()).toEqual(
      expect.arrayContaining(['update anna@example.org superseded', 'update bob@example.org superseded']),
    )
    expect(taken).toEqual(sent)
  })
})

describe('sending the letter now', () => {
  test('writes it before the clock makes it due, and the clock adds nothing to it', async () => {
    rig = createRig()
    await rig.start()
    await rig.answer(FAILED, 20 * MINUTE)
    expect(await rig.act({ kind: 'send-letter' })).toMatchObject({ kind: 'done' })
    const written = ['initial anna@example.org pending', 'initial bob@example.org pending']
    expect(await rig.letters()).toEqual(written)
    expect(await rig.act({ kind: 'send-letter' })).toEqual({ kind: 'refused', reason: 'already-written' })
    await rig.deliver()
    await rig.answer(FAILED, 45 * MINUTE)
    expect(await kinds('initial')).toHaveLength(2)
    expect((await rig.newest())?.letterDueAt).not.toBeNull()
  })

  test('is how an outage of which part was not observed is told of', async () => {
    rig = createRig()
    await rig.start()
    await rig.answer(FAILED, 11 * MINUTE)
    await rig.kill()
    await rig.clock.advance(90 * MINUTE)
    await rig.start()
    await rig.answer(FAILED, MINUTE)
    expect(await rig.newest()).toMatchObject({ letterDueAt: null, operatorAlarmAt: expect.any(Number) })
    expect(await rig.told()).toEqual(['alarm 1'])
    expect(await rig.letters()).toEqual([])
    await rig.act({ kind: 'send-letter' })
    expect(await kinds('initial')).toHaveLength(2)
    await rig.answer(OK, 10 * MINUTE)
    expect(await kinds('combined')).toHaveLength(2)
  })

  test('does without the fresh FAIL that a restart asks for', async () => {
    rig = createRig()
    await rig.start()
    await rig.answer(FAILED, 61 * MINUTE)
    rig.store = { ...rig.stores.outages, commit: full }
    await rig.kill()
    await rig.start()
    await rig.answer(FAILED, 2 * MINUTE)
    await rig.kill()
    rig.store = rig.stores.outages
    rig.controls = []
    await rig.start()
    await rig.answer(FAILED, 2 * MINUTE)
    await rig.act({ kind: 'message', text: 'stored until the letter leaves' })
    expect(await rig.letters()).toEqual([])
    expect(await rig.act({ kind: 'send-letter' })).toMatchObject({ kind: 'done' })
    expect(await kinds('initial')).toHaveLength(2)
    expect(await kinds('update')).toEqual([])
  })
})

describe('updates', () => {
  test('come every updateEvery after the newest letter, whatever made that', async () => {
    await dueOutage()
    const written = rig.clock.now() - MINUTE + 1
    await rig.answer(FAILED, written + HOUR - 1 - rig.clock.now())
    expect(await kinds('update')).toEqual([])
    await rig.answer(FAILED, SECOND)
    expect(await kinds('update')).toHaveLength(2)
    await rig.deliver()
    await rig.answer(FAILED, 20 * MINUTE)
    await rig.act({ kind: 'message', text: 'still on it' })
    await rig.deliver()
    await rig.answer(FAILED, HOUR - SECOND)
    expect(await kinds('update')).toHaveLength(4)
    await rig.answer(FAILED, SECOND)
    expect(await kinds('update')).toHaveLength(6)
  })

  test('go on in a run of OKs, in an outage that nobody can observe, and end with it', async () => {
    await dueOutage({ policy: { ...createPolicy(), recoveryPeriodMs: 3 * HOUR } })
    await rig.answer(OK, HOUR)
    expect(await rig.texts('update')).toEqual([
      expect.stringMatching(/being confirmed|подтвержд/i),
      expect.stringMatching(/being confirmed|подтвержд/i),
    ])
    await rig.answer(OK, 4 * HOUR)
    expect(await rig.newest()).toMatchObject({ state: 'closed' })
    const number = (await kinds('update')).length
    await rig.answer(OK, 4 * HOUR)
    expect(await kinds('update')).toHaveLength(number)
  })

  test('wait after a restart for the first round of this run', async () => {
    await dueOutage()
    await rig.kill()
    await rig.clock.advance(3 * HOUR)
    const { append } = rig.stores.outages
    let broken = true
    rig.store = { ...rig.stores.outages, append: (row) => (broken ? full() : append(row)) }
    await rig.start()
    await rig.answer(FAILED, 90 * SECOND)
    expect(await kinds('update')).toEqual([])
    broken = false
    await rig.answer(FAILED, MINUTE)
    expect(await kinds('update')).toHaveLength(2)
  })

  test('wait after a step of the wall clock for the next round, so that they say what is proven', async () => {
    await dueOutage()
    await rig.answer(FAILED, 20 * SECOND)
    rig.clock.step(2 * HOUR)
    await rig.answer(FAILED, 20 * SECOND)
    expect(await kinds('update')).toEqual([])
    await rig.answer(FAILED, MINUTE)
    expect(await kinds('update')).toHaveLength(2)
    expect(await rig.texts('update')).toEqual([
      expect.not.stringMatching(/not observable|не наблюдается/),
      expect.not.stringMatching(/not observable|не наблюдается/),
    ])
  })

  test('come no later than updateEvery after the wall clock was set back', async () => {
    await dueOutage()
    await rig.answer(FAILED, 5 * MINUTE)
    rig.clock.step(-2 * HOUR)
    await rig.answer(FAILED, HOUR - MINUTE)
    expect(await kinds('update')).toEqual([])
    await rig.answer(FAILED, MINUTE + SECOND)
    expect(await kinds('update')).toHaveLength(2)
    await rig.deliver()
    await rig.act({ kind: 'message', text: 'more' })
    expect(await kinds('update')).toHaveLength(4)
  })

  test('nor after it was set back while the program did not run, however often it starts anew', async () => {
    await dueOutage()
    await rig.kill()
    rig.clock.step(-2 * HOUR)
    await rig.start()
    await rig.answer(FAILED, 40 * MINUTE)
    expect(await kinds('update')).toEqual([])
    await rig.kill()
    await rig.start()
    await rig.answer(FAILED, 21 * MINUTE)
    expect(await kinds('update')).toHaveLength(2)
    expect(await rig.texts('update')).toEqual([
      expect.not.stringMatching(/not observable|не наблюдается/),
      expect.not.stringMatching(/not observable|не наблюдается/),
    ])
  })

  test('that cannot be stored are made up for without a storm of tries', async () => {
    await dueOutage()
    const { commit } = rig.stores.outages
    let tries = 0
    let broken = true
    rig.store = {
      ...rig.stores.outages,
      async commit(change) {
        if (!broken) return commit(change)
        if (change.letters.add.some(({ kind }) => kind === 'update')) tries++
        return full()
      },
    }
    await rig.kill()
    await rig.start()
    await rig.answer(FAILED, HOUR)
    expect(tries).toBeGreaterThan(0)
    expect(tries).toBeLessThan(10)
    expect(rig.prober?.troubles()).toEqual([expect.stringMatching(/no space left/)])
    broken = false
    await rig.answer(FAILED, 20 * SECOND)
    expect(rig.prober?.troubles()).toEqual([])
    expect(await kinds('update')).toHaveLength(2)
  })

  test('go to those only whose initial letter was written before', async () => {
    await dueOutage()
    rig.recipients = [ANNA, BOB, { ...BOB, email: 'dora@example.org' }]
    await rig.act({ kind: 'message', text: 'for those who know' })
    expect(await kinds('update')).toHaveLength(2)
    expect(await kinds('initial dora')).toHaveLength(1)
    await rig.deliver()
    rig.recipients = [BOB, { ...BOB, email: 'dora@example.org' }]
    await rig.act({ kind: 'message', text: 'for those who are left' })
    expect(await kinds('update anna')).toHaveLength(1)
    expect(await kinds('update dora')).toHaveLength(1)
  })
})

describe('an outage that was cancelled as false', () => {
  test('takes back what has not left, corrects what has, and is no outage of the service any more', async () => {
    const id = await dueOutage({}, false)
    const [claimed] = (await rig.stores.outbox.claim(rig.clock.now(), 9)).filter(
      ({ letter }) => letter.recipient === ANNA.email,
    )
    await rig.stores.outbox.recover(rig.clock.now())
    expect(claimed).toBeDefined()
    await rig.act({ kind: 'cancel', reason: 'our own firewall' })
    expect(await rig.newest()).toMatchObject({ id, state: 'cancelled', end: null })
    expect(await kinds('correction')).toContain('correction anna@example.org pending')
    expect(rig.prober?.status()).not.toHaveProperty('outage')
    expect(rig.prober?.status().state).toBe('degraded')
    expect(rig.prober?.isCancelled(id)).toBe(true)
    expect(await rig.act({ kind: 'confirm' }, id)).toEqual({ kind: 'refused', reason: 'cancelled' })
  })

  test('without letters needs no correction', async () => {
    rig = createRig()
    await rig.start()
    await rig.answer(FAILED, 10 * MINUTE)
    await rig.act({ kind: 'cancel', reason: 'a test' })
    await rig.answer(FAILED, 3 * HOUR)
    expect(await rig.letters()).toEqual([])
    expect(await rig.newest()).toMatchObject({ downMs: 9 * MINUTE, letterDueAt: null, warnedAt: null })
  })

  test('absorbs the FAILs that follow, over restarts, until it ends, and operators are reminded', async () => {
    rig = createRig()
    await rig.start()
    await rig.answer(FAILED, 30 * MINUTE)
    const id = (await rig.newest())?.id ?? ''
    await rig.act({ kind: 'cancel', reason: 'a test' })
    await rig.answer(FAILED, HOUR - SECOND)
    expect(await rig.told()).toEqual([])
    await rig.answer(FAILED, MINUTE)
    expect(await rig.told()).toEqual(['reminder 1'])
    await rig.kill()
    await rig.start()
    await rig.answer(FAILED, HOUR)
    expect(await rig.told()).toEqual(['reminder 1', 'reminder 2'])
    expect(rig.prober?.isCancelled(id)).toBe(true)
    await rig.answer(OK, 7 * MINUTE)
    const ended = await rig.newest()
    expect(ended).toMatchObject({ id, state: 'cancelled', end: expect.any(Number), downMs: 29 * MINUTE })
    expect(rig.prober?.status().state).toBe('up')
    await rig.answer(OK, 3 * HOUR)
    expect(await rig.told()).toHaveLength(2)
    await rig.answer(FAILED, 5 * MINUTE)
    const outages = await rig.stores.outages.outages(9)
    expect(outages.map(({ state }) => state)).toEqual(['open', 'cancelled'])
    await rig.kill()
    await rig.start()
    expect(rig.prober?.isCancelled(id)).toBe(true)
    expect([rig.prober?.isOver(id), rig.prober?.isOver(outages[0]?.id ?? '')]).toEqual([true, false])
  })

  test('behind a clock that was set back reminds nobody at the cancellation', async () => {
    rig = createRig()
    await rig.start()
    await rig.answer(FAILED, 30 * MINUTE)
    rig.clock.step(-2 * HOUR)
    await rig.act({ kind: 'cancel', reason: 'a test' })
    expect(await rig.told()).toEqual([])
    await rig.answer(FAILED, HOUR + MINUTE)
    expect(await rig.told()).toEqual(['reminder 1'])
  })

  test('whose last row was stored and nothing else is restored as one that absorbs', async () => {
    rig = createRig()
    await rig.start()
    await rig.answer(FAILED, 30 * MINUTE)
    await rig.act({ kind: 'cancel', reason: 'a test' })
    const before = await rig.newest()
    rig.store = { ...rig.stores.outages, commit: full }
    await rig.kill()
    await rig.start()
    await rig.answer(FAILED, 45 * MINUTE)
    await rig.kill()
    rig.store = rig.stores.outages
    await rig.start()
    await settled()
    expect(await rig.newest()).toEqual({ ...before, latestFailAt: rig.clock.now() })
  })
})

describe('operators', () => {
  test('are warned by the FAIL that proves warnAfter, with a link, and told once of what is unsteady', async () => {
    rig = createRig()
    await rig.start()
    await rig.answer(FAILED, 45 * MINUTE)
    expect(await rig.told()).toEqual([])
    await rig.answer(FAILED, MINUTE)
    expect(minutes((await rig.newest())?.warnedAt)).toBe(46)
    expect(await rig.told()).toEqual(['warning 1'])
    expect(await rig.texts('operator')).toEqual([
      expect.stringContaining('https://watch.example/outages/20260101T000100Z'),
    ])
    for (let change = 0; change < 9; change++) {
      await rig.answer(change % 2 === 0 ? OK : FAILED, 2 * MINUTE)
    }
    expect((await rig.told()).toSorted()).toEqual(['intermittent 1', 'warning 1'])
    await rig.kill()
    await rig.start()
    await rig.answer(FAILED, 10 * MINUTE)
    expect((await rig.told()).filter((letter) => letter.startsWith('warning'))).toHaveLength(1)
  })

  test('hear of a component that cannot be watched, and of a silent control host, in every round', async () => {
    rig = createRig()
    await rig.start()
    await rig.answer({ kind: 'unusable', reason: '429: blocked' }, 3 * MINUTE)
    await rig.answer({ kind: 'unusable', reason: 'credentials refused' }, 3 * MINUTE)
    rig.controls = [
      { url: 'https://a.example/', kind: 'answered', byName: true },
      { url: 'https://b.example/', kind: 'silent', reason: 'timeout' },
    ]
    await rig.answer(FAILED, 3 * MINUTE)
    const rounds = (notice: Notice): readonly Notice[] => [notice, notice, notice]
    expect(rig.notices).toEqual([
      ...rounds({ topic: 'component-unusable', key: 'web', reason: '429: blocked' }),
      ...rounds({ topic: 'component-unusable', key: 'web', reason: 'credentials refused' }),
      ...rounds({ topic: 'control-silent', key: 'https://b.example/', reason: 'timeout' }),
    ])
  })
})

test('a fault of this machine is UNKNOWN, and a proven failure beside it still counts', async () => {
  rig = createRig({
    components: [
      { id: 'web', kind: 'http', counts: 'outage' },
      { id: 'api', kind: 'tcp', counts: 'outage', everyMs: HOUR },
    ],
  })
  await rig.start()
  await rig.answer({ kind: 'own-fault', reason: 'no file handles left' }, 2 * MINUTE)
  expect((await rig.rows()).at(-1)).toMatchObject({ verdict: 'unknown', reason: 'no file handles left' })
  expect(rig.prober?.status().components[0]).toMatchObject({
    state: 'unknown',
    reason: 'no file handles left',
  })
  rig.answers.set('web', FAILED)
  await rig.clock.advance(MINUTE)
  expect((await rig.rows()).at(-1)).toMatchObject({ verdict: 'fail' })
  expect(rig.log.lines.filter(({ message }) => /cannot probe/.test(message))).toHaveLength(1)
})

function createPolicy() {
  return {
    recoveryPeriodMs: 5 * MINUTE,
    noticeAfterMs: HOUR,
    warnAfterMs: 45 * MINUTE,
    maintenancePauses: true,
  }
}
