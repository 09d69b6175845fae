import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { type CaughtLetter, startMailCatcher } from '../../../src/adapters/simulation/mail-catcher.ts'
import { createSmtpTransport } from '../../../src/adapters/smtp/transport.ts'
import { createRecordingLog } from '../../support/recorders.ts'
import { tempFolder } from '../../support/temp-folder.ts'

const MIME = [
  'From: Watch <watch@partner.example>',
  'To: anna@client.example',
  `Subject: =?UTF-8?B?${Buffer.from('Недоступность').toString('base64')}?=`,
  'Content-Type: text/plain; charset=utf-8',
  'Content-Transfer-Encoding: base64',
  '',
  Buffer.from('\nСервис недоступен.\n\nЗдравствуйте!\n').toString('base64'),
  '',
].join('\r\n')

test('the mail catcher tells of a letter as its reader sees it and keeps its bytes', async () => {
  using folder = tempFolder()
  const letters: CaughtLetter[] = []
  const catcher = await startMailCatcher(createRecordingLog(), {
    folder: folder.file('mail'),
    onLetter: (letter) => letters.push(letter),
  })
  const transport = createSmtpTransport({ url: catcher.url })
  const delivery = await transport.deliver({
    id: 'one',
    from: 'watch@partner.example',
    to: 'anna@client.example',
    mime: Buffer.from(MIME),
  })
  transport.close()
  await catcher.stop()

  expect(delivery.kind).toBe('accepted')
  const file = folder.file('mail/001.eml')
  expect(letters).toEqual([
    {
      to: 'anna@client.example',
      subject: 'Недоступность',
      text: 'Сервис недоступен.\n\nЗдравствуйте!',
      file,
    },
  ])
  expect(await readFile(file, 'utf8')).toBe(MIME)
})
