import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { tempFolder } from './temp-folder.ts'

/** A certificate for 127.0.0.1 that nobody signed, with its key; needs openssl. */
export function selfSigned(): { readonly cert: string; readonly key: string } {
  using folder = tempFolder()
  const [key, cert] = [folder.file('key.pem'), folder.file('cert.pem')]
  const about = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1', '-days', '1']
  const made = spawnSync('openssl', [
    ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes'],
    ...['-keyout', key, '-out', cert],
    ...about,
  ])
  if (made.status !== 0) throw new Error(`openssl: ${made.stderr}`)
  return { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') }
}
