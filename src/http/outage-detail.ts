import type { Outage } from '../core/outage/outage.ts'
import { mayCall } from './access.ts'
import type { AppDeps } from './deps.ts'
import type { Identity } from './env.ts'
import { MAX_LIMIT } from './json/list.ts'
import type { OutageDetail } from './json/outage.ts'

export type OutageDetailDeps = Pick<AppDeps, 'clock' | 'service' | 'letters' | 'audit'>

/** What belongs to an outage. The time line runs from the last good answer before it to its end, or to now. */
export async function outageDetail(deps: OutageDetailDeps, outage: Outage): Promise<OutageDetail> {
  const from = outage.notBefore ?? outage.start
  const [letters, timeline, audit] = await Promise.all([
    deps.letters.list({ subject: outage.id, limit: MAX_LIMIT }),
    deps.service.timeline(from, outage.end ?? Math.max(deps.clock.now(), from)),
    deps.audit.list({ subject: outage.id, limit: MAX_LIMIT }),
  ])
  return { outage, letters, timeline, audit }
}

/** The same as somebody may see it: who got letters and what operators did is not for everybody. */
export function seenDetail(detail: OutageDetail, { role }: Pick<Identity, 'role'>): OutageDetail {
  if (mayCall(role, 'GET /api/v1/letters')) return detail
  const { items, total } = detail.letters
  const letters = items.map((letter) => ({ ...letter, recipient: '', attempts: [] }))
  return { ...detail, letters: { items: letters, total }, audit: [] }
}
