import { createApp } from '../../src/http/app.ts'
import type { AppOptions } from '../../src/http/deps.ts'
import { type AppWorld, appDeps, appOptions, BY_TOKEN, createWorld } from './app-deps.ts'

/** A text from outside that would become elements if it were not escaped. */
export const EVIL = `<script>alert(1)</script>"'><img src=x onerror=alert(2)>`

/** A world whose fleet is these terminals. */
export function worldWith(...terminals: AppWorld['terminals']): AppWorld {
  return Object.assign(createWorld(), { terminals })
}

export type Asking = {
  /** Default: the administrator's. */
  readonly headers?: Record<string, string>
  /** Is posted. */
  readonly form?: Readonly<Record<string, string>> | undefined
  readonly options?: Partial<AppOptions>
}

/** Asks for a page of a world as it is now. */
export async function askPage(
  world: AppWorld,
  path: string,
  { headers = BY_TOKEN, form, options = {} }: Asking = {},
): Promise<Response> {
  const posted = form === undefined ? {} : { method: 'POST', body: new URLSearchParams({ ...form }) }
  return await createApp(appDeps(world), appOptions(options)).request(path, { headers, ...posted })
}
