import PostalMime from 'postal-mime'
import { createMemoryStores } from '../../src/adapters/memory/stores.ts'
import { createMailBuilder } from '../../src/adapters/smtp/build.ts'
import type { Explain } from '../../src/core/flagging/flagged.ts'
import type { StoredIncident } from '../../src/core/freshness/mass/incident.ts'
import type { State, Transition } from '../../src/core/freshness/state.ts'
import type { Recipient } from '../../src/core/letters/letter.ts'
import { type Instant, MINUTE } from '../../src/core/time.ts'
import { createLetterWriter } from '../../src/workers/letter-writer.ts'
import { createFakeClock } from '../support/fake-clock.ts'
import { createFlagTimetable } from '../support/flag-timetable.ts'
import { EIGHT, emptyFleet, openMass, put, putAlerted } from '../support/flagged-fleet.ts'
import { LETTER_SETTING, shippedTemplates } from '../support/letters.ts'
import { createRecordingLog, createRecordingMetrics } from '../support/recorders.ts'
import { flushOf, transition } from '../support/store-rows.ts'

/** A fleet, memory stores and the real letter writer; what happens is stored as the sweeper would store it. */
export function createFlagRig(start: Instant = EIGHT) {
  const clock = createFakeClock(start)
  const log = createRecordingLog()
  const metrics = createRecordingMetrics()
  const stores = createMemoryStores()
  const fleet = emptyFleet()
  const failures = { set: 0, add: 0 }
  const failOnce = (what: 'set' | 'add'): void => {
    if (failures[what] === 0) return
    failures[what]--
    throw new Error(`${what} failed`)
  }
  const settings: typeof stores.settings = {
    get: stores.settings.get,
    set: async (key, value) => {
      failOnce('set')
      await stores.settings.set(key, value)
    },
  }
  const outbox: typeof stores.outbox = {
    ...stores.outbox,
    add: async (letters) => {
      failOnce('add')
      await stores.outbox.add(letters)
    },
  }
  const explain: Explain = () => ({
    model: '',
    ru: { cause: 'Отключено питание.', step: 'Проверьте предохранитель.', tools: [] },
    en: { cause: 'The power is cut.', step: 'Check the fuse.', tools: [] },
  })
  const writer = createLetterWriter(
    { outbox, builder: createMailBuilder() },
    {
      ...LETTER_SETTING,
      from: 'Watch <watch@example.org>',
      recipients: () => [],
      operators: [],
      templates: shippedTemplates(),
    },
  )
  let wakes = 0

  async function store(...transitions: readonly Transition[]): Promise<void> {
    await stores.fleet.flush(flushOf({ at: clock.now(), transitions }))
  }

  return {
    clock,
    log,
    metrics,
    stores,
    fleet,
    failures,
    places: { settings, outbox, log },
    base: {
      clock,
      log,
      metrics,
      fleet,
      outbox,
      flags: stores.flags,
      timetable: createFlagTimetable(clock),
      explain,
      contactOf: () => '',
      write: writer.flagLetter,
      stored: () => {
        wakes++
      },
    },
    wakes: () => wakes,
    /** The terminal has been silent for half an hour: it is stale, and an alert is raised. */
    async fallSilent(id: string): Promise<void> {
      const contactAt = clock.now() - 30 * MINUTE
      putAlerted(fleet, id, contactAt, clock.now())
      await store(transition({ terminalId: id, at: clock.now(), contactAt, alertId: `${id}-${contactAt}` }))
    },
    async comeBack(id: string, to: State = 'fresh'): Promise<void> {
      put(fleet, id, to, clock.now())
      await store(transition({ terminalId: id, at: clock.now(), contactAt: clock.now(), from: 'stale', to }))
    },
    store,
    /** `silent`: the members of an open one that are silent now. */
    async storeIncident(incident: StoredIncident, silent = incident.rows): Promise<void> {
      if (incident.incident.closedAt === null) openMass(fleet, incident, silent)
      else fleet.incidents.clear()
      await stores.fleet.flush(flushOf({ at: clock.now(), incidents: [incident] }))
    },
    /** What was written, oldest first: `subject to address: text`. */
    async letters() {
      const { items } = await stores.outbox.list({ limit: 100 })
      return Promise.all(
        items.toReversed().map(async ({ id, subject, sequence, recipient, messageId }) => {
          const mime = (await stores.outbox.get(id))?.mime ?? new Uint8Array()
          const seen = await PostalMime.parse(mime)
          const text = (seen.text ?? '').replaceAll('\r\n', '\n')
          return {
            subject,
            sequence,
            recipient,
            messageId,
            line: seen.subject,
            text,
            inReplyTo: seen.inReplyTo,
          }
        }),
      )
    },
  }
}

export const READER: Recipient = { email: 'fleet@example.org', name: 'Анна', language: 'ru' }
export const ENGLISH: Recipient = { email: 'bob@example.org', name: 'Bob', language: 'en' }
