import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { importTerminalsCommand } from '../../src/commands/import-terminals.ts'
import type { ImportProgress } from '../../src/core/fleet/inventory.ts'
import { type Deployment, deployService } from '../support/service-process.ts'
import { until } from '../support/until.ts'

/** What is being taken over comes to its end: 100,000 rows take 4 s for that on a quiet machine. */
const MANY = 100_000
const SOME = 40_000

function file(count: number): string {
  const lines = Array.from(
    { length: count },
    (_, n) => `${100_000_000 + n},Truck ${n},North,G/${n % 40},${860_000_000_000_000 + n},u-${n}`,
  )
  return `terminal_id,name,client,group,imei,uuid\n${lines.join('\n')}\n`
}

async function importing(deployment: Deployment, count: number) {
  await writeFile(deployment.file('fleet.csv'), file(count))
  const seen = { out: '', err: '' }
  const status = await importTerminalsCommand(['fleet.csv', '--config', 'watch.yaml'], {
    out: (text) => {
      seen.out += text
    },
    err: (text) => {
      seen.err += text
    },
    env: {},
    cwd: deployment.file(''),
    shutdown: new AbortController().signal,
    onReload: () => {},
  })
  return { status, ...seen }
}

/** Where the service says to be with the handed file. */
function phaseIn(data: string): ImportProgress['phase'] | undefined {
  if (!existsSync(`${data}/inbox`)) return undefined
  const name = readdirSync(`${data}/inbox`).find((entry) => entry.endsWith('.progress.json'))
  try {
    return JSON.parse(readFileSync(`${data}/inbox/${name}`, 'utf8')).phase
  } catch {
    return undefined
  }
}

const total = async (service: Awaited<ReturnType<Deployment['start']>>): Promise<number> => {
  const answer = await service.api.request('/api/v1/summary')
  return ((await answer.json()) as { total: number }).total
}

test.each(['reading', 'checking'] as const)(
  'a stop amid an import gives it up while it is still %s: within 10 s, and nothing of it is there',
  async (phase) => {
    await using deployment = await deployService({ service: { components: [] } })
    const service = await deployment.start()
    const answer = importing(deployment, MANY)
    await until(() => phaseIn(deployment.data) === phase, 30_000, phase)
    const before = performance.now()
    expect(await service.end('SIGTERM')).toBe(0)
    expect(performance.now() - before).toBeLessThan(10_000)
    expect(service.log.filter(({ level }) => level === 'error' || level === 'raw')).toEqual([])
    expect(await answer).toMatchObject({
      status: 1,
      err: expect.stringContaining('is stopping; nothing was imported'),
    })
    const again = await deployment.start()
    expect(await total(again)).toBe(0)
    await again.end('SIGTERM')
  },
  90_000,
)

test.each(['applying', 'storing'] as const)(
  'a stop amid an import lets it come to its end when it is already %s: within 10 s, and all of it is there',
  async (phase) => {
    await using deployment = await deployService({ service: { components: [] } })
    const service = await deployment.start()
    const answer = importing(deployment, SOME)
    await until(() => phaseIn(deployment.data) === phase, 30_000, phase)
    const before = performance.now()
    expect(await service.end('SIGTERM')).toBe(0)
    expect(performance.now() - before).toBeLessThan(10_000)
    expect(await answer).toMatchObject({ status: 0, out: expect.stringContaining(`${SOME} created`) })
    const again = await deployment.start()
    expect(await total(again)).toBe(SOME)
    await again.end('SIGTERM')
  },
  90_000,
)
