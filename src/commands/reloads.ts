import type { Io } from './io.ts'

export type Reloads = {
  /** Calls `reload` for what was asked for so far and from now on, one call at a time; none begins after the shutdown. */
  follow(reload: () => Promise<void>): Promise<void>
}

/** Listens to SIGHUP at once. How often it comes before a reload begins does not matter: that reads the newest files. */
export function rememberReloads({ onReload, shutdown }: Pick<Io, 'onReload' | 'shutdown'>): Reloads {
  let wish = Promise.withResolvers<void>()
  onReload(() => wish.resolve())
  return {
    async follow(reload) {
      for (;;) {
        await wish.promise
        if (shutdown.aborted) return
        wish = Promise.withResolvers()
        await reload()
      }
    },
  }
}
