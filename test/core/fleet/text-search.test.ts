import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createFleet, EMPTY } from '../../../src/core/fleet/fleet.ts'
import { listing } from '../../../src/core/fleet/listing.ts'
import { createListRoom } from '../../../src/core/fleet/matching.ts'
import { packPage } from '../../../src/core/fleet/packed-page.ts'
import { putTerminal } from '../../../src/core/fleet/placing.ts'
import { findInPage, needleOf } from '../../../src/core/fleet/text-search.ts'
import { MINUTE } from '../../../src/core/time.ts'
import { DEFAULTS, T0 } from '../../support/fleet-scenario.ts'
import { drained } from '../../support/names-world.ts'

function foundBy(q: string, names: readonly string[]): string[] {
  const fleet = createFleet(DEFAULTS, 2 * MINUTE)
  names.forEach((name, row) => {
    putTerminal(fleet, { ...EMPTY, row, id: `t${row}`, name, firstSeenAt: T0 })
  })
  const page = drained(listing(fleet, { q, sort: 'name', limit: 100 }, T0, createListRoom()))
  return page === 'bad-cursor' ? [] : page.items.map(({ name }) => name)
}

test.each([
  ['А123ВС 77 in Cyrillic, found by Latin letters', 'a123bc77', 'А123ВС 77'],
  ['with spaces between all of it', 'А 123 ВС', 'А123ВС77'],
  ['stored in Latin, typed in Cyrillic', 'х005кх', 'X005KX 178 RUS'],
  ['with a no-break space', 'м777мм', 'М\u00a0777\u00a0ММ'],
  ['a name with \u0451, typed without', 'елка', 'Ёлка'],
  ['letters that are no plate letters stay what they are', 'бульдозер', 'Бульдозер 5'],
])('a plate is found %s', (_, q, name) => {
  expect(foundBy(q, ['Other 1', name, 'Прочее 2'])).toEqual([name])
})

test.each(['\u0000', ' \u0000\u3000', ''])('of %j nothing counts: it is no search', (q) => {
  expect(needleOf(q)).toBeNull()
  expect(foundBy(q, ['A', 'Б']).toSorted()).toEqual(['A', 'Б'])
})

test('a text is not found across two terminals when spaces were left out', () => {
  expect(foundBy('bc', ['a b', 'c d', 'b c'])).toEqual(['b c'])
})

test('packed terminals are found by what finds them one by one', () => {
  const letter = fc.constantFrom('а', 'A', 'В', 'b', 'ё', 'Е', ' ', '\u00a0', '7', 'İ', 'Σ', 'ж', '-')
  const name = fc.string({ unit: letter, maxLength: 6 })
  fc.assert(
    fc.property(fc.array(name, { maxLength: 8 }), name, (names, q) => {
      const needle = needleOf(q)
      if (needle === null) return
      const rows = names.map((each, row) => ({ ...EMPTY, row, id: `t${row}`, name: each, firstSeenAt: T0 }))
      const packed = findInPage({ packed: packPage(rows), changed: new Map() }, needle).slice(0, rows.length)
      const changed = findInPage(
        { packed: null, changed: new Map(rows.map((row) => [row.row, row])) },
        needle,
      )
      expect([...packed]).toEqual([...changed.slice(0, rows.length)])
    }),
    { numRuns: 500 },
  )
})
