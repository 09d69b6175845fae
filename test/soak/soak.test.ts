import { expect, test } from 'vitest'
import { describeWithMosquitto } from '../support/mosquitto.ts'
import { describeWithCommand } from '../support/real-server.ts'
import { lineOf, runSoak } from './soak.ts'

/** The short form of `npm run soak`: each fault once. */
const SHORT = { minutes: 4, terminals: 1500 }

describeWithMosquitto('the soak', () => {
  describeWithCommand('victoria-metrics', 'in short', () => {
    test('the service comes out of every fault by itself, and nothing that was acknowledged is lost', async () => {
      const lines: string[] = []
      const report = await runSoak({ ...SHORT, tell: (line) => lines.push(line) })
      expect(report.faults, report.phases.map(lineOf).join('\n')).toEqual([])
      expect(lines).toHaveLength(report.phases.length)
    }, 480_000)
  })
})
