import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Hono } from 'hono'
import { DAY, SECOND } from '../../core/time.ts'
import type { HttpEnv } from '../env.ts'
import { shrinkStyle } from './shrink.ts'

/** One file for what all pages share, then one per part of them. */
const FILES = ['app.css', 'people.css', 'terminal.css', 'check.css', 'requests.css', 'help.css']

const CSS = shrinkStyle(FILES.map((name) => readFileSync(new URL(name, import.meta.url), 'utf8')).join('\n'))

/** The address changes with the content, so that browsers may keep it. */
const VERSION = createHash('sha256').update(CSS).digest('hex').slice(0, 8)

/** Where pages load their style sheet from. */
export const STYLE_ADDRESS = `/assets/app.css?v=${VERSION}`

/** Serves the style sheet, to strangers as well: the login page needs it. */
export function addStyle(app: Hono<HttpEnv>): void {
  app.get('/assets/app.css', (c) =>
    c.body(CSS, 200, {
      'Content-Type': 'text/css; charset=utf-8',
      'Cache-Control': `public, max-age=${(365 * DAY) / SECOND}, immutable`,
    }),
  )
}
