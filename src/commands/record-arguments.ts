import { parseArgs } from 'node:util'
import { DAY, parseDuration, SECOND } from '../core/time.ts'

export type RecordArguments = {
  readonly config: string | undefined
  readonly url: string | undefined
  readonly seconds: number
  readonly maxBytes: number
  readonly force: boolean
  readonly file: string
}

const LONGEST = 31 * DAY
const UNITS: Readonly<Record<string, number>> = { '': 1, K: 1e3, M: 1e6, G: 1e9, T: 1e12 }

/** The arguments of `record`; a text says what is wrong with them. */
export function readRecordArguments(args: readonly string[]): RecordArguments | string {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: {
        config: { type: 'string' },
        for: { type: 'string', default: '24h' },
        'max-bytes': { type: 'string', default: '1G' },
        url: { type: 'string' },
        force: { type: 'boolean', default: false },
      },
      allowPositionals: true,
    })
    const { config, url, force, for: forText, 'max-bytes': bytesText } = values
    const [file, ...more] = positionals
    if (file === undefined || more.length > 0) return 'name one FILE'
    const forMs = parseDuration(forText)
    if (forMs === undefined || forMs < SECOND || forMs > LONGEST) {
      return `--for ${JSON.stringify(forText)} is not a duration from 1s to 31d, such as 90m or 24h`
    }
    const maxBytes = parseBytes(bytesText)
    if (maxBytes === undefined) {
      return `--max-bytes ${JSON.stringify(bytesText)} is not a size of at least 64K, such as 500M or 1G`
    }
    if (url !== undefined && !/^https?:$/.test(URL.parse(url)?.protocol ?? '')) {
      return `--url ${JSON.stringify(url)} is not an address such as http://127.0.0.1:8080`
    }
    return { config, url, seconds: Math.ceil(forMs / SECOND), maxBytes, force, file }
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** `1G` and the like; the end of a recording and its last piece must have room. */
function parseBytes(text: string): number | undefined {
  const [, number = '', unit = ''] = /^(\d{1,15})([KMGT]?)$/.exec(text) ?? []
  const bytes = Number(number) * (UNITS[unit] ?? Number.NaN)
  return number !== '' && bytes >= 64_000 && Number.isSafeInteger(bytes) ? bytes : undefined
}
