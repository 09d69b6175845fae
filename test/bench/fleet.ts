import { parseArgs } from 'node:util'
import { measureMass } from './fleet-mass.ts'
import { measureMemory } from './fleet-memory.ts'
import { measureFleetReplay } from './fleet-replay.ts'
import { measureService } from './fleet-service.ts'
import { measureFleetSweep } from './fleet-sweep.ts'
import { type Parts, report } from './report.ts'

// `npm run bench:fleet`: what a fleet of a million terminals takes on this machine; one JSON object on standard output.
// --only=memory,sweep,mass,replay,service runs a part.

const { values } = parseArgs({
  options: {
    terminals: { type: 'string', default: '1000000' },
    perSecond: { type: 'string', default: '33000' },
    seconds: { type: 'string', default: '20' },
    observations: { type: 'string', default: '2000000' },
    only: { type: 'string', default: 'memory,sweep,mass,replay,service' },
  },
})
const load = {
  terminals: Number(values.terminals),
  perSecond: Number(values.perSecond),
  seconds: Number(values.seconds),
  observations: Number(values.observations),
}
const PARTS: Parts = {
  memory: () => measureMemory(load.terminals),
  sweep: () => measureFleetSweep(load.terminals),
  mass: async () => measureMass(load.terminals),
  replay: () => measureFleetReplay({ terminals: 20_000, observations: load.observations, rounds: 3 }),
  service: () => measureService(load),
}

await report(PARTS, values.only, load)
