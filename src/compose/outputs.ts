import { join } from 'node:path'
import { createMailFiles } from '../adapters/mail-files/transport.ts'
import { createMailBuilder } from '../adapters/smtp/build.ts'
import { createSmtpTransport } from '../adapters/smtp/transport.ts'
import type { Config } from '../config/schema.ts'
import { addressKey } from '../core/letters/mailbox.ts'
import type { Clock, Log, MailTransport, Metrics, Outbox } from '../ports.ts'
import { type Courier, createCourier } from '../workers/courier.ts'
import { createLetterWriter, type LetterWriter } from '../workers/letter-writer.ts'
import { readTemplates } from './templates.ts'

export type OutputsDeps = {
  readonly clock: Clock
  readonly log: Log
  readonly metrics: Metrics
  readonly outbox: Outbox
}

/** Letters: who writes them and who carries them away; replaced as a whole when what they rest on changes. */
export function openOutputs(deps: OutputsDeps, first: Config) {
  let foundation = foundationOf(first)
  let parts = make(deps, first)
  parts.courier.start()

  return {
    plan: (...args: Parameters<LetterWriter['plan']>) => parts.writer.plan(...args),
    wake: (): void => parts.courier.wake(),
    troubles: () => parts.courier.troubles(),
    warnings: () => parts.courier.warnings(),
    /** Throws, with everything as it was, when the texts of the letters have faults. */
    async reconfigure(next: Config): Promise<void> {
      const changed = foundationOf(next)
      if (changed === foundation) return
      const retired = parts
      parts = make(deps, next)
      foundation = changed
      await retired.courier.stop()
      retired.close()
      parts.courier.start()
    },
    async stop(): Promise<void> {
      await parts.courier.stop()
      parts.close()
    },
  }
}

type Parts = { readonly writer: LetterWriter; readonly courier: Courier; readonly close: () => void }

/** Everything that letters and their sending depend on, as one text to compare. */
function foundationOf({ letters, service, timezone, data }: Config): string {
  const { name, baseUrl } = service
  return JSON.stringify([letters, name, baseUrl, timezone, data, readTemplates()])
}

function make(deps: OutputsDeps, config: Config): Parts {
  const { letters, service } = config
  const transport = transportOf(config)
  const writer = createLetterWriter(
    { outbox: deps.outbox, builder: createMailBuilder() },
    {
      from: letters.from,
      recipients: () => letters.recipients,
      templates: readTemplates(),
      timezone: config.timezone,
      serviceName: service.name,
      baseUrl: service.baseUrl,
      updateEveryMs: letters.updateEvery,
      filedIsLeft: letters.smtp === '',
    },
  )
  const wanted = new Set(letters.recipients.map(({ email }) => addressKey(email)))
  const courier = createCourier(
    { ...deps, transport },
    {
      cutOff: transport.close,
      stale: ({ recipient, kind }) =>
        kind === 'test' || wanted.has(addressKey(recipient)) ? null : 'the recipient was removed',
    },
  )
  deps.metrics.set('watch_letters_ready', letters.smtp !== '' && letters.recipients.length > 0 ? 1 : 0)
  return { writer, courier, close: transport.close }
}

function transportOf({ letters, data }: Config): MailTransport & { close(): void } {
  if (letters.smtp !== '') return createSmtpTransport({ url: letters.smtp })
  return { ...createMailFiles(join(data, 'letters')), close: () => {} }
}
