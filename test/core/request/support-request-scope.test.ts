import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isInScope } from '../../../src/core/fleet/scope.ts'
import { isRequestSeen, placeOf } from '../../../src/core/request/support-request-scope.ts'
import { MADE_AT, supportRequest } from '../../support/requests.ts'

describe('a request is seen', () => {
  const request = supportRequest({ client: 'Alfa', group: 'D/Alfa/Depot', createdBy: 'anna' })
  test.each([
    ['by everybody who sees all', { name: 'x', scope: 'all' as const }, true],
    ['by a dealer of its client', { name: 'x', scope: { clients: ['Alfa'], groups: [] } }, true],
    ['by a dealer of a group above', { name: 'x', scope: { clients: [], groups: ['D/Alfa'] } }, true],
    ['by who made it', { name: 'anna', scope: { clients: [], groups: [] } }, true],
    [
      'not by somebody who was given the name later',
      { name: 'anna', scope: { clients: [], groups: [] }, since: MADE_AT + 1 },
      false,
    ],
    ['not by another dealer', { name: 'x', scope: { clients: ['Beta'], groups: ['D/Beta'] } }, false],
    [
      'not by a dealer of a group below',
      { name: 'x', scope: { clients: [], groups: ['D/Alfa/Depot/1'] } },
      false,
    ],
  ])('%s', (_, who, seen) => {
    expect(isRequestSeen(request, { since: 0, ...who })).toBe(seen)
  })
})

describe('the place of a request', () => {
  const at = (client: string, dealer: string, group: string) => ({ client, dealer, group })

  test.each([
    [[], at('', '', '')],
    [[at('A', 'D', 'D/A/1')], at('A', 'D', 'D/A/1')],
    [[at('A', 'D', 'D/A/1'), at('A', 'D', 'D/A/2')], at('A', 'D', 'D/A')],
    [[at('A', 'D', 'D/A/1'), at('B', 'D', 'D/B')], at('', 'D', 'D')],
    [[at('A', 'D', 'D/A'), at('B', 'E', 'E/B')], at('', '', '')],
    [[at('A', 'D', 'D/A'), at('A', 'D', 'D/A/1')], at('A', 'D', 'D/A')],
    [[at('A', 'D', 'D/Al'), at('A', 'D', 'D/Alfa')], at('A', 'D', 'D')],
  ])('is what %j have in common', (terminals, place) => {
    expect(placeOf(terminals)).toEqual(place)
  })

  test('is in a scope only when every terminal is', () => {
    const name = fc.constantFrom('', 'A', 'B')
    const group = fc
      .array(fc.constantFrom('a', 'b'), { minLength: 0, maxLength: 3 })
      .map((parts) => parts.join('/'))
    const terminal = fc.record({ client: name, dealer: name, group })
    const scope = fc.record({
      clients: fc.array(fc.constantFrom('A', 'B'), { maxLength: 1 }),
      groups: fc.array(group, { maxLength: 1 }),
    })
    fc.assert(
      fc.property(fc.array(terminal, { minLength: 1, maxLength: 4 }), scope, (terminals, seen) => {
        if (isInScope(seen, placeOf(terminals))) {
          expect(terminals.every((each) => isInScope(seen, each))).toBe(true)
        }
      }),
    )
  })
})
