import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard'
import { dealer } from './dealer.ts'
import { fleetFreshness } from './fleet.ts'
import { letters } from './letters.ts'
import { pipeline } from './pipeline.ts'
import { onlineUptime } from './uptime.ts'

/** Every dashboard, by the name of its file in dashboards/generated, as it reads there. */
export function generatedFiles(): ReadonlyMap<string, string> {
  const all: readonly Dashboard[] = [fleetFreshness(), dealer(), onlineUptime(), letters(), pipeline()]
  return new Map(all.map((one) => [`${one.uid}.json`, `${shortLists(JSON.stringify(one, null, 2))}\n`]))
}

/** Lists of texts in one line where they fit, as the project's formatter has them. */
function shortLists(json: string): string {
  return json.replace(
    /^( *)(".*": )?\[\n((?: *"[^"\n]*",?\n)+) *\](,?)$/gm,
    (whole, indent, key = '', rows, comma) => {
      const line = `${indent}${key}[${String(rows).trim().split(/\n\s*/).join(' ')}]${comma}`
      return line.length <= 110 ? line : whole
    },
  )
}
