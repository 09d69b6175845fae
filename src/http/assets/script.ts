import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Hono } from 'hono'
import { DAY, SECOND } from '../../core/time.ts'
import type { HttpEnv } from '../env.ts'
import { shrinkScript } from './shrink.ts'

/** One file for each thing that pages do better with a script; none of them needs it. */
const FILES = ['copy.js', 'live.js']

const SCRIPT = FILES.map((name) => shrinkScript(readFileSync(new URL(name, import.meta.url), 'utf8'))).join(
  '\n',
)

/** The address changes with the content, so that browsers may keep it. */
const VERSION = createHash('sha256').update(SCRIPT).digest('hex').slice(0, 8)

/** Where pages load their script from. */
export const SCRIPT_ADDRESS = `/assets/app.js?v=${VERSION}`

/** Serves the script, to strangers as well: it holds no data. */
export function addScript(app: Hono<HttpEnv>): void {
  app.get('/assets/app.js', (c) =>
    c.body(SCRIPT, 200, {
      'Content-Type': 'text/javascript; charset=utf-8',
      'Cache-Control': `public, max-age=${(365 * DAY) / SECOND}, immutable`,
    }),
  )
}
