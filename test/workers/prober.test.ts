import { afterEach, describe, expect, test } from 'vitest'
import type { ProbeResult, UnusableCause } from '../../src/core/outage/verdict.ts'
import { HOUR, MINUTE, parseIso, SECOND } from '../../src/core/time.ts'
import { StoreError } from '../../src/ports.ts'
import { createRig, FAILED, minutes, OK, OPTIONS, type Rig, settled } from './prober-rig.ts'

const ADDED = ['initial anna@example.org pending', 'initial bob@example.org pending']
const COMBINED = [
  'combined anna@example.org pending',
  'combined bob@example.org pending',
  'initial anna@example.org superseded',
  'initial bob@example.org superseded',
]
let rig: Rig
afterEach(() => rig.kill())

describe('rounds', () => {
  test('start at once and then follow each other by the interval, so that two FAILs are never hasty', async () => {
    rig = createRig()
    await rig.clock.advance(20 * SECOND)
    await rig.start()
    await rig.clock.advance(3 * MINUTE)
    const rows = await rig.rows()
    expect(rows.map(({ at }) => minutes(at))).toEqual([1 / 3, 4 / 3, 7 / 3, 10 / 3])
    expect(rows[0]).toMatchObject({ verdict: 'ok', intervalMs: MINUTE, timeoutMs: 25 * SECOND })
    expect(rig.metrics.value('watch_probe_verdicts_total', { verdict: 'ok' })).toBe(4)
    expect(rig.log.lines.filter(({ level }) => level !== 'debug')).toEqual([])
  })

  test('a failure is tried once more, and only a second one asks the control hosts', async () => {
    rig = createRig()
    let tries = 0
    await rig.start()
    await rig.answer(async () => (tries++ === 0 ? FAILED : OK), MINUTE)
    expect({ tries, controls: rig.controlChecks }).toEqual({ tries: 2, controls: 0 })
    await rig.answer(FAILED, MINUTE)
    expect(rig.controlChecks).toBe(1)
    expect((await rig.rows()).at(-1)).toMatchObject({ verdict: 'fail', components: [{ result: FAILED }] })
  })

  test('without an answer from a control host a failure is UNKNOWN, and says why', async () => {
    rig = createRig()
    rig.controls = [{ url: 'https://a.example/', kind: 'silent', reason: 'timeout' }]
    await rig.start()
    await rig.answer(FAILED, MINUTE)
    expect((await rig.rows()).at(-1)).toMatchObject({
      verdict: 'unknown',
      reason: expect.stringMatching(/control/),
    })
  })

  test('a control host that is silent while another answers is told of at each check, so that a new day tells it', async () => {
    rig = createRig()
    const silent = { url: 'https://b.example/', kind: 'silent', reason: 'timeout' } as const
    const answered = { url: 'https://a.example/', kind: 'answered', byName: true } as const
    await rig.start()
    rig.controls = [silent, { ...silent, url: 'https://a.example/' }]
    await rig.answer(FAILED, 2 * MINUTE)
    expect(rig.log.lines).toEqual([])
    rig.controls = [answered, silent]
    await rig.answer(FAILED, 3 * MINUTE)
    rig.controls = [answered, { ...answered, url: silent.url }]
    await rig.answer(FAILED, MINUTE)
    rig.controls = [answered, silent]
    await rig.answer(FAILED, MINUTE)
    expect(rig.notices.map(({ topic, key }) => [topic, key])).toEqual(
      Array(4).fill(['control-silent', silent.url]),
    )
  })

  test('an attempt gets the timeout, but never more than half the interval', async () => {
    const limits: number[] = []
    const note = async (timeoutMs: number): Promise<ProbeResult> => {
      limits.push(timeoutMs)
      return OK
    }
    rig = createRig()
    rig.answers.set('web', note)
    await rig.start()
    await rig.kill()
    rig = createRig({ timeoutMs: 50 * SECOND })
    rig.answers.set('web', note)
    await rig.start()
    expect(limits).toEqual([25 * SECOND, 30 * SECOND])
  })

  test('a component with a pace of its own is probed on its turn, and in every round while it fails', async () => {
    rig = createRig({
      components: [
        { id: 'web', kind: 'http', counts: 'outage' },
        { id: 'tree', kind: 'omnicomm-tree', counts: 'degraded', everyMs: 3 * MINUTE },
      ],
    })
    const probed = (): number => rig.probed.filter((id) => id === 'tree').length
    await rig.clock.advance(20 * SECOND)
    await rig.start()
    await rig.clock.advance(6 * MINUTE)
    expect(probed()).toBe(3)
    rig.answers.set('tree', FAILED)
    await rig.clock.advance(6 * MINUTE)
    // One turn is due at 9 min; from then on two tries in each round.
    expect(probed()).toBe(3 + 2 * 4)
    expect(rig.prober?.status()).toMatchObject({ state: 'degraded', since: expect.any(Number) })
    expect((await rig.rows()).at(-1)).toMatchObject({ verdict: 'ok' })
  })

  describe('of a component that cannot be watched', () => {
    const unusable = (cause: UnusableCause): ProbeResult => ({ kind: 'unusable', cause, reason: 'why' })
    const probed = (): number => rig.probed.filter((id) => id === 'tree').length
    const startWith = async (result: ProbeResult): Promise<void> => {
      rig = createRig({
        components: [
          { id: 'web', kind: 'http', counts: 'outage' },
          { id: 'tree', kind: 'omnicomm-tree', counts: 'degraded', everyMs: 15 * MINUTE },
        ],
      })
      rig.answers.set('tree', result)
      await rig.start()
    }

    test.each(['credentials', 'blocked', 'rights', 'request', 'vehicle'] as const)(
      'wait for its turn when it was asked and refused (%s): only a failure is asked about more often',
      async (cause) => {
        await startWith(unusable(cause))
        await rig.clock.advance(14 * MINUTE)
        expect(probed()).toBe(1)
        expect(rig.prober?.status().components[1]).toMatchObject({ state: 'not-watched', reason: 'why' })
        rig.answers.set('tree', OK)
        await rig.clock.advance(MINUTE)
        expect(probed()).toBe(2)
        expect(rig.prober?.status().components[1]).toMatchObject({ state: 'up' })
      },
    )

    test('come in every round when it had failed before, until it answers', async () => {
      await startWith(FAILED)
      rig.answers.set('tree', unusable('rights'))
      await rig.clock.advance(2 * MINUTE)
      expect(probed()).toBe(2 + 2)
      rig.answers.set('tree', OK)
      await rig.clock.advance(MINUTE)
      rig.answers.set('tree', unusable('rights'))
      await rig.clock.advance(10 * MINUTE)
      expect(probed()).toBe(2 + 2 + 1)
    })

    test.each<[string, ProbeResult]>([
      ['limit of calls', unusable('budget')],
      ['machine', { kind: 'own-fault', reason: 'no file handles left' }],
    ])('come in every round when our own %s kept it from being asked', async (_name, result) => {
      await startWith(result)
      await rig.clock.advance(2 * MINUTE)
      expect(probed()).toBe(3)
      rig.answers.set('tree', OK)
      await rig.clock.advance(MINUTE)
      expect(rig.prober?.status().components[1]).toMatchObject({ state: 'up' })
      await rig.clock.advance(10 * MINUTE)
      expect(probed()).toBe(4)
    })
  })

  test('a start that falls into a running round is skipped, and a probe that never ends is given up', async () => {
    rig = createRig({ timeoutMs: 50 * SECOND })
    await rig.pass(0)
    await rig.start()
    rig.answers.set('web', () => new Promise<ProbeResult>(() => {}))
    await rig.pass(250 * SECOND)
    // Two attempts of half an interval, and a second of patience for each, last longer than the interval.
    const rows = await rig.rows()
    expect(rows.map(({ at }) => minutes(at))).toEqual([0, 1, 3])
    expect(rows.at(-1)).toMatchObject({ components: [{ result: { kind: 'failed', phase: 'timeout' } }] })
  })

  test('a round that is still running at the stop is dropped', async () => {
    rig = createRig()
    await rig.pass(0)
    await rig.start()
    rig.answers.set('web', () => new Promise<ProbeResult>(() => {}))
    await rig.pass(70 * SECOND)
    const stopped = rig.prober?.stop()
    await rig.pass(3 * SECOND)
    await stopped
    await rig.pass(5 * MINUTE)
    expect(await rig.rows()).toHaveLength(1)
  })

  test('a throwing probe makes the round UNKNOWN and stops nothing', async () => {
    rig = createRig()
    await rig.start()
    await rig.answer(async () => {
      throw new Error('a defect')
    }, MINUTE)
    await rig.answer(OK, MINUTE)
    expect((await rig.rows()).map((row) => row.kind === 'round' && row.verdict)).toEqual([
      'ok',
      'unknown',
      'ok',
    ])
  })

  test('a component that cannot be watched is told of in every round and is not held against the service', async () => {
    rig = createRig({
      components: [...OPTIONS.components, { id: 'auth', kind: 'omnicomm-login', counts: 'outage' }],
    })
    rig.answers.set('auth', { kind: 'unusable', reason: 'credentials refused: check service.account' })
    const prober = await rig.start()
    await rig.clock.advance(5 * MINUTE)
    expect(rig.notices).toMatchObject(Array(6).fill({ topic: 'component-unusable', key: 'auth' }))
    expect(prober.status()).toMatchObject({
      state: 'up',
      components: [{ state: 'up' }, { state: 'not-watched', reason: expect.stringMatching(/credentials/) }],
    })
  })

  test('a component that is not set up is told of once, and not every day: it may be meant so', async () => {
    rig = createRig({
      components: [...OPTIONS.components, { id: 'auth', kind: 'omnicomm-login', counts: 'outage' }],
    })
    rig.answers.set('auth', { kind: 'unusable', cause: 'setup', reason: 'it needs an account' })
    await rig.start()
    await rig.clock.advance(5 * MINUTE)
    expect(rig.notices).toEqual([
      { topic: 'component-unusable', key: 'auth', cause: 'setup', reason: 'it needs an account' },
    ])
  })
})

describe('an outage', () => {
  test('of more than an hour makes a letter for every recipient 1 ms after the crossing', async () => {
    rig = createRig()
    await rig.start()
    await rig.answer(OK, MINUTE)
    await rig.answer(FAILED, HOUR + MINUTE)
    expect(await rig.letters()).toEqual([])
    await rig.clock.advance(1)
    const outage = await rig.newest()
    expect(outage).toMatchObject({ id: '20260101T000200Z', state: 'open', failed: ['web'] })
    expect(minutes(outage?.notBefore)).toBe(1)
    expect(outage?.letterDueAt).toBe((outage?.start ?? 0) + HOUR + 1)
    expect(await rig.letters()).toEqual(ADDED)
    // Once by the early warning.
    expect(rig.woken).toBe(2)
    expect(rig.log.lines.map(({ message }) => message)).toEqual(
      expect.arrayContaining(['an outage opened', 'a letter is due']),
    )
    await rig.clock.advance(SECOND)
    expect(rig.metrics.value('watch_service_up')).toBe(0)
    expect(rig.metrics.value('watch_outage_down_seconds')).toBeGreaterThan(3600)
  })

  test('is proven by a deadline probe beside a slow round, and the rows stay in order of issue', async () => {
    rig = createRig()
    await rig.clock.advance(30 * SECOND)
    await rig.pass(0)
    rig.answers.set('web', async () => {
      await new Promise<void>((resolve) => rig.clock.after(20 * SECOND, resolve))
      return FAILED
    })
    await rig.start()
    await rig.pass(HOUR + 2 * MINUTE)
    const start = rig.clock.now() - HOUR - 2 * MINUTE
    expect(await rig.newest()).toMatchObject({ start, letterDueAt: start + HOUR + 1 })
    const times = (await rig.rows()).map(({ at }) => at)
    expect(times).toContain(start + HOUR + 1)
    expect(times).toEqual(times.toSorted((a, b) => a - b))
    // Rounds 0 to 61 are done, and the deadline probe ran beside the one of minute 60.
    expect(times).toHaveLength(62 + 1)
  })

  test('that closes before its letters left makes one combined letter for each recipient', async () => {
    rig = createRig()
    await rig.start()
    await rig.answer(FAILED, 62 * MINUTE)
    await rig.answer(OK, 6 * MINUTE)
    expect(await rig.newest()).toMatchObject({ state: 'closed', downMs: 61 * MINUTE })
    expect(await rig.letters()).toEqual(COMBINED)
    expect(rig.prober?.status()).toMatchObject({ state: 'up' })
    expect(minutes(rig.prober?.status().since)).toBe(63)
    expect(await rig.prober?.outage('20260101T000100Z')).toMatchObject({ state: 'closed' })
    expect(await rig.prober?.outage('20250101T000100Z')).toBeUndefined()
  })

  test('of an hour and no more makes no letter', async () => {
    rig = createRig()
    await rig.start()
    await rig.answer(FAILED, HOUR)
    await rig.answer(OK, 10 * MINUTE)
    expect(await rig.newest()).toMatchObject({ state: 'closed', downMs: 59 * MINUTE, letterDueAt: null })
    expect(await rig.letters()).toEqual([])
  })

  test('paused by planned work makes its letter later by so much', async () => {
    rig = createRig()
    const prober = await rig.start()
    await rig.answer(FAILED, 5 * MINUTE)
    const from = rig.clock.now() + 90 * SECOND
    rig.windows.push({ from, to: from + 20 * MINUTE })
    prober.windowsChanged()
    await rig.answer(FAILED, 2 * MINUTE)
    expect(prober.status()).toMatchObject({ state: 'maintenance', since: from })
    await rig.answer(FAILED, 75 * MINUTE)
    expect((await rig.newest())?.letterDueAt).toBe(rig.clock.now() - 82 * MINUTE + (1 + 60 + 20) * MINUTE + 1)
  })

  test('a component that failed in it and cannot be watched now does not end it', async () => {
    rig = createRig({ components: [...OPTIONS.components, { id: 'api', kind: 'tcp', counts: 'outage' }] })
    await rig.start()
    rig.answers.set('api', FAILED)
    await rig.clock.advance(5 * MINUTE)
    rig.answers.set('api', { kind: 'unusable', reason: '429: wait' })
    await rig.clock.advance(10 * MINUTE)
    expect(await rig.newest()).toMatchObject({ state: 'open', failed: ['api'] })
    expect((await rig.rows()).at(-1)).toMatchObject({ verdict: 'unknown' })
  })
})

describe('a restart', () => {
  test('needs a fresh FAIL before it writes the letter that a stored one made due', async () => {
    rig = createRig()
    await rig.start()
    await rig.answer(FAILED, 61 * MINUTE)
    // The process dies between the row that proves it and the commit of outage and letters.
    const commit = rig.stores.outages.commit
    rig.store = { ...rig.stores.outages, commit: () => Promise.reject(new StoreError('full', 'no space')) }
    await rig.kill()
    await rig.start()
    await rig.answer(FAILED, 2 * MINUTE)
    await rig.kill()
    expect(await rig.letters()).toEqual([])
    rig.store = { ...rig.stores.outages, commit }
    rig.controls = []
    await rig.start()
    await rig.answer(FAILED, 2 * MINUTE)
    expect(rig.prober?.status()).toMatchObject({ state: 'down' })
    expect(await rig.letters()).toEqual([])
    rig.controls = [{ url: 'https://a.example/', kind: 'answered', byName: true }]
    await rig.answer(FAILED, MINUTE)
    expect(await rig.letters()).toEqual(ADDED)
  })

  test('finds the end of an outage that was never saved, with the letters that it owes', async () => {
    rig = createRig()
    await rig.start()
    await rig.answer(FAILED, 61 * MINUTE)
    await rig.kill()
    rig.store = { ...rig.stores.outages, commit: () => Promise.reject(new StoreError('full', 'no space')) }
    await rig.start()
    await rig.answer(FAILED, 2 * MINUTE)
    await rig.answer(OK, 7 * MINUTE)
    expect(rig.prober?.status()).toMatchObject({ state: 'up' })
    expect(rig.prober?.troubles()).toEqual([expect.stringMatching(/no space/)])
    expect(await rig.prober?.outages(10)).toMatchObject([{ state: 'closed' }])
    await rig.kill()
    expect(await rig.newest()).toMatchObject({ state: 'open' })
    rig.store = rig.stores.outages
    await rig.start()
    expect(await rig.newest()).toMatchObject({ state: 'closed', letterDueAt: expect.any(Number) })
    expect(await rig.letters()).toEqual([
      'combined anna@example.org pending',
      'combined bob@example.org pending',
    ])
  })

  test('leaves closed outages alone and has the same figures as a run without one', async () => {
    const figures: unknown[] = []
    for (const restarts of [false, true]) {
      rig = createRig()
      await rig.start()
      for (const [result, duration] of [
        [FAILED, 10],
        [OK, 8],
        [FAILED, 20],
        [OK, 3],
        [FAILED, 25],
      ] as const) {
        await rig.answer(result, duration * MINUTE - 30 * SECOND)
        if (restarts) {
          await rig.kill()
          await rig.clock.advance(30 * SECOND)
          await rig.start()
        } else await rig.clock.advance(30 * SECOND)
      }
      const all = await rig.stores.outages.outages(10)
      figures.push(all.map(({ id, state, end }) => ({ id, state, end })))
      await rig.kill()
    }
    expect(figures[0]).toHaveLength(2)
    expect(figures[1]).toEqual(figures[0])
  })

  test('knows that the wall clock was set back meanwhile: two FAILs of two clocks open nothing', async () => {
    rig = createRig()
    await rig.start()
    await rig.answer(OK, 10 * MINUTE - SECOND)
    await rig.answer(FAILED, SECOND)
    await rig.kill()
    rig.clock.step(-5 * MINUTE)
    await rig.start()
    expect(await rig.rows()).toContainEqual({ kind: 'step', at: rig.clock.now(), deltaMs: -5 * MINUTE })
    expect(rig.prober?.status()).toMatchObject({ state: 'degraded', since: rig.clock.now() })
    expect(await rig.newest()).toBe(undefined)
    await rig.answer(FAILED, MINUTE)
    expect(await rig.newest()).toMatchObject({ start: rig.clock.now() - MINUTE, downMs: MINUTE })
  })

  test('goes on with an outage whose first rows are gone', async () => {
    rig = createRig()
    await rig.start()
    await rig.answer(FAILED, 30 * MINUTE)
    await rig.kill()
    const kept = rig.clock.now() - 1 * MINUTE
    rig.store = {
      ...rig.stores.outages,
      trace: (from, to) => rig.stores.outages.trace(Math.max(from, kept), to),
    }
    await rig.start()
    await rig.answer(FAILED, 32 * MINUTE)
    expect(await rig.stores.outages.outages(10)).toMatchObject([
      { id: '20260101T000100Z', downMs: 61 * MINUTE },
    ])
    expect(await rig.letters()).toEqual(ADDED)
  })
})

describe('trouble', () => {
  test('a round that cannot be stored decides nothing, and is told of once', async () => {
    rig = createRig()
    await rig.start()
    const full = (): Promise<never> => Promise.reject(new StoreError('full', 'no space left: free some'))
    let broken = true
    rig.store = { ...rig.stores.outages, append: (row) => (broken ? full() : rig.stores.outages.append(row)) }
    await rig.kill()
    await rig.start()
    await rig.answer(FAILED, 10 * MINUTE)
    expect(rig.prober?.troubles()).toEqual([expect.stringMatching(/no space left: free some/)])
    expect(rig.log.lines.filter(({ level }) => level === 'error')).toHaveLength(1)
    expect(rig.prober?.status()).toMatchObject({ state: 'unknown' })
    broken = false
    await rig.answer(FAILED, 3 * MINUTE)
    expect(rig.prober?.troubles()).toEqual([])
    expect(await rig.newest()).toMatchObject({ downMs: 2 * MINUTE, possibleMs: 13 * MINUTE })
  })

  test('an outage that closes while letters are being sent is told in one letter to whom nothing left', async () => {
    rig = createRig()
    await rig.start()
    await rig.answer(FAILED, 62 * MINUTE)
    await rig.kill()
    const { commit } = rig.stores.outages
    const taken: string[] = []
    rig.store = {
      ...rig.stores.outages,
      async commit(change) {
        if (change.outages.every(({ end }) => end === null)) return commit(change)
        // A courier that goes on claiming.
        void rig.claim().then((claimed) => {
          taken.push(...claimed.map(({ letter: { kind } }) => kind))
        })
        await settled()
        return commit(change)
      },
    }
    await rig.start()
    await rig.answer(OK, 6 * MINUTE)
    expect(await rig.letters()).toEqual(COMBINED.map((letter) => letter.replace('pending', 'sending')))
    expect(taken.sort()).toEqual(['combined', 'combined', 'operator'])
  })

  test.each([2, -2])('a clock step of %s h is UNKNOWN time, and the outage goes on', async (hours) => {
    rig = createRig()
    const prober = await rig.start()
    await rig.answer(FAILED, 10 * MINUTE)
    await rig.clock.advance(20 * SECOND)
    rig.clock.step(hours * HOUR)
    await rig.clock.advance(40 * SECOND)
    await rig.answer(FAILED, 4 * MINUTE)
    expect(prober.status()).toMatchObject({ state: 'down' })
    expect(await rig.newest()).toMatchObject({ downMs: (9 + 4) * MINUTE, possibleMs: 15 * MINUTE })
    expect((await rig.rows()).filter(({ kind }) => kind === 'step')).toMatchObject([
      { deltaMs: hours * HOUR },
    ])
    await rig.kill()
    await rig.start()
    await rig.answer(FAILED, MINUTE)
    expect(await rig.stores.outages.outages(9)).toMatchObject([
      { downMs: 14 * MINUTE, possibleMs: 16 * MINUTE },
    ])
  })

  test.each([
    ['an NTP step of 2 h forward', 2 * HOUR],
    ['an NTP step of 2 h back', -2 * HOUR],
    ['a machine that was suspended for 3 h', 3 * HOUR],
  ])(
    '%s makes no letter due by itself, and the letter comes when an hour is certain',
    async (_name, stepMs) => {
      rig = createRig()
      await rig.start()
      await rig.answer(FAILED, 40 * MINUTE)
      await rig.clock.advance(20 * SECOND)
      rig.clock.step(stepMs)
      await rig.clock.advance(40 * SECOND)
      // 39 minutes are certain, and the minute of the step is not.
      await rig.answer(FAILED, 20 * MINUTE)
      expect(await rig.newest()).toMatchObject({ downMs: 59 * MINUTE, letterDueAt: null })
      expect(await rig.letters()).toEqual([])
      await rig.answer(FAILED, MINUTE + 1)
      const due = (await rig.newest())?.letterDueAt
      expect(due).toBe(rig.clock.now())
      expect(await rig.letters()).toEqual(ADDED)
      await rig.kill()
      await rig.start()
      await rig.answer(FAILED, 5 * MINUTE)
      expect(await rig.newest()).toMatchObject({ letterDueAt: due })
      expect(await rig.letters()).toEqual(ADDED)
    },
  )

  test.each([
    [
      'forward',
      '2026-03-29T00:00:00Z',
      '01:29:00 (Europe/Berlin, UTC+01:00)',
      '03:30:00 (Europe/Berlin, UTC+02:00)',
    ],
    [
      'back',
      '2026-10-25T00:00:00Z',
      '02:29:00 (Europe/Berlin, UTC+02:00)',
      '02:30:00 (Europe/Berlin, UTC+01:00)',
    ],
  ])(
    'the clocks going %s inside an outage change only how times are printed',
    async (_name, begin, since, last) => {
      rig = createRig()
      rig.timezone = 'Europe/Berlin'
      rig.clock.step((parseIso(begin) ?? 0) - rig.clock.now())
      await rig.start()
      await rig.answer(OK, 29 * MINUTE)
      await rig.answer(FAILED, 62 * MINUTE)
      const outage = await rig.newest()
      expect(outage).toMatchObject({ downMs: HOUR + MINUTE, start: (parseIso(begin) ?? 0) + 30 * MINUTE })
      expect(outage?.letterDueAt).toBe((outage?.start ?? 0) + HOUR + 1)
      const text = (await rig.texts('initial')).join()
      expect(text).toContain(since)
      expect(text).toContain(last)
      await rig.answer(OK, 6 * MINUTE)
      expect(await rig.newest()).toMatchObject({ state: 'closed', downMs: HOUR + MINUTE })
      expect((await rig.rows()).some(({ kind }) => kind === 'step')).toBe(false)
    },
  )

  test('a clock step that cannot be stored is stored before the next round', async () => {
    rig = createRig()
    const { append } = rig.stores.outages
    let full = false
    rig.store = {
      ...rig.stores.outages,
      append: (row) => (full ? Promise.reject(new StoreError('full', 'no space')) : append(row)),
    }
    await rig.start()
    await rig.answer(FAILED, 10 * MINUTE + 20 * SECOND)
    full = true
    rig.clock.step(MINUTE)
    await rig.clock.advance(2 * SECOND)
    full = false
    // On the stepped clock the next FAIL is no more than g away from the last.
    await rig.answer(FAILED, 3 * MINUTE)
    expect((await rig.rows()).filter(({ kind }) => kind === 'step')).toMatchObject([{ deltaMs: MINUTE }])
    expect(await rig.newest()).toMatchObject({ downMs: (9 + 2) * MINUTE })
  })

  test('a stalled process judges nothing', async () => {
    rig = createRig()
    let lateMs = 0
    rig.timer = {
      ...rig.clock,
      monotonic: () => rig.clock.monotonic() + lateMs,
      now: () => rig.clock.now() + lateMs,
    }
    await rig.start()
    await rig.answer(async () => {
      lateMs += 10 * SECOND
      return FAILED
    }, MINUTE)
    expect((await rig.rows()).at(-1)).toMatchObject({
      verdict: 'unknown',
      reason: expect.stringMatching(/stalled/),
    })
  })
})

describe('planned work', () => {
  test('that does not pause the clock hides no outage', async () => {
    rig = createRig({ policy: { ...OPTIONS.policy, maintenancePauses: false } })
    const prober = await rig.start()
    const from = rig.clock.now()
    rig.windows.push({ from, to: from + HOUR })
    await rig.answer(FAILED, 3 * MINUTE)
    expect(prober.status()).toMatchObject({ state: 'down', since: from + MINUTE })
    await rig.clock.advance(SECOND)
    expect(rig.metrics.value('watch_service_up')).toBe(0)
  })
})
