import { sideValue } from '../../../fleet/side-columns.ts'
import { DAY, HOUR, MINUTE } from '../../../time.ts'
import { clockBehind } from '../../registers.ts'
import { connectLoop, FAREWELL } from '../connects.ts'
import type { Facts } from '../facts.ts'
import { type Rule, SILENT } from '../rule.ts'

/** A link that was seen longer ago says nothing of where the terminal is set to now. */
const SEEN_LATELY = DAY

/** Connects that ended longer than this before the last contact have nothing to do with the silence. */
const LOOP_NEAR = HOUR

/** For so long nothing but archive came. */
const ARCHIVE_FOR = 30 * MINUTE

/**
 * It identified itself within the last day, but has never sent data: these may go to another server. Only `low`: where
 * it sends to shows in its answer to *GETLINK# alone.
 */
export const serverAddress: Rule = {
  code: 'server-address',
  states: ['never'],
  find({ contactAt, linkAt, now }) {
    if (contactAt !== 0 || linkAt === 0 || now - linkAt > SEEN_LATELY) return null
    return {
      confidence: 'low',
      evidence: [{ kind: 'link', agoMs: Math.max(0, now - linkAt) }, { kind: 'never' }],
    }
  },
}

/**
 * Six idents within an hour, or ten connects of any kind within ten minutes, at most half of which brought data:
 * `medium`, or `low` when they may be mere pings.
 */
export const rebootLoop: Rule = {
  code: 'reboot-loop',
  states: [...SILENT, 'backlog'],
  find({ fleet, row, contactAt }) {
    const loop = connectLoop(fleet.traces.connects, row, contactAt)
    if (!loop || contactAt - loop.at > LOOP_NEAR) return null
    const { count, ms, withData } = loop
    return {
      confidence: loop.areIdents ? 'medium' : 'low',
      evidence: [{ kind: 'connects', count, ms, withData }],
    }
  },
}

/**
 * Contact goes on or went on, but with data of the past only. `high` while it hands over its archive (state `backlog`);
 * `medium` when it fell silent after half an hour of that. A clock that is behind looks alike and is told by `clock`.
 */
export const archiveOnly: Rule = {
  code: 'archive-only',
  states: [...SILENT, 'backlog'],
  find(facts) {
    if (clockBehind(facts.fleet.table, facts.row)) return null
    const noLiveMs = archiveMs(facts)
    if (facts.state === 'backlog') {
      const lag = { kind: 'lag', ms: Math.max(0, facts.now - facts.dataAt) } as const
      return { confidence: 'high', evidence: [lag] }
    }
    if (noLiveMs < ARCHIVE_FOR) return null
    return { confidence: 'medium', evidence: [{ kind: 'no-live', ms: noLiveMs }] }
  },
}

/** How long before its last contact it was last live, if that contact was a message of its own and no stored value. */
function archiveMs({ contactAt, liveAt, linkAt, terminal }: Facts): number {
  if (contactAt === 0 || linkAt < contactAt) return 0
  return contactAt - Math.max(liveAt, terminal.firstSeenAt)
}

/**
 * A connection was seen more than 15 min after the last data: `medium` when that was within the last hour, `low` when
 * the connection is gone too.
 */
export const linkWithoutData: Rule = {
  code: 'link-without-data',
  states: SILENT,
  find({ fleet, row, contactAt, linkAt, now }) {
    // What is delivered late moves the link when it comes, long after the terminal was connected.
    const toldAt = Math.max(contactAt, sideValue(fleet.table.side, 'lateAt', row))
    if (contactAt === 0 || linkAt - toldAt <= FAREWELL) return null
    const agoMs = Math.max(0, now - linkAt)
    return { confidence: agoMs <= HOUR ? 'medium' : 'low', evidence: [{ kind: 'link', agoMs }] }
  },
}
