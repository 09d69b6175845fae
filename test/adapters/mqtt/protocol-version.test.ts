import { describe, expect, test } from 'vitest'
import type { LinkEnd } from '../../../src/adapters/mqtt/link-end.ts'
import type { ProtocolVersion } from '../../../src/adapters/mqtt/options.ts'
import { firstVersion, nextVersion } from '../../../src/adapters/mqtt/protocol-version.ts'

const version: LinkEnd = { kind: 'refused', cause: 'version', detail: '' }
const credentials: LinkEnd = { kind: 'refused', cause: 'credentials', detail: '' }
const silent: LinkEnd = { kind: 'silent', detail: '' }
const unreachable: LinkEnd = { kind: 'unreachable', detail: '' }
const lost: LinkEnd = { kind: 'lost', upMs: 1, kicked: false, detail: '' }

function after(preferred: ProtocolVersion, ends: readonly LinkEnd[]): ProtocolVersion {
  let state = firstVersion(preferred)
  for (const end of ends) state = nextVersion(state, end, preferred)
  return state.current
}

describe('protocol version', () => {
  test.each([
    ['5 is tried first', 5, [], 5],
    ['a plain refusal leads to 3.1.1', 5, [version], 4],
    ['one silent close says nothing', 5, [silent], 5],
    ['two silent closes lead to 3.1.1', 5, [silent, silent], 4],
    ['an unreachable broker says nothing', 5, [unreachable, unreachable, unreachable], 5],
    ['a CONNACK in between starts the count anew', 5, [silent, credentials, silent], 5],
    ['a version that worked survives silent closes', 5, [lost, silent, silent, silent], 5],
    ['a version that worked is given up for a plain refusal', 5, [lost, version], 4],
    ['3.1.1 that worked is kept', 5, [version, lost, unreachable, silent, silent, silent], 4],
    ['5 gets its turn again when 3.1.1 fares no better', 5, [silent, silent, silent, silent], 5],
    ['3.1.1 as configured is never raised', 4, [version, silent, silent, version], 4],
  ] as const)('%s', (_name, preferred, ends, expected) => {
    expect(after(preferred, ends)).toBe(expected)
  })
})
