import type { Hono } from 'hono'
import type { Auth } from '../../auth.ts'
import type { AppDeps, AppOptions } from '../../deps.ts'
import type { HttpEnv } from '../../env.ts'
import { page, readerOf } from '../page.ts'
import { helpView } from './help.ts'
import { HELP } from './texts.ts'

/** `/help`: the user's guide. Open to strangers, too: it holds nothing secret, and says what to do when one cannot sign in. */
export function addHelpPage(
  app: Hono<HttpEnv>,
  deps: Pick<AppDeps, 'clock'>,
  options: AppOptions,
  auth: Auth,
): void {
  app.get('/help', async (c) => {
    const identity = await auth.identify(c)
    if (identity) c.set('identity', identity)
    const reader = readerOf(c, options, deps.clock.now())
    const help = HELP[reader.language]
    const main = helpView(reader, help)
    return c.html(
      page(reader, { title: help.title, section: 'help', signedIn: identity !== undefined, main }),
    )
  })
}
