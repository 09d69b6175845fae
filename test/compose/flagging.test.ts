import { expect, test } from 'vitest'
import { openFlagging } from '../../src/compose/flagging.ts'
import { parseConfig } from '../../src/config/load.ts'
import { HOUR, MINUTE } from '../../src/core/time.ts'
import { addTerminal, EIGHT, massSilence, put } from '../support/flagged-fleet.ts'
import { createFlagRig } from '../workers/flag-rig.ts'

function configured(at: string, client = 'Agro') {
  const loaded = parseConfig(
    `
letters: { operators: [ops@example.org] }
flagging:
  digests:
    - id: agro
      client: ${client}
      recipients: [{ email: fleet@example.org }]
      at: "${at}"
      notes: { enabled: true }
`,
    {},
  )
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.faults))
  return loaded.config
}

test('digest, note and incident are told of, and a reload changes times without repeating anything', async () => {
  const rig = createFlagRig(EIGHT + HOUR)
  const rows = ['1', '2', '3'].map((id) => addTerminal(rig.fleet, id))
  const flagging = openFlagging(
    {
      ...rig.base,
      stores: { ...rig.stores, ...rig.places },
      letters: { flagLetter: rig.base.write, wake: rig.base.stored },
    },
    configured('0 13 * * *'),
  )
  await flagging.start()
  await rig.fallSilent('1')
  await rig.clock.advance(15 * MINUTE)
  put(rig.fleet, '2', 'stale', EIGHT)
  const incident = massSilence({ openedAt: rig.clock.now() })
  await rig.storeIncident({ incident, rows: Uint32Array.from(rows) })
  await rig.clock.advance(15 * MINUTE)
  const told = async () => (await rig.letters()).map(({ subject, recipient }) => `${subject} ${recipient}`)
  const before = [
    'note-agro-1 fleet@example.org',
    'incident-1f2e ops@example.org',
    'incident-1f2e fleet@example.org',
  ]
  expect(await told()).toEqual(before)

  await flagging.reconfigure(configured('0 11 * * *'))
  await rig.clock.advance(2 * HOUR)
  expect(await told()).toEqual([...before, 'digest-agro-1 fleet@example.org'])
  const [digest] = (await rig.letters()).slice(3)
  expect(digest?.text).toContain('Об этом уже было письмо.')
  expect(digest?.text).toContain('оператор связи «МТС»')
  await rig.clock.advance(4 * HOUR)
  expect(await told()).toHaveLength(4)

  await flagging.stop()
  await rig.fallSilent('3')
  await rig.clock.advance(48 * HOUR)
  expect(await told()).toHaveLength(4)
})
