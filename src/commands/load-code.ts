import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** Loading makes much garbage at once; for that the memory of the young generation need not grow for good. */
export async function loadCode<Code>(load: () => Promise<Code>): Promise<Code> {
  setFlagsFromString('--semi-space-growth-factor=1')
  const code = await load()
  setFlagsFromString('--semi-space-growth-factor=2')
  collectGarbage()
  return code
}

/** Some 10 MB of what loading left behind would otherwise stay until the heap has grown past it. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc')
  const collect: unknown = runInNewContext('gc')
  if (typeof collect === 'function') collect()
}
