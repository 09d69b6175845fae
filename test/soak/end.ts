import { EN, RU } from '../support/outage-stage.ts'
import { patiently } from './patience.ts'
import { ROUND_EVERY_MS } from './stage.ts'
import type { World } from './world.ts'

/** A letter that was refused goes again after a minute. */
const LETTERS_WITHIN_MS = 100_000

/** What must hold when all faults are over: registers, outages, letters. */
export async function checkEnd(world: World): Promise<readonly string[]> {
  await world.senders.pause()
  return [
    ...(await checkRegisters(world)),
    ...(await checkLetters(world)),
    ...(await checkInflux(world)),
    ...(await checkStop(world)),
  ]
}

async function checkRegisters(world: World): Promise<readonly string[]> {
  const expected = world.ledger.newestBefore(Number.POSITIVE_INFINITY)
  const wrong = async () => {
    const known = await world.registers()
    return [...expected].filter(([id, eventAt]) => known.get(id) !== eventAt)
  }
  await patiently(async () => (await wrong()).length === 0, 10_000).catch(() => {})
  const left = await wrong()
  return left.length === 0
    ? []
    : [
        `${left.length} of ${expected.size} terminals have other last data than was acknowledged, ${left[0]?.[0]} for one`,
      ]
}

async function checkLetters(world: World): Promise<readonly string[]> {
  const { api } = world.service()
  const unsent = async () =>
    (await api.letters()).filter(({ state }) => state !== 'sent' && state !== 'superseded')
  await patiently(async () => (await unsent()).length === 0, LETTERS_WITHIN_MS).catch(() => {})
  const faults = (await unsent()).map(({ id, state }) => `letter ${id} is ${state}`)
  const letters = (await api.letters()).filter(({ state }) => state === 'sent')
  const left = [...world.stage.smtp.bodies]
  for (const { id, attempts } of letters) {
    const bytes = (await api.eml(id)).toString('latin1')
    const copies = left.filter((body) => body === bytes).length
    const mayDouble = attempts.some(({ result }) => result === 'ambiguous')
    if (copies === 0) faults.push(`letter ${id} never came`)
    if (copies > 1 && !mayDouble) faults.push(`letter ${id} came ${copies} times`)
    for (let n = 0; n < copies; n++) left.splice(left.indexOf(bytes), 1)
  }
  if (left.length > 0) faults.push(`${left.length} letters came that the outbox does not know`)
  for (const { id, state } of await api.outages()) {
    if (state !== 'closed') faults.push(`outage ${id} is ${state}`)
    for (const reader of [RU, EN]) {
      const kinds = letters
        .filter(
          ({ outageId, recipient, kind }) => outageId === id && recipient === reader && kind !== 'update',
        )
        .map(({ kind }) => kind)
        .sort()
        .join('+')
      if (kinds !== 'initial+recovery' && kinds !== 'combined')
        faults.push(`outage ${id}: ${reader} got ${kinds}`)
    }
  }
  return faults
}

const INFLUX_WITHIN_MS = 15_000

/** The newest points were written after the faults, and those of the time when InfluxDB was away were kept for it. */
async function checkInflux(world: World): Promise<readonly string[]> {
  const read = (query: string, at = Date.now()) => readInflux(world, query, at)
  const isNew = async () => (await read('max(timestamp(probe_ok))')) * 1000 > Date.now() - 30_000
  await patiently(isNew, INFLUX_WITHIN_MS).catch(() => {})
  const faults = (await isNew()) ? [] : ['InfluxDB has no new points']
  for (const { from, to } of world.influxAway) {
    const seconds = Math.floor((to - from) / 1000)
    const rounds = await read(`max(count_over_time(probe_ok[${seconds}s]))`, to)
    // A machine that is busy leaves rounds out.
    const least = Math.floor((to - from) / ROUND_EVERY_MS / 2)
    if (rounds < least) faults.push(`InfluxDB has ${rounds} points of the ${seconds} s when it was away`)
  }
  return faults
}

/** The one number that answers a query as of an instant; 0: nothing is known. */
async function readInflux({ stage }: World, query: string, at: number): Promise<number> {
  const search = new URLSearchParams({ query, time: String(at / 1000), nocache: '1' })
  const response = await fetch(`${stage.influx.base}/api/v1/query?${search}`)
  const { data } = (await response.json()) as {
    data?: { result: readonly { value: readonly [number, string] }[] }
  }
  return Number(data?.result[0]?.value[1] ?? 0)
}

async function checkStop(world: World): Promise<readonly string[]> {
  const status = await world.service().end('SIGTERM')
  return status === 0 ? [] : [`the service ended with status ${status}`]
}
