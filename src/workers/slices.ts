/**
 * Runs long work to its end, with a turn for everything else after each step. `steps` yields how far it is, which goes
 * to `told`.
 */
export async function inSlices<Result>(
  steps: Generator<number, Result>,
  told: (done: number) => void = () => {},
): Promise<Result> {
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
    told(step.value)
    await nextTurn()
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
