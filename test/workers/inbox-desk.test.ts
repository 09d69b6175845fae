import { expect, test } from 'vitest'
import { DAY, SECOND } from '../../src/core/time.ts'
import { type HandedAnswer, type HandedFile, ServiceStopping } from '../../src/ports.ts'
import type { FleetDesk } from '../../src/workers/fleet-desk.ts'
import { createInboxDesk } from '../../src/workers/inbox-desk.ts'
import { createFakeClock } from '../support/fake-clock.ts'
import { createRecordingLog } from '../support/recorders.ts'

const REPORT = {
  created: 1,
  updated: 0,
  merged: 0,
  replaced: [],
  rejected: [],
  rejectedTotal: 0,
  warnings: [],
}

function begin(importCsv: FleetDesk['importCsv'] = async () => REPORT, end = () => {}) {
  const clock = createFakeClock()
  const log = createRecordingLog()
  const waiting: string[] = []
  const answers: HandedAnswer[] = []
  const progress: string[] = []
  const tidied: number[] = []
  const fileOf = (text: string): HandedFile => ({
    bytes: new TextEncoder().encode(text),
    progress: async ({ phase }) => void progress.push(phase),
    answer: async (answer) => void answers.push(answer),
  })
  const inbox = {
    take: async (): Promise<HandedFile | undefined> => {
      const text = waiting.shift()
      return text === undefined ? undefined : fileOf(text)
    },
    tidy: async (before: number) => {
      tidied.push(before)
      return { interrupted: tidied.length === 1 ? 1 : 0 }
    },
  }
  const desk = createInboxDesk({ clock, log, inbox, desk: { importCsv, end } })
  return { clock, log, inbox, waiting, answers, progress, tidied, desk }
}

test('a file that is handed over is imported within a second and answered', async () => {
  const { clock, desk, log, waiting, answers, progress } = begin()
  await desk.start()
  waiting.push('a', 'b')
  await clock.advance(SECOND)
  expect(answers).toEqual([
    { kind: 'done', report: REPORT },
    { kind: 'done', report: REPORT },
  ])
  expect(progress).toEqual([])
  expect(log.lines.map(({ message }) => message)).not.toContain('the inbox cannot be worked on')
})

test('a file that could not be imported is answered with the reason, and the next one is taken', async () => {
  let calls = 0
  const { clock, desk, waiting, answers } = begin(async () => {
    calls += 1
    if (calls === 1) throw new Error('the disk is full')
    return REPORT
  })
  await desk.start()
  waiting.push('a', 'b')
  await clock.advance(SECOND)
  expect(answers[0]).toMatchObject({ kind: 'failed', reason: expect.stringContaining('the disk is full') })
  expect(answers[1]).toEqual({ kind: 'done', report: REPORT })
})

test('what a service before it left is answered and told at its start, and tidied up again and again', async () => {
  const { clock, desk, log, tidied } = begin()
  await desk.start()
  expect(log.lines.map(({ level, fields }) => [level, fields])).toEqual([['warn', { count: 1 }]])
  expect(tidied).toEqual([clock.now() - DAY])
  await clock.advance(DAY / 24)
  expect(tidied).toHaveLength(2)
})

test('the beginning of each phase is shown at once, and within it twice a second', async () => {
  const { clock, desk, waiting, progress } = begin(async (_bytes, { told = () => {} } = {}) => {
    told({ phase: 'waiting', done: 0, total: 0 })
    for (let done = 0; done < 10; done += 1) told({ phase: 'reading', done, total: 0 })
    await clock.advance(SECOND / 2)
    told({ phase: 'reading', done: 10, total: 0 })
    told({ phase: 'storing', done: 10, total: 10 })
    return REPORT
  })
  await desk.start()
  waiting.push('a')
  await clock.advance(SECOND / 2)
  await desk.stop()
  expect(progress).toEqual(['waiting', 'reading', 'reading', 'storing'])
})

test('imports by files are in the audit trail as those of the command', async () => {
  const actors: unknown[] = []
  const { clock, desk, waiting } = begin(async (_bytes, { actor } = {}) => {
    actors.push(actor)
    return REPORT
  })
  await desk.start()
  waiting.push('a')
  await clock.advance(SECOND)
  expect(actors).toEqual([{ name: 'import-terminals', via: 'command', address: '' }])
})

/** Work that goes on until it is told its end. */
function endless() {
  const work = Promise.withResolvers<typeof REPORT>()
  const started: string[] = []
  const begun = begin(
    (bytes) => {
      started.push(new TextDecoder().decode(bytes))
      return work.promise
    },
    () => work.reject(new ServiceStopping('The service is stopping.')),
  )
  return { ...begun, work, started }
}

test('files are taken before the one in front of them is done, but not without bound', async () => {
  const { clock, desk, waiting, started, answers, work } = endless()
  await desk.start()
  waiting.push('a', 'b', 'c', 'd')
  await clock.advance(SECOND)
  expect(started).toEqual(['a', 'b', 'c'])
  work.resolve(REPORT)
  await clock.advance(SECOND)
  expect(answers).toHaveLength(4)
})

test('stopping gives up what can be given up and says that nothing was imported', async () => {
  const { clock, desk, waiting, answers } = endless()
  await desk.start()
  waiting.push('a', 'b')
  await clock.advance(SECOND / 2)
  await desk.stop()
  expect(answers).toEqual([
    { kind: 'failed', reason: expect.stringMatching(/is stopping; nothing was imported/) },
    { kind: 'failed', reason: expect.stringMatching(/is stopping; nothing was imported/) },
  ])
})

test('stopping waits for what cannot be given up any more', async () => {
  const { clock, desk, waiting, answers, work } = held()
  await desk.start()
  waiting.push('a')
  await clock.advance(SECOND / 2)
  const stopped = desk.stop()
  work.resolve(REPORT)
  await stopped
  expect(answers).toEqual([{ kind: 'done', report: REPORT }])
})

function held() {
  const work = Promise.withResolvers<typeof REPORT>()
  return { ...begin(() => work.promise), work }
}

test('what could not be stored before the stop is said to be unknown', async () => {
  const { clock, desk, waiting, answers, work } = held()
  await desk.start()
  waiting.push('a')
  await clock.advance(SECOND / 2)
  const stopped = desk.stop()
  work.reject(new Error('the database is closed'))
  await stopped
  expect(answers).toEqual([{ kind: 'failed', reason: expect.stringMatching(/as a whole or not at all/) }])
})

test('an inbox that cannot be worked in is told once, with what to do', async () => {
  const { clock, desk, inbox, log } = begin()
  inbox.take = async () => {
    throw new Error('EACCES: give user 7 the right')
  }
  await desk.start()
  await clock.advance(5 * SECOND)
  const told = log.lines.filter(({ message }) => message === 'the inbox cannot be worked on')
  expect(told.map(({ fields }) => fields)).toEqual([{ error: 'EACCES: give user 7 the right' }])
})
