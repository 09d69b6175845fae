import { setFlagsFromString } from 'node:v8'

/** From so many terminals on, what lives of a fleet is more than all else that the service keeps. */
const LARGE_FLEET = 200_000

/**
 * What is young is collected by this thread alone. That takes less than a millisecond; the threads that V8 would wake
 * to help are waited for longer than they help, where the cores have other work.
 */
export function collectYoungAlone(): void {
  setFlagsFromString('--no-parallel-scavenge')
}

/**
 * Beside a large fleet as much may be taken as lives, before all of it is looked through. V8 would do so after a tenth
 * more: every two seconds with 1,000,000 terminals that speak, and each time 200 ms of a core go and all stands still for
 * 15. A small fleet speaks so little that its heap would only grow for nothing.
 */
export function collectOldSeldom(terminals: number): void {
  if (terminals >= LARGE_FLEET) setFlagsFromString('--heap-growing-percent=100')
}
