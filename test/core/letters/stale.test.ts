import { describe, expect, test } from 'vitest'
import type { Letter } from '../../../src/core/letters/letter.ts'
import { staleReason } from '../../../src/core/letters/stale.ts'
import { exampleLetter } from '../../support/letters.ts'

const OPEN = exampleLetter().subject
const world = {
  recipients: new Set(['anna@example.org']),
  operators: new Set(['ops@example.org']),
  readers: new Set(['reader@example.org']),
  isCancelled: (id: string) => id === 'cancelled',
  isOver: (id: string) => id === 'over',
  isPlanned: (id: string) => id === 'm1',
}
const requeued = [{ at: 1, result: 'requeued', reply: 'admin' }]
const operator = (subject: string): Partial<Letter> => ({
  kind: 'operator',
  recipient: 'ops@example.org',
  subject,
})

describe('a letter that waits', () => {
  test.each([
    ['goes while all is as it was', {}, null],
    ['goes to another spelling of the address', { recipient: 'Anna@Example.org' }, null],
    ['does not go to one who was removed', { recipient: 'bob@example.org' }, 'the recipient was removed'],
    [
      'does not go to one who was removed, whatever its kind',
      { recipient: 'bob@example.org', kind: 'announcement', subject: 'm1' },
      'the recipient was removed',
    ],
    ['goes as an announcement of what is planned', { kind: 'announcement', subject: 'm1' }, null],
    [
      'does not go as an announcement of what is planned no more, were it put back',
      { kind: 'announcement', subject: 'm2', bodyHandedOver: true, attempts: requeued },
      'the planned work was withdrawn or is over',
    ],
    [
      'goes again when its withdrawal waits behind it',
      { kind: 'announcement', subject: 'm2', bodyHandedOver: true },
      null,
    ],
    ['goes as a withdrawal', { kind: 'announcement', subject: 'm2', sequence: 2 }, null],
    ['does not go when the outage was cancelled', { subject: 'cancelled' }, 'the outage was cancelled'],
    [
      'may have gone already, and does not go again, when the outage was cancelled',
      { subject: 'cancelled', bodyHandedOver: true },
      'the outage was cancelled',
    ],
    ['goes as a correction', { subject: 'cancelled', kind: 'correction' }, null],
    ['goes as an initial whose recovery waits behind it', { subject: 'over' }, null],
    [
      'does not go as an update when the outage is over',
      { subject: 'over', kind: 'update', sequence: 3 },
      'the outage is over',
    ],
    [
      'does not go as an update that a later one has overtaken',
      { kind: 'update', sequence: 2 },
      'a later update takes its place',
    ],
    ['goes as the newest update', { kind: 'update', sequence: 3 }, null],
    [
      'goes again as an older update that may have gone',
      { kind: 'update', sequence: 2, bodyHandedOver: true },
      null,
    ],
    [
      'goes again as an update that may have gone',
      { subject: 'over', kind: 'update', bodyHandedOver: true },
      null,
    ],
    [
      'does not go as an initial that was dead when the outage ended',
      { subject: 'over', attempts: requeued },
      'the outage is over',
    ],
    [
      'does not go as one that may have gone, was refused for good, and was put back when the outage was over',
      { subject: 'over', bodyHandedOver: true, attempts: requeued },
      'the outage is over',
    ],
    [
      'does not go as an update that was put back when the outage was over',
      { subject: 'over', kind: 'update', sequence: 3, bodyHandedOver: true, attempts: requeued },
      'the outage is over',
    ],
    [
      'does not go as an update that was put back when a later one had overtaken it',
      { kind: 'update', sequence: 2, bodyHandedOver: true, attempts: requeued },
      'a later update takes its place',
    ],
    [
      'goes again as an initial that was put back, and of which nobody knows whether it went since',
      {
        subject: 'over',
        bodyHandedOver: true,
        attempts: [...requeued, { at: 2, result: 'ambiguous', reply: '' }],
      },
      null,
    ],
    [
      'goes as a combined letter that was put back',
      { subject: 'over', kind: 'combined', attempts: requeued },
      null,
    ],
    ['goes as a test to anybody', { kind: 'test', recipient: 'x@example.org', subject: 'test-1' }, null],
    ['goes to an operator who is no recipient', operator(`warning-${OPEN}`), null],
    [
      'does not go to a former operator',
      { ...operator('notice-x'), recipient: 'anna@example.org' },
      'the address is no longer one of an operator',
    ],
    [
      'goes to a reader of digests who is no operator',
      { ...operator('digest-north-7'), recipient: 'Reader@example.org' },
      null,
    ],
    ['does not go to a former reader of digests', operator('incident-1f'), 'the recipient was removed'],
    ['does not warn early of what is over', operator('warning-over'), 'the outage is over'],
    ['does not warn early of what was cancelled', operator('warning-cancelled'), 'the outage was cancelled'],
    ['reminds of what was cancelled', operator('reminder-cancelled'), null],
    ['does not remind of what is over', operator('reminder-over'), 'the outage is over'],
    ['alarms also of what is over', operator('alarm-over'), null],
  ] as const)('%s', (_name, change, expected) => {
    expect(staleReason(exampleLetter(change), world, 3)).toBe(expected)
  })
})
