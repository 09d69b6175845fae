import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createMailFiles } from '../../../src/adapters/mail-files/transport.ts'

const mime = Buffer.from('Date: Mon, 23 Nov 2026 09:04:10 +0000\r\nSubject: x\r\n\r\nбайты\r\n')
const mail = { from: 'a@example.org', to: 'b@example.org', mime, id: '20261123T080410Z-initial-1-97ad' }

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mail-files-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

describe('letters as files', () => {
  test('hold the stored bytes under the date and id of the letter', async () => {
    const letters = join(folder, 'letters')
    const path = join(letters, '20261123-090410-20261123T080410Z-initial-1-97ad.eml')
    expect(await createMailFiles(letters).deliver(mail)).toEqual({ kind: 'filed', path })
    expect((await readFile(path)).equals(mime)).toBe(true)
    expect(await readdir(letters)).toHaveLength(1)
  })

  test('written again are the same file', async () => {
    const files = createMailFiles(folder)
    await files.deliver(mail)
    await files.deliver(mail)
    expect(await readdir(folder)).toHaveLength(1)
  })

  test('never leave their folder', async () => {
    await createMailFiles(folder).deliver({ ...mail, id: '../../etc/x y\0z' })
    expect(await readdir(folder)).toEqual(['20261123-090410-_etc_x_y_z.eml'])
  })

  test('without a readable date are called undated', async () => {
    const delivery = await createMailFiles(folder).deliver({
      ...mail,
      mime: Buffer.from('Date: soon\r\n\r\n'),
    })
    expect(delivery).toMatchObject({ path: expect.stringContaining('undated-') })
  })

  test('that cannot be written are tried again, with the reason', async () => {
    await writeFile(join(folder, 'file'), '')
    const delivery = await createMailFiles(join(folder, 'file', 'letters')).deliver(mail)
    expect(delivery).toMatchObject({
      kind: 'broken',
      bodyHandedOver: false,
      reason: expect.stringContaining('ENOTDIR'),
    })
  })
})
