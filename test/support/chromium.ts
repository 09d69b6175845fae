import { spawnSync } from 'node:child_process'

const NAMES = [process.env['CHROMIUM'], 'chromium', 'chromium-browser', 'google-chrome']

/** The path of a Chromium that runs here, the one that CHROMIUM names first; undefined where there is none. */
export function findChromium(): string | undefined {
  for (const name of NAMES) {
    if (!name) continue
    const { status, stdout } = spawnSync('/bin/sh', ['-c', 'command -v "$0"', name], { encoding: 'utf8' })
    if (status === 0) return stdout.trim()
  }
  return undefined
}
