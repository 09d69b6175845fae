import type { TerminalView } from '../../core/fleet/view.ts'
import { SECOND } from '../../core/time.ts'
import type { Reader } from './page.ts'

/** What is special about the state of a terminal. */
export function remarks({ texts, format }: Reader, view: TerminalView): string {
  const parts = []
  if (view.asOf !== undefined) parts.push(texts.asOf(format.moment(view.asOf)))
  if (view.lagSeconds !== undefined) parts.push(texts.lag(format.duration(view.lagSeconds * SECOND)))
  if (view.caughtUpAt !== undefined) parts.push(texts.caughtUp(format.moment(view.caughtUpAt)))
  if (view.clockBehind) parts.push(texts.clockBehind)
  if (view.expectedAt !== undefined) parts.push(texts.expected(format.moment(view.expectedAt)))
  if (view.unstable) parts.push(texts.unstable)
  return parts.map((part) => `· ${part}`).join(' ')
}
