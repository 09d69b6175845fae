import { setFlagsFromString } from 'node:v8'

/** Of what lives after a collection of the whole heap: so much may be added before the next one. */
const GROWTH_PERCENT = 100

/**
 * Has this process collect garbage so that a request seldom waits for it. What lives here, a large fleet above all,
 * lives for long; V8 would let the heap grow by a tenth and then look through all of it again, every two seconds under
 * load: with 1,000,000 terminals 200 ms of a core and a stop of 15 ms each time. And its collections of what is young
 * are short; the other threads that it wakes for them are waited for longer than they help, where the cores have work.
 */
export function collectSeldom(): void {
  setFlagsFromString(`--heap-growing-percent=${GROWTH_PERCENT}`)
  setFlagsFromString('--no-parallel-scavenge')
}
