import { describe, expect, test } from 'vitest'
import type { TerminalView } from '../../../src/core/fleet/view.ts'
import { check, type Problem } from '../../../src/core/request/check.ts'
import type { CheckFacts } from '../../../src/core/request/check-facts.ts'
import { CHECK_POINTS } from '../../../src/core/request/check-items.ts'
import { checkView } from '../../../src/core/request/check-view.ts'
import { DAY, HOUR, MINUTE } from '../../../src/core/time.ts'
import { component, incident, NOW, outage, requestDrafts, terminalFacts } from '../../support/app-deps.ts'
import { checkFacts, openRequest, SILENT } from '../../support/check-facts.ts'

const NO_DATA: Problem = { id: 'no-data', about: 'equipment' }
const POSITION: Problem = { id: 'wrong-position', about: 'equipment' }
const SERVICE: Problem = { id: 'service-unavailable', about: 'service' }
const FUEL: Problem = { id: 'fuel', about: 'equipment' }
const LOADING: Problem = { id: 'archive-loading', about: 'data' }

type Change = readonly [Partial<TerminalView>, Partial<CheckFacts>?]

function verdictOf([view, change]: Change, problem = NO_DATA): readonly string[] {
  const { verdict, reasons } = check(checkFacts(view, change), problem, NOW)
  return [verdict, ...reasons]
}

const old = (status: 'old' | 'critical_old' | 'broken'): Partial<TerminalView> => ({
  firmware: { version: '99', at: NOW, status, latest: 120 },
})
const cause = (code: NonNullable<TerminalView['cause']>['code']): Partial<TerminalView> => ({
  ...SILENT,
  cause: { code, confidence: 'medium', evidence: [] },
})
const service = (change: Partial<CheckFacts['service']>): Partial<CheckFacts> => ({
  service: { ...checkFacts().service, ...change },
})
const UP = checkFacts().service.status

describe('no ticket is needed', () => {
  test.each<[string, Change, string]>([
    [
      'in an outage',
      [
        SILENT,
        service({ status: { ...UP, state: 'down', outage: outage({ id: 'o', state: 'open', end: null }) } }),
      ],
      'outage',
    ],
    [
      'while the service is down and no outage is confirmed',
      [SILENT, service({ status: { ...UP, state: 'down' } })],
      'service-down',
    ],
    [
      'during planned work of the service',
      [SILENT, service({ planned: { to: NOW + HOUR, reason: 'update' } })],
      'planned-work',
    ],
    ['in an incident', [SILENT, { incident: incident({ id: 'i' }) }], 'incident'],
    ['during work on the vehicle', [{ state: 'maintenance' }], 'maintenance'],
    ['for a terminal that is decommissioned', [{ state: 'decommissioned' }], 'decommissioned'],
    [
      'for one that people suspended',
      [{ state: 'suspended' }, { said: terminalFacts({ lifecycle: 'suspended' }) }],
      'suspended',
    ],
    ['while we ourselves are blind', [SILENT, { blindSince: NOW - MINUTE }], 'blind'],
    ['while it is not judged', [{ state: 'unknown' }], 'not-judged'],
    [
      'while its archive comes in',
      [{ state: 'backlog', lagSeconds: 7200, caughtUpAt: NOW + HOUR }],
      'backlog',
    ],
    ['while it is parked and asleep', [{ state: 'sleeping', parked: true }], 'sleeping'],
    [
      'while its silence is known',
      [{ ...SILENT, acknowledged: { until: NOW + DAY, reason: 'repair', by: 'anna' } }],
      'acknowledged',
    ],
    [
      'while its archive is promised',
      [SILENT, { requests: [openRequest({ promised: { at: NOW + DAY, note: '', approximate: true } })] }],
      'archive-promised',
    ],
    [
      'while a request about the same is open',
      [SILENT, { requests: [openRequest({ problem: 'no-data' })] }],
      'open-request',
    ],
  ])('%s', (_, change, reason) => {
    const [verdict, first] = verdictOf(change)
    expect([verdict, first]).toEqual(['do-not-open', reason])
  })

  test('from support for a question of money or warranty', () => {
    expect(verdictOf([{}], { id: 'finance', about: 'department' })).toEqual(['do-not-open', 'department'])
  })

  test('and that wins over what could be fixed, which is told, too', () => {
    expect(verdictOf([{ ...SILENT, ...old('broken') }, { blindSince: NOW }])).toEqual([
      'do-not-open',
      'blind',
      'firmware-broken',
    ])
  })

  test('but an open request about another problem, and a promise that has passed, keep nobody', () => {
    expect(verdictOf([SILENT, { requests: [openRequest()] }])[0]).toBe('ready-for-ticket')
    const promised = { at: NOW - 1, note: '', approximate: true }
    expect(verdictOf([SILENT, { requests: [openRequest({ promised })] }])[0]).toBe('ready-for-ticket')
  })

  test('but an archive that is promised keeps nobody from asking about a fuel sensor', () => {
    const promised = { at: NOW + DAY, note: '', approximate: true }
    const requests = [openRequest({ problem: 'archive-loading', promised })]
    expect(verdictOf([{}, { requests }], FUEL)[0]).toBe('ready-for-ticket')
    expect(verdictOf([SILENT, { requests }], NO_DATA)).toContain('archive-promised')
  })

  test('but a silence that was known keeps nobody once data is there again', () => {
    const acknowledged = { until: NOW + DAY, reason: 'repair', by: 'anna' }
    expect(verdictOf([{ acknowledged }], FUEL)[0]).toBe('ready-for-ticket')
  })
})

describe('something is to be fixed first', () => {
  test.each<[string, Change, string]>([
    [
      'when intake is off',
      [{ state: 'suspended' }, { said: terminalFacts({ intake: 'off' }) }],
      'intake-off',
    ],
    ['when it has never sent data', [{ state: 'never' }], 'never'],
    ['when its power was cut', [cause('power-cut')], 'cause'],
    ['when its SIM card is suspected', [cause('sim')], 'cause'],
    ['when it has no position', [{ state: 'no-fix', fixAt: NOW - HOUR }], 'position'],
    ['when its supply is dead', [{ readings: { voltage: { value: 3, at: NOW } } }], 'power'],
    [
      'when its archive does not become shorter',
      [{ state: 'backlog', stateSince: NOW - 2 * DAY, lagSeconds: 9 }],
      'backlog-stuck',
    ],
    ['when its clock is behind', [{ state: 'backlog', clockBehind: true, lagSeconds: 9 }], 'backlog-stuck'],
    ['when its firmware is old', [old('old')], 'firmware-old'],
    ['when it is critically old', [old('critical_old')], 'firmware-critical'],
    ['when it was withdrawn', [old('broken')], 'firmware-broken'],
    [
      'when it told another IMEI',
      [
        SILENT,
        {
          said: terminalFacts({ imei: '861234567890123' }),
          replies: { info: { at: NOW, told: { kind: 'info', imei: '861234567890124', others: {} } } },
        },
      ],
      'imei-differs',
    ],
    ['when its names are disputed', [SILENT, { disputed: true }], 'conflict'],
  ])('%s', (_, change, reason) => {
    const [verdict, first] = verdictOf(change)
    expect([verdict, first]).toEqual(['fix-first', reason])
  })

  test('unknown firmware keeps a problem of the equipment from a ticket, unless data is current and nobody says more', () => {
    const { firmware: _, ...unknown } = checkFacts(SILENT).view
    expect(verdictOf([{ ...unknown, firmware: undefined } as never])).toEqual([
      'fix-first',
      'firmware-unknown',
    ])
    const { firmware: __, ...fresh } = checkFacts().view
    expect(verdictOf([{ ...fresh, firmware: undefined } as never])).toEqual([
      'ready-for-ticket',
      'data-current',
    ])
    expect(verdictOf([{ ...fresh, firmware: undefined } as never], FUEL)).toEqual([
      'fix-first',
      'firmware-unknown',
    ])
    expect(verdictOf([{ ...fresh, firmware: undefined } as never], LOADING)).toEqual([
      'ready-for-ticket',
      'checked',
    ])
  })

  test('a missing position is nothing to fix before a question about a fuel sensor', () => {
    expect(verdictOf([{ state: 'no-fix', fixAt: NOW - HOUR }], FUEL)[0]).toBe('ready-for-ticket')
    expect(verdictOf([{ state: 'no-fix', fixAt: NOW - HOUR }], POSITION)).toEqual(['fix-first', 'position'])
  })

  test('old data comes before a question about what that data says', () => {
    expect(verdictOf([SILENT], FUEL)).toEqual(['fix-first', 'data-old'])
    expect(verdictOf([SILENT], POSITION)).toEqual(['fix-first', 'data-old'])
    expect(verdictOf([SILENT], LOADING)).toEqual(['ready-for-ticket', 'checked'])
    expect(verdictOf([cause('power-cut')], FUEL)).toEqual(['fix-first', 'cause', 'data-old'])
  })

  test('a low battery alone keeps nobody, nor does an alarm before a good voltage', () => {
    expect(verdictOf([{ readings: { voltage: { value: 11.5, at: NOW } } }])[0]).toBe('ready-for-ticket')
    const readings = { powerAlarm: { value: true, at: NOW - HOUR }, voltage: { value: 13.8, at: NOW } }
    expect(verdictOf([{ readings }])[0]).toBe('ready-for-ticket')
  })
})

describe('a ticket may be opened', () => {
  test.each<[string, Change, Problem, string]>([
    ['without a complaint that data confirms, with a note that it is current', [{}], NO_DATA, 'data-current'],
    ['for silence that nothing explains', [SILENT], NO_DATA, 'not-explained'],
    ['for another problem of a terminal that is in order', [{}], FUEL, 'checked'],
    ['for a problem of a truck that sleeps', [{ state: 'sleeping' }], FUEL, 'checked'],
    ['about the service', [{}], SERVICE, 'service-up'],
  ])('%s', (_, change, problem, reason) => {
    expect(verdictOf(change, problem)).toEqual(['ready-for-ticket', reason])
  })

  test.each<[string, Change]>([
    ['is suspended', [{ state: 'suspended' }, { said: terminalFacts({ lifecycle: 'suspended' }) }]],
    ['has never sent data', [{ state: 'never' }]],
    ['is not heard by us', [{ state: 'unknown' }, { blindSince: NOW - HOUR }]],
    ['sends its archive', [{ state: 'backlog' }]],
    ['has disputed names', [{}, { disputed: true }]],
  ])('about the service, although the terminal %s', (_, change) => {
    expect(verdictOf(change, SERVICE)).toEqual(['ready-for-ticket', 'service-up'])
  })

  test.each([
    ['degraded', 'service-degraded'],
    ['unknown', 'service-unknown'],
  ] as const)('about a service that is %s, which is not called up', (state, reason) => {
    expect(verdictOf([{}, service({ status: { ...UP, state } })], SERVICE)).toEqual([
      'ready-for-ticket',
      reason,
    ])
  })
})

describe('the items', () => {
  function item(point: string, view: Partial<TerminalView>, change: Partial<CheckFacts> = {}) {
    const { items } = check(checkFacts(view, change), NO_DATA, NOW)
    const { ok, found } = items.find((one) => one.point === point) ?? {}
    return [ok, found]
  }
  const volts = (value: number): Partial<TerminalView> => ({ readings: { voltage: { value, at: NOW } } })

  test('are all there, in one order', () => {
    expect(check(checkFacts(), NO_DATA, NOW).items.map(({ point }) => point)).toEqual([...CHECK_POINTS])
  })

  test.each<[string, Partial<TerminalView>, boolean | null, string]>([
    ['data', {}, true, 'current'],
    ['data', { state: 'no-fix' }, true, 'current'],
    ['data', { state: 'sleeping' }, true, 'sleeping'],
    ['data', { state: 'sleeping', threshold: { seconds: null, from: 'profile' } }, true, 'sleeping-unjudged'],
    ['data', { threshold: { seconds: null, from: 'profile' } }, true, 'current-unjudged'],
    ['data', SILENT, false, 'old'],
    ['data', { state: 'lost' }, false, 'old'],
    ['data', { state: 'never' }, false, 'never'],
    ['data', { state: 'backlog' }, false, 'backlog'],
    ['data', { state: 'unknown' }, null, 'unknown'],
    ['data', { state: 'suspended' }, null, 'not-expected'],
    ['firmware', {}, true, 'green'],
    ['firmware', old('old'), false, 'old'],
    [
      'firmware',
      { firmware: { version: '9', at: null, status: 'unknown', reason: 'no-model' } },
      null,
      'no-model',
    ],
    ['position', {}, true, 'current'],
    ['position', { fixAt: null }, null, 'never'],
    ['position', { state: 'no-fix' }, false, 'old'],
    ['position', SILENT, null, 'last'],
    ['power', {}, null, 'unknown'],
    ['power', volts(5.9), false, 'dead'],
    ['power', volts(11.7), false, 'low'],
    ['power', volts(13.8), true, 'good'],
    ['power', volts(23), false, 'low'],
    ['power', volts(27.6), true, 'good'],
    ['power', { readings: { backupPower: { value: true, at: NOW } } }, false, 'backup'],
    ['power', { readings: { powerAlarm: { value: true, at: NOW } } }, false, 'alarm'],
    ['archive', {}, true, 'none'],
    ['archive', { state: 'backlog' }, false, 'backlog'],
    ['archive', SILENT, null, 'unknown'],
    ['incident', {}, true, 'none'],
    ['incident', { incident: { id: 'i', dimension: 'operator', group: 'MTS' } }, false, 'open'],
    ['identity', {}, true, 'known'],
    ['identity', { discovered: true }, null, 'discovered'],
    ['thread', {}, true, 'none'],
  ])('%s of %j is %s (%s)', (point, view, ok, found) => {
    expect(item(point, view)).toEqual([ok, found])
  })

  test.each<[string, Partial<CheckFacts>, boolean | null, string]>([
    ['intake', { said: terminalFacts({ intake: 'off' }) }, false, 'off'],
    ['intake', { said: terminalFacts({ intake: 'unknown' }) }, null, 'unknown'],
    [
      'outage',
      service({ status: { ...UP, state: 'degraded', components: [component({})] } }),
      null,
      'degraded',
    ],
    ['outage', service({ status: { ...UP, state: 'down' } }), false, 'down'],
    [
      'archive',
      { replies: { info: { at: NOW - HOUR, told: { kind: 'info', records: 5, others: {} } } } },
      null,
      'records',
    ],
    ['thread', { requests: [openRequest()] }, false, 'open'],
  ])('%s of %j is %s (%s)', (point, change, ok, found) => {
    expect(item(point, {}, change)).toEqual([ok, found])
  })
})

describe('the words', () => {
  const worlds: readonly Change[] = [
    [{}],
    [SILENT],
    [cause('power-cut')],
    [{ state: 'never', dataAgeSeconds: null, dataAt: null, fixAt: null }],
    [{ state: 'sleeping', expectedAt: NOW + HOUR }],
    [{ state: 'sleeping', threshold: { seconds: null, from: 'profile' }, model: 'OBD 2' }],
    [{ state: 'backlog', lagSeconds: 600 }, { requests: [openRequest({ ticket: '42' })] }],
    [{ state: 'suspended' }, { said: terminalFacts({ intake: 'off' }), disputed: true }],
    [
      { state: 'maintenance' },
      { said: terminalFacts({ maintenance: { from: NOW, to: NOW + HOUR, reason: 'x' } }) },
    ],
    [
      { ...SILENT, ...old('critical_old') },
      { incident: incident({ id: 'i' }), blindSince: NOW - HOUR },
    ],
    [SILENT, service({ planned: { to: NOW + HOUR, reason: 'update' }, status: { ...UP, state: 'unknown' } })],
  ]

  test.each(['ru', 'en'] as const)('say everything in %s', (language) => {
    for (const template of requestDrafts()) {
      for (const [view, change] of worlds) {
        const facts = checkFacts(view, change)
        const shown = checkView(facts, check(facts, template, NOW), NOW, {
          language,
          timezone: 'Europe/Moscow',
        })
        const texts = [
          shown.verdictText,
          ...shown.reasons.map(({ text }) => text),
          ...shown.items.map(({ text }) => text),
          shown.step.text,
          shown.step.document.title,
        ]
        expect(texts.filter((text) => text === '' || /undefined|NaN|null/.test(text))).toEqual([])
        const foreign = language === 'en' ? /[а-я]/i : /\b(the|is|not|data)\b/i
        expect(
          texts.filter((text) => foreign.test(text.replaceAll(/Technical News Letter|receive_data/g, ''))),
        ).toEqual([])
        expect(shown.step.document.url).toBe('https://doc.omnicomm.ru/')
      }
    }
  })

  const RU = { language: 'ru', timezone: 'Europe/Moscow' } as const
  const shownOf = ([view, change]: Change, problem = NO_DATA) => {
    const facts = checkFacts(view, change)
    return checkView(facts, check(facts, problem, NOW), NOW, RU)
  }

  test.each([
    [10 * MINUTE, 'Если он продлится больше 60 минут'],
    [61 * MINUTE, 'О сроках сообщают письмом'],
  ])('promise no letter of an outage before its 60 minutes are over (%d ms)', (age, words) => {
    const status = {
      ...UP,
      state: 'down' as const,
      outage: outage({ id: 'o', state: 'open', start: NOW - age, end: null }),
    }
    expect(shownOf([SILENT, service({ status })]).reasons[0]?.text).toContain(words)
  })

  test('of a missing position whose cause nobody knows speak of the antenna, not of silence', () => {
    const unknown = { code: 'unknown', confidence: 'low', evidence: [] } as const
    const { step } = shownOf([{ state: 'no-fix', fixAt: NOW - HOUR, cause: unknown }])
    expect(step.text).toContain('антенну')
    expect(step.document.title).toContain('монтаж')
  })

  test.each([
    ['no-number', '*GETINFO#'],
    ['no-model', 'модель'],
    ['not-in-catalogue', 'каталог'],
    ['catalogue-old', 'каталог'],
  ] as const)('of firmware that is not known (%s) say what to do about that', (reason, words) => {
    const firmware = { version: '130', at: NOW, status: 'unknown', reason, latest: 120 } as const
    const { step, reasons } = shownOf([{ ...SILENT, firmware }])
    expect(step.text).toContain(words)
    expect(reasons[0]?.text).toContain('п. 3')
  })

  test('of a sleeping terminal that is not judged while parked make a sentence', () => {
    const { items } = shownOf([{ state: 'sleeping', threshold: { seconds: null, from: 'profile' } }])
    expect(items[0]?.text).toBe(
      'ТС на стоянке, терминал в спящем режиме; последние данные 1 мин назад, на стоянке не оцениваются',
    )
  })

  test.each<[string, Partial<TerminalView>, Problem?]>([
    ['firmware', { firmware: { version: 'x', at: NOW, status: 'unknown', reason: 'no-number' } }],
    ['a missing position', { state: 'no-fix', fixAt: NOW - HOUR }, POSITION],
    ['an archive that does not become shorter', { state: 'backlog', clockBehind: true, lagSeconds: 9 }],
    ['a terminal that was never heard', { state: 'never' }],
  ])('about %s name the SMS commands to who has a model that takes them', (_, view, problem) => {
    const textsOf = (model: string) => {
      const { step, items } = shownOf([{ ...SILENT, cause: undefined, ...view, model } as never], problem)
      return [step.text, ...items.map(({ text }) => text)].join('\n')
    }
    expect(textsOf('Smart 3.0')).toMatch(/\(SMS \*\w+#\)/)
    const obd = textsOf('OBD 2')
    expect(obd).not.toContain('*')
    expect(obd).toContain('У модели OBD свои SMS-команды')
  })

  test.each<[string, Change]>([
    ['a conflict of names', [SILENT, { disputed: true }]],
    [
      'a terminal that is suspended',
      [{ state: 'suspended' }, { said: terminalFacts({ lifecycle: 'suspended' }) }],
    ],
    ['one that is decommissioned', [{ state: 'decommissioned' }]],
    [
      'a model that is not in the catalogue',
      [{ ...SILENT, firmware: { version: '1', at: NOW, status: 'unknown', reason: 'not-in-catalogue' } }],
    ],
    [
      'a model that is not known',
      [{ ...SILENT, firmware: { version: '1', at: NOW, status: 'unknown', reason: 'no-model' } }],
    ],
  ])('about %s say whom to ask who may not settle that', (_, change) => {
    expect(shownOf(change).step.text).toContain('попросите оператора')
  })

  test('tell the cause and its own next step', () => {
    const facts = checkFacts(cause('power-cut'))
    const shown = checkView(facts, check(facts, NO_DATA, NOW), NOW, {
      language: 'ru',
      timezone: 'Europe/Moscow',
    })
    expect(shown.reasons[0]?.text).toContain('внешнее питание')
    expect(shown.step.text).toContain('предохранитель')
  })
})
