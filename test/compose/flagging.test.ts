import { expect, test } from 'vitest'
import { openFlagging } from '../../src/compose/flagging.ts'
import { parseConfig } from '../../src/config/load.ts'
import { DAY, HOUR, MINUTE } from '../../src/core/time.ts'
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
      contacts: { contactOf: () => undefined },
      letters: { flagLetter: rig.base.write, wake: rig.base.stored },
    },
    configured('0 13 * * *'),
  )
  await flagging.start()
  await rig.fallSilent('1')
  await rig.clock.advance(15 * MINUTE)
  put(rig.fleet, '2', 'stale', EIGHT)
  const incident = massSilence({ openedAt: rig.clock.now() })
  await rig.storeIncident({ incident, rows: Uint32Array.from(rows.slice(1)) })
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

test('clients are told to ask their dealer, where he has a contact, and operators the sender', async () => {
  const rig = createFlagRig(EIGHT + HOUR)
  const rows = ['1', '2'].map((id) => addTerminal(rig.fleet, id, { dealer: 'Sever' }))
  const contact = { id: 'Sever', name: 'Север', phone: '+7 495 1', email: 'help@sever.example', hours: '' }
  const flagging = openFlagging(
    {
      ...rig.base,
      stores: { ...rig.stores, ...rig.places },
      contacts: { contactOf: (dealer) => (dealer === 'Sever' ? contact : undefined) },
      letters: { flagLetter: rig.base.write, wake: rig.base.stored },
    },
    configured('0 11 * * *'),
  )
  await flagging.start()
  await rig.fallSilent('1')
  await rig.storeIncident({
    incident: massSilence({ openedAt: rig.clock.now() }),
    rows: Uint32Array.from(rows.slice(1)),
  })
  await rig.clock.advance(3 * HOUR)
  const asked = (await rig.letters()).map(({ recipient, text }) => [
    recipient,
    /Вопросы: (.*)/.exec(text)?.[1],
  ])
  const theirs = ['fleet@example.org', 'Север, +7 495 1, help@sever.example']
  expect(asked).toHaveLength(4)
  expect(asked).toEqual(
    asked.map(([recipient]) => (recipient === 'ops@example.org' ? [recipient, 'watch@example.org'] : theirs)),
  )
  await flagging.stop()
})

test('a digest that is about no terminal is warned of at the start, after a reload and once at its time', async () => {
  const rig = createFlagRig(EIGHT + HOUR)
  addTerminal(rig.fleet, '1')
  const flagging = openFlagging(
    {
      ...rig.base,
      stores: { ...rig.stores, ...rig.places },
      contacts: { contactOf: () => undefined },
      letters: { flagLetter: rig.base.write, wake: rig.base.stored },
    },
    configured('0 11 * * *', 'Argo'),
  )
  const told = () => rig.log.lines.filter(({ message }) => /about no terminal/.test(message))
  await flagging.start()
  expect(told()).toMatchObject([
    { level: 'warn', fields: { count: 1, digests: [{ digest: 'agro', dealer: '', client: 'Argo' }] } },
  ])
  expect(flagging.warnings('en')).toEqual([
    'Digest agro (flagging.digests) tells of nothing: the inventory has no terminal of client "Argo". Compare the names.',
  ])
  expect(flagging.warnings('ru')[0]).toContain('клиент «Argo»')

  await rig.clock.advance(3 * DAY)
  expect(told().slice(1)).toMatchObject([{ level: 'warn', fields: { digest: 'agro', client: 'Argo' } }])

  await flagging.reconfigure(configured('0 11 * * *', 'Argo'))
  flagging.lookForTerminals()
  expect(told()).toHaveLength(3)

  addTerminal(rig.fleet, '2', { client: 'Argo' })
  await rig.clock.advance(DAY)
  expect(flagging.warnings('en')).toEqual([])
  await flagging.reconfigure(configured('0 11 * * *'))
  flagging.lookForTerminals()
  expect(told()).toHaveLength(3)
  await flagging.stop()
})

test('of many digests about no terminal the first few are named', async () => {
  const rig = createFlagRig(EIGHT)
  const config = configured('0 11 * * *', 'Argo')
  const digests = Array.from({ length: 30 }, (_, index) => index).flatMap((index) =>
    config.flagging.digests.map((digest) => ({ ...digest, id: `d${index}` })),
  )
  const flagging = openFlagging(
    {
      ...rig.base,
      stores: { ...rig.stores, ...rig.places },
      contacts: { contactOf: () => undefined },
      letters: { flagLetter: rig.base.write, wake: rig.base.stored },
    },
    { ...config, flagging: { digests } },
  )
  await flagging.start()
  expect(flagging.warnings('en')).toHaveLength(6)
  expect(flagging.warnings('en').at(-1)).toBe(
    'Further digests (flagging.digests) that are about no terminal: 25.',
  )
  const [entry] = rig.log.lines.filter(({ message }) => /about no terminal/.test(message))
  expect(entry?.fields).toMatchObject({ count: 30 })
  await flagging.stop()
})
