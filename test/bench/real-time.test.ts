import { execFile, spawnSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { env, pid } from 'node:process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { inRealTime } from './real-time.ts'

const run = promisify(execFile)
/** sched(7) */
const OTHER = '0'
const FIFO = '1'
const isMissing = spawnSync('chrt', ['--fifo', '1', 'true']).status !== 0 && env['REQUIRE_SERVERS'] !== '1'

test.skipIf(isMissing)('who asks runs before all else meanwhile, and what it starts does not', async () => {
  {
    await using realTime = await inRealTime()
    expect(realTime.isGranted).toBe(true)
    expect(policyIn(await readFile(`/proc/${pid}/stat`, 'utf8'))).toBe(FIFO)
    expect(policyIn((await run('cat', ['/proc/self/stat'])).stdout)).toBe(OTHER)
  }
  expect(policyIn(await readFile(`/proc/${pid}/stat`, 'utf8'))).toBe(OTHER)
})

/** Field 41 of proc_pid_stat(5). */
function policyIn(stat: string): string | undefined {
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[38]
}
