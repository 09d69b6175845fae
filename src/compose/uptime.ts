import { createTimetable } from '../adapters/cron/timetable.ts'
import type { Config } from '../config/schema.ts'
import type { Actor } from '../core/audit.ts'
import type { LetterDesk } from '../http/deps/letters.ts'
import type { Clock, Log, Metrics, Stores } from '../ports.ts'
import { createClaimHold } from '../workers/claim-hold.ts'
import { createRecipientBook } from '../workers/recipient-book.ts'
import type { Network } from './network.ts'
import { openOutputs } from './outputs.ts'
import { createProbes } from './probes.ts'
import { openProbing } from './probing.ts'
import { openReporting } from './reports.ts'
import type { Stops } from './stops.ts'

export type UptimeDeps = {
  readonly clock: Clock
  readonly log: Log
  readonly metrics: Metrics
  readonly stores: Stores
  readonly network: Network
  readonly version: string
}

/**
 * The watch over Omnicomm Online: probes, outage clock, planned work, recipients, letters and reports. Everything is
 * started when it resolves, and is stopped by `stops`.
 */
export async function openUptime(deps: UptimeDeps, first: Config, stops: Stops) {
  const { clock, log, stores } = deps
  const { resolveName, call, online } = deps.network
  let config = first
  const timetable = createTimetable({ log })
  const book = createRecipientBook(
    { clock, log, store: stores.recipients },
    { fromFile: () => config.letters.recipients, defaultLanguage: () => config.language },
  )
  await book.load()
  const claims = createClaimHold()
  // Letters are planned by those who watch, and those who carry letters ask the watch whether they still hold.
  const letters = await openOutputs(
    {
      ...deps,
      call,
      outbox: stores.outbox,
      claiming: claims.claim,
      // What was decided and could not be saved yet owes its letters, too.
      outages: { outages: (limit, before) => probing.service.outages(limit, before) },
      settings: stores.settings,
      recipients: book.all,
      isCancelled: (id) => probing.isCancelled(id),
      isOver: (id) => probing.isOver(id),
      isPlanned: (id) => probing.isPlanned(id),
      plannedWork: () => probing.pauses(),
      troubles: () => probing.troubles(),
    },
    first,
  )
  const probing = await openProbing(
    {
      ...deps,
      timetable,
      letters,
      holdClaims: claims.hold,
      lettersStored: letters.wake,
      notices: letters.notices,
      probes: createProbes({ ...deps, resolveName, online }),
      resolveName,
    },
    first,
  )
  const reporting = openReporting({ ...deps, timetable, probing, letters }, first)
  stops.add('reports', () => reporting.stop())
  stops.add('letters', () => letters.stop())
  // What was decided and could not be saved before the restart comes first: letters that it replaces must not leave.
  probing.start()
  letters.start()
  stops.add('prober', () => probing.stop())
  reporting.start()

  const desk: LetterDesk = {
    list: stores.outbox.list,
    get: stores.outbox.get,
    findings: letters.findings,
    async requeue(id, actor: Actor) {
      const at = clock.now()
      const audit = { at, actor, action: 'letter.requeue', subject: id }
      const before = { state: 'dead' }
      const result = await stores.outbox.requeue(id, at, { ...audit, before, after: { state: 'pending' } })
      if (result === 'requeued') letters.wake()
      return result
    },
    async preview({ outageId, ...query }) {
      if (outageId === undefined) return letters.preview(query)
      const outage = await probing.service.outage(outageId)
      const proven = probing.proven(outageId)
      return outage && letters.preview({ ...query, outage, ...(proven && { proven }) })
    },
  }

  return {
    service: probing.service,
    outageDesk: probing.desk,
    maintenance: probing.maintenance,
    removeWindows: probing.removeWindows,
    recipients: book,
    letters: desk,
    reports: reporting.reader,
    /** For whoever writes letters about terminals. */
    timetable,
    outgoing: { flagLetter: letters.flagLetter, wake: letters.wake },
    blindness: probing.blindness,
    notices: letters.notices,
    troubles: (): readonly string[] => [...probing.troubles(), ...letters.troubles()],
    warnings: (): readonly string[] => [...letters.warnings(), ...letters.findings()],
    async reconfigure(next: Config): Promise<void> {
      config = next
      await letters.reconfigure(next)
      await probing.reconfigure(next)
      await reporting.reconfigure(next)
    },
  }
}
