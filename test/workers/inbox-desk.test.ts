import { expect, test } from 'vitest'
import { DAY, SECOND } from '../../src/core/time.ts'
import type { HandedAnswer, HandedFile } from '../../src/ports.ts'
import { createInboxDesk } from '../../src/workers/inbox-desk.ts'
import { createFakeClock } from '../support/fake-clock.ts'
import { createRecordingLog } from '../support/recorders.ts'

const REPORT = { created: 1, updated: 0, merged: 0, replaced: [], rejected: [], warnings: [] }

function begin(importCsv: (bytes: Uint8Array) => Promise<typeof REPORT> = async () => REPORT) {
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
    take: async () => {
      const text = waiting.shift()
      return text === undefined ? undefined : fileOf(text)
    },
    tidy: async (before: number) => {
      tidied.push(before)
      return { interrupted: tidied.length === 1 ? 1 : 0 }
    },
  }
  const desk = createInboxDesk({ clock, log, inbox, desk: { importCsv } })
  return { clock, log, waiting, answers, progress, tidied, desk }
}

test('a file that is handed over is imported within a second and answered', async () => {
  const { clock, desk, waiting, answers, progress } = begin()
  await desk.start()
  waiting.push('a', 'b')
  await clock.advance(SECOND)
  expect(answers).toEqual([
    { kind: 'done', report: REPORT },
    { kind: 'done', report: REPORT },
  ])
  expect(progress).toEqual(['reading', 'reading'])
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

test('stopping waits for the file that is being worked on', async () => {
  const release = Promise.withResolvers<typeof REPORT>()
  const { clock, desk, waiting, answers } = begin(() => release.promise)
  await desk.start()
  waiting.push('a')
  const ticking = clock.advance(SECOND / 2)
  await new Promise((resolve) => setImmediate(resolve))
  const stopped = desk.stop()
  release.resolve(REPORT)
  await stopped
  await ticking
  expect(answers).toHaveLength(1)
})
