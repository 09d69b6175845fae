import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ownRows } from '../../../src/core/flagging/own-rows.ts'
import { isInScope, isWholeFleet, type Scope, toldSince } from '../../../src/core/flagging/scope.ts'
import { addTerminal, EIGHT, emptyFleet } from '../../support/flagged-fleet.ts'

const name = (...names: readonly string[]) => fc.constantFrom('', ...names)
const scopes = fc.array(
  fc.record({ dealer: name('North', 'South', 'Nobody'), client: name('Agro', 'Beta', 'Nobody') }),
)
const terminals = fc.array(
  fc.record({
    dealer: name('North', 'South'),
    client: name('Agro', 'Beta'),
    handedOver: fc.constantFrom(null, { client: EIGHT - 1, group: [] }, { client: EIGHT, group: [] }),
    firstSeenAt: fc.constantFrom(0, EIGHT, EIGHT + 1),
  }),
)

test('rows are those that each scope has by the rule for one terminal, of several scopes none twice', () => {
  fc.assert(
    fc.property(terminals, scopes, (places, readers) => {
      const fleet = emptyFleet()
      const rows = Uint32Array.from(places, (place, n) => addTerminal(fleet, `${n}`, place))
      const isTheirs = (row: number, scope: Scope): boolean => {
        const terminal = fleet.inventory.at(row)
        if (!terminal || isWholeFleet(scope) || terminal.firstSeenAt > EIGHT) return false
        return isInScope(terminal, scope) && toldSince(terminal, scope) < EIGHT
      }
      const found = ownRows(fleet, rows, readers, EIGHT)
      for (const scope of readers) {
        expect([...found([scope])]).toEqual([...rows].filter((row) => isTheirs(row, scope)))
      }
      const all = [...rows].filter((row) => readers.some((scope) => isTheirs(row, scope)))
      expect([...found(readers)].sort((a, b) => a - b)).toEqual(all)
    }),
  )
})
