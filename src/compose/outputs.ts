import { join } from 'node:path'
import { createMailFiles } from '../adapters/mail-files/transport.ts'
import { createMailBuilder } from '../adapters/smtp/build.ts'
import { createSmtpTransport } from '../adapters/smtp/transport.ts'
import type { Config } from '../config/schema.ts'
import type { LetterTemplates } from '../core/letters/fields.ts'
import { addressKey } from '../core/letters/mailbox.ts'
import type { Clock, Log, MailTransport, Metrics, Outbox } from '../ports.ts'
import { createCourier } from '../workers/courier.ts'
import { createLetterWriter } from '../workers/letter-writer.ts'

export type OutputsDeps = {
  readonly clock: Clock
  readonly log: Log
  readonly metrics: Metrics
  readonly outbox: Outbox
  readonly templates: LetterTemplates
}

/** Letters: who writes them and who carries them away. */
export function createOutputs(deps: OutputsDeps, config: Config) {
  const { letters, service } = config
  const transport = transportOf(config)
  const writer = createLetterWriter(
    { outbox: deps.outbox, builder: createMailBuilder() },
    {
      from: letters.from,
      recipients: () => letters.recipients,
      templates: deps.templates,
      timezone: config.timezone,
      serviceName: service.name,
      baseUrl: service.baseUrl,
      updateEveryMs: letters.updateEvery,
    },
  )
  const wanted = new Set(letters.recipients.map(({ email }) => addressKey(email)))
  const courier = createCourier(
    { ...deps, transport },
    {
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
