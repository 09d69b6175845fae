import { mkdir, open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { MailTransport } from '../../ports.ts'

const MAX_NAME = 200

/**
 * Writes letters as `<date>-<id>.eml` files while no SMTP is configured. The date is the letter's own, so that
 * writing it again gives the same file. A file is complete and on the disk before it has its name.
 */
export function createMailFiles(folder: string): MailTransport {
  return {
    async deliver({ id, mime }) {
      const name = fileName(id, mime)
      const path = join(folder, name)
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 })
        await writeAtomically(folder, name, mime)
        return { kind: 'filed', path }
      } catch (error) {
        const reason = `the letter could not be written to ${path}: ${error instanceof Error ? error.message : error}`
        return { kind: 'broken', bodyHandedOver: false, reason }
      }
    },
  }
}

async function writeAtomically(folder: string, name: string, bytes: Uint8Array): Promise<void> {
  const temporary = join(folder, `.${name}.tmp`)
  try {
    const file = await open(temporary, 'w', 0o600)
    try {
      await file.writeFile(bytes)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, join(folder, name))
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
  const directory = await open(folder, 'r')
  try {
    // The new name is an entry of the folder: without this a power cut may forget it.
    await directory.sync()
  } finally {
    await directory.close()
  }
}

/** Ids are ours, but a file name must not depend on that: no separators, no leading dot, bounded. */
function fileName(id: string, mime: Uint8Array): string {
  const safe = id.replace(/[^A-Za-z0-9_-]+/g, '_').slice(0, MAX_NAME)
  return `${dateOf(mime)}-${safe}.eml`
}

const HEADER_BYTES = 4096

/** `20261123-091505` (UTC) from the Date header. */
function dateOf(mime: Uint8Array): string {
  const head = new TextDecoder('latin1').decode(mime.subarray(0, HEADER_BYTES))
  const at = Date.parse(/^date:\s*(.+?)\s*$/im.exec(head)?.[1] ?? '')
  if (Number.isNaN(at)) return 'undated'
  const [day = '', time = ''] = new Date(at).toISOString().slice(0, 19).replace(/[-:]/g, '').split('T')
  return `${day}-${time}`
}
