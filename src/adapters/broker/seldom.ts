/** Says the 1st, 10th, 100th ... time: a device with a fault comes again every few seconds. */
export function sampled<Args extends readonly unknown[]>(say: (times: number, ...args: Args) => void) {
  let times = 0
  return (...args: Args): void => {
    times += 1
    if (Number.isInteger(Math.log10(times))) say(times, ...args)
  }
}

/** Says it the first time only. */
export function oncePerRun(say: () => void): () => void {
  let said = false
  return () => {
    if (!said) say()
    said = true
  }
}
