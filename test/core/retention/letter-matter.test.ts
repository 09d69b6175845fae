import { expect, test } from 'vitest'
import { incidentSubject } from '../../../src/core/flagging/flag-letter.ts'
import { operatorSubject } from '../../../src/core/letters/operator-letter.ts'
import { matterOf } from '../../../src/core/retention/letter-matter.ts'
import { outage, T0 } from '../../support/store-rows.ts'

test.each(['warning', 'alarm', 'intermittent', 'reminder'] as const)(
  'a letter of the kind %s is about its outage',
  (kind) => {
    const letter = { kind, outage: outage('o-1', T0), sequence: 3 }
    expect(matterOf(operatorSubject(letter, T0, 'UTC').subject)).toBe('o-1')
  },
)

test('a letter about an incident is about that', () => expect(matterOf(incidentSubject('i-1'))).toBe('i-1'))

test.each(['0f9c', 'report-202611', 'digest-north-4', 'notice-letter-dead-1a2b-20261126'])(
  'letters with the subject %s are about that itself',
  (subject) => expect(matterOf(subject)).toBe(subject),
)
