import { describe, expect, test } from 'vitest'
import { ANNA, BOB } from '../support/letters.ts'
import { check } from './harness/check.ts'
import { type Command, createDriver, type Driver } from './harness/driver.ts'
import { type ModelOptions, START } from './harness/service.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

/** The figures of outage-clock.md 8. */
const OPTIONS: ModelOptions = {
  intervalMs: MINUTE,
  timeoutMs: 30 * SECOND,
  recoveryPeriodMs: 5 * MINUTE,
  noticeAfterMs: HOUR,
  warnAfterMs: 45 * MINUTE,
  updateEveryMs: HOUR,
  maintenancePauses: true,
  operators: ['ops@example.org'],
}

const EVE = { email: 'eve@example.org', name: 'Eve', language: 'en' } as const

const ok = (minutes: number): Command => ({ do: 'pass', verdict: 'ok', ms: minutes * MINUTE })
const fail = (minutes: number): Command => ({ do: 'pass', verdict: 'fail', ms: minutes * MINUTE })
const blind = (minutes: number): Command => ({ do: 'pass', verdict: 'unknown', ms: minutes * MINUTE })
const smtp = (relay: 'up' | 'down' | 'hanging' | 'losing'): Command => ({ do: 'relay', relay })
const act = (action: 'message' | 'cancel' | 'send-letter'): Command => ({ do: 'act', action })
const expectIn = (minutes: number): Command => ({ do: 'expect', inMs: minutes * MINUTE })
const step = (ms: number): Command => ({ do: 'step', ms })
const remove = (recipient: typeof ANNA): Command => ({ do: 'recipient', recipient, present: false })
const add = (recipient: typeof ANNA): Command => ({ do: 'recipient', recipient, present: true })

/** The first FAIL is that of minute 11, one minute after the last OK. */
async function play(commands: readonly Command[], options: Partial<ModelOptions> = {}): Promise<Driver> {
  const driver = await createDriver({ ...OPTIONS, ...options }, [ANNA, BOB])
  await driver.runAll([ok(10), ...commands])
  return driver
}

/** Calms everything down, has the oracle find nothing, and gives the letters as `kind sequence state`. */
async function lettersOf(driver: Driver) {
  await driver.calmDown()
  expect(await check(driver)).toEqual([])
  const { stored } = await driver.judge()
  return {
    outages: stored.outages,
    to: (recipient: { readonly email: string }): readonly string[] =>
      stored.letters
        .filter(({ recipient: email, kind }) => email === recipient.email && kind !== 'operator')
        .map(({ kind, sequence, state }) => `${kind} ${sequence} ${state}`)
        .reverse(),
    operators: stored.letters
      .filter(({ kind }) => kind === 'operator')
      .map(({ subject }) => subject.split('-')[0]),
  }
}

/** Kinds in the order in which the relay accepted them. */
function arrived({ world }: Driver, recipient: { readonly email: string }): readonly string[] {
  return world.journal.flatMap((entry) =>
    entry.kind === 'offered' && entry.outcome === 'accepted' && entry.letter.recipient === recipient.email
      ? [`${entry.letter.kind} ${entry.letter.sequence}`]
      : [],
  )
}

describe('a relay that fails', () => {
  test('is dead from minute 50 to 200 of an outage 0-120: exactly one combined letter per recipient', async () => {
    const driver = await play([fail(50), smtp('down'), fail(70), ok(80), smtp('up')])
    const letters = await lettersOf(driver)
    for (const recipient of [ANNA, BOB]) {
      expect(letters.to(recipient)).toEqual([
        'initial 1 superseded',
        'update 1 superseded',
        'combined 1 sent',
      ])
      expect(arrived(driver, recipient)).toEqual(['combined 1'])
    }
  })

  test('is dead for the recovery letter only: it goes out once the relay works', async () => {
    const driver = await play([fail(70), smtp('down'), ok(90), smtp('up')])
    const letters = await lettersOf(driver)
    expect(letters.to(ANNA)).toEqual(['initial 1 sent', 'recovery 1 sent'])
    expect(arrived(driver, BOB)).toEqual(['initial 1', 'recovery 1'])
  })

  test('loses the answer to the initial letter: the recovery waits behind its second copy', async () => {
    const driver = await play([fail(60), smtp('losing'), fail(2), smtp('up'), ok(7)])
    expect(arrived(driver, ANNA)).toEqual([])
    const letters = await lettersOf(driver)
    expect(letters.to(ANNA)).toEqual(['initial 1 sent', 'recovery 1 sent'])
    expect(arrived(driver, ANNA)).toEqual(['initial 1', 'recovery 1'])
  })

  test('does not know one recipient: the other is not delayed, and the end is told to both', async () => {
    const driver = await play([{ do: 'relay', relay: { refusing: BOB.email } }, fail(70), ok(10), smtp('up')])
    const letters = await lettersOf(driver)
    expect(letters.to(ANNA)).toEqual(['initial 1 sent', 'recovery 1 sent'])
    expect(letters.to(BOB)[0]).toBe('initial 1 dead')
    expect(letters.to(BOB)).toHaveLength(2)
    expect(letters.to(BOB)[1]).toMatch(/^combined 1/)
  })
})

describe('a letter whose attempt breaks before the relay has seen it', () => {
  /** The initial letters are being sent for three seconds, of which two have passed. */
  const beingSent: readonly Command[] = [
    fail(50),
    smtp('hanging'),
    { do: 'pass', verdict: 'fail', ms: 11 * MINUTE + 2 * SECOND },
  ]

  test('is not corrected when the outage was cancelled during the attempt', async () => {
    const driver = await play([...beingSent, act('cancel'), fail(1), smtp('up'), ok(7)])
    const letters = await lettersOf(driver)
    for (const recipient of [ANNA, BOB]) {
      expect(letters.to(recipient)).toEqual(['initial 1 superseded', 'correction 1 superseded'])
      expect(arrived(driver, recipient)).toEqual([])
    }
  })

  test('asks for no order that was given, and tells nothing of an outage that was cancelled', async () => {
    const unobserved = [fail(11), smtp('down'), blind(55), fail(2)]
    const due = await play([...unobserved, fail(50), smtp('up'), fail(5), ok(7)])
    expect((await lettersOf(due)).operators).toContain('alarm')
    expect(arrived(due, { email: 'ops@example.org' })).toEqual(['operator 1'])
    const cancelled = await play([...unobserved, act('cancel'), smtp('up'), ok(7)])
    expect((await lettersOf(cancelled)).operators).toEqual(['alarm'])
    expect(arrived(cancelled, { email: 'ops@example.org' })).toEqual([])
  })
})

describe('the expected time of resolution', () => {
  test('is carried by the initial letter when it was set before the letter was due', async () => {
    const driver = await play([fail(30), expectIn(120), fail(40), ok(10)])
    const letters = await lettersOf(driver)
    expect(letters.to(ANNA)).toEqual(['initial 1 sent', 'recovery 1 sent'])
  })

  test('is changed twice while the relay is down: only the last update goes', async () => {
    const driver = await play([
      fail(65),
      smtp('down'),
      expectIn(60),
      fail(2),
      expectIn(90),
      fail(2),
      smtp('up'),
      fail(35),
      ok(10),
    ])
    const letters = await lettersOf(driver)
    expect(letters.to(ANNA)).toEqual([
      'initial 1 sent',
      'update 1 superseded',
      'update 2 sent',
      'recovery 1 sent',
    ])
  })
})

describe('updates', () => {
  test('go out every hour as long as the outage lasts, and none after its end', async () => {
    const letters = await lettersOf(await play([fail(200), ok(10)]))
    expect(letters.to(ANNA)).toEqual(['initial 1 sent', 'update 1 sent', 'update 2 sent', 'recovery 1 sent'])
  })

  test('go out while nothing can be observed, too', async () => {
    const driver = await play([fail(65), blind(100), fail(3), ok(10)])
    const said = driver.world.journal.flatMap((entry) => (entry.kind === 'said' ? [entry.proven.kind] : []))
    expect(said).toEqual(['unavailable', 'not-observable'])
    await lettersOf(driver)
  })
})

describe('recipients', () => {
  test('who are added while the letter is due get it; who are removed get nothing more', async () => {
    const driver = await play([fail(65), add(EVE), remove(BOB), fail(65), ok(10)])
    const letters = await lettersOf(driver)
    expect(letters.to(EVE)).toEqual(['initial 1 sent', 'update 1 sent', 'recovery 1 sent'])
    expect(letters.to(BOB)).toEqual(['initial 1 sent'])
  })

  test('who are removed before their letter left and come back get one that leaves', async () => {
    const driver = await play([
      smtp('down'),
      fail(62),
      remove(BOB),
      fail(30),
      add(BOB),
      smtp('up'),
      fail(5),
      ok(10),
    ])
    const letters = await lettersOf(driver)
    expect(letters.to(BOB)).toEqual(['initial 1 superseded', 'initial 2 sent', 'recovery 1 sent'])
  })
})

describe('an outage that is cancelled as false', () => {
  test('supersedes what waits, corrects what left, and absorbs what follows', async () => {
    const driver = await play([
      fail(62),
      smtp('down'),
      add(EVE),
      act('message'),
      fail(2),
      act('cancel'),
      smtp('up'),
      fail(130),
      ok(10),
    ])
    const letters = await lettersOf(driver)
    expect(letters.to(ANNA)).toEqual(['initial 1 sent', 'update 1 superseded', 'correction 1 sent'])
    expect(letters.to(EVE)).toEqual(['initial 1 superseded'])
    expect(letters.outages).toHaveLength(1)
    expect(letters.outages[0]).toMatchObject({ state: 'cancelled', end: expect.any(Number) })
    expect(letters.operators.filter((topic) => topic === 'reminder')).toHaveLength(2)
  })

  test('corrects a letter of which nobody knows whether it arrived', async () => {
    const driver = await play([fail(60), smtp('losing'), fail(2), smtp('up'), act('cancel'), ok(10)])
    const letters = await lettersOf(driver)
    expect(letters.to(ANNA).at(-1)).toBe('correction 1 sent')
    expect(arrived(driver, ANNA).at(-1)).toBe('correction 1')
  })

  test('corrects nothing when nothing has left', async () => {
    const driver = await play([smtp('down'), fail(62), act('cancel'), smtp('up'), ok(10)])
    expect((await lettersOf(driver)).to(ANNA)).toEqual(['initial 1 superseded'])
  })
})

describe('clocks', () => {
  test.each([
    ['forward', 2 * HOUR],
    ['back', -2 * HOUR],
  ])(
    'a step of two hours %s inside an outage costs the round it falls into and nothing else',
    async (_, ms) => {
      const driver = await play([fail(30), step(ms), fail(40), ok(10)])
      const letters = await lettersOf(driver)
      expect(letters.outages).toHaveLength(1)
      expect(letters.outages[0]).toMatchObject({ downMs: 68 * MINUTE })
      expect(letters.to(ANNA)).toEqual(['initial 1 sent', 'recovery 1 sent'])
    },
  )

  test('a machine that was suspended for three hours proves nothing about them', async () => {
    const driver = await play([fail(30), step(3 * HOUR), fail(25), ok(10)])
    const letters = await lettersOf(driver)
    expect(letters.outages[0]).toMatchObject({ downMs: 53 * MINUTE, letterDueAt: null })
    expect(letters.to(ANNA)).toEqual([])
  })

  test('a process that stood still for three hours tells operators that it may be longer, and nobody else', async () => {
    const driver = await play([fail(30), { do: 'stall', ms: 3 * HOUR }, fail(25), ok(10)])
    const letters = await lettersOf(driver)
    expect(letters.outages[0]).toMatchObject({ letterDueAt: null, operatorAlarmAt: expect.any(Number) })
    expect(letters.operators).toContain('alarm')
    expect(letters.to(ANNA)).toEqual([])
  })

  test('an operator can send the letter that was not proven', async () => {
    const driver = await play([
      fail(30),
      { do: 'stall', ms: 3 * HOUR },
      fail(5),
      act('send-letter'),
      fail(5),
      ok(10),
    ])
    expect((await lettersOf(driver)).to(ANNA)).toEqual(['initial 1 sent', 'recovery 1 sent'])
  })
})

test('the deadline probe makes the letter due 1 ms after the crossing', async () => {
  const driver = await play([fail(62)])
  const { outages } = await driver.judge()
  expect(outages.map(({ letterDueAt, start }) => (letterDueAt ?? 0) - start)).toEqual([HOUR + 1])
  expect(outages[0]?.start).toBe(START + 11 * MINUTE)
})

describe('the hour of the change between summer and winter time', () => {
  test.each([
    [
      'forward',
      '2026-03-29T00:09:00Z',
      '29 March 2026, 01:20:00',
      'UTC+01:00',
      '03:50:00 (Europe/Berlin, UTC+02:00)',
    ],
    [
      'back',
      '2026-10-25T00:09:00Z',
      '25 October 2026, 02:20:00',
      'UTC+02:00',
      '02:50:00 (Europe/Berlin, UTC+01:00)',
    ],
  ])('%s inside an outage changes what letters print and nothing else', async (_, at, from, offset, to) => {
    const zone = { startAt: Date.parse(at), timezone: 'Europe/Berlin' }
    const driver = await play([fail(90), ok(10)], zone)
    const letters = await lettersOf(driver)
    expect(letters.outages).toMatchObject([{ downMs: 89 * MINUTE, end: zone.startAt + 101 * MINUTE }])
    const told = driver.world.accepted.findLast(({ letter }) => letter.recipient === BOB.email)?.text
    for (const words of [from, offset, to, 'Confirmed downtime in total: 1 h 29 min'])
      expect(told).toContain(words)
  })
})
