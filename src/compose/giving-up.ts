import { type Log, ServiceStopping } from '../ports.ts'

/** Rejects with ServiceStopping when the signal says so. */
export function givingUp(shutdown: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    const giveUp = (): void => reject(new ServiceStopping('The service is stopping.'))
    if (shutdown?.aborted) giveUp()
    else shutdown?.addEventListener('abort', giveUp, { once: true })
  })
}

/** The same log, which keeps silent from some moment on. */
export function logUntil(log: Log, isOver: () => boolean): Log {
  const line =
    (write: Log['info']): Log['info'] =>
    (message, fields) => {
      if (!isOver()) write(message, fields)
    }
  return { debug: line(log.debug), info: line(log.info), warn: line(log.warn), error: line(log.error) }
}
