import { parseArgs } from 'node:util'
import { measureGrowth } from './growth.ts'
import { measureImage } from './image-size.ts'
import { measureInfluxPoints } from './influx-points.ts'
import { measureScrape } from './metrics-scrape.ts'
import { type Parts, report } from './report.ts'

// `npm run bench:metrics`: what it takes to read the metrics of a large fleet, beside a bare registry of prom-client, to
// write its history to VictoriaMetrics, beside prepared lines in plain requests, and to keep it in the database; one
// JSON object on standard output. --only=scrape runs a part.

const { values } = parseArgs({
  options: {
    terminals: { type: 'string', default: '1000000' },
    clients: { type: 'string', default: '10000' },
    scrapes: { type: 'string', default: '200' },
    points: { type: 'string', default: '300000' },
    only: { type: 'string', default: 'growth,image,scrape,influx' },
  },
})
const load = {
  terminals: Number(values.terminals),
  clients: Number(values.clients),
  scrapes: Number(values.scrapes),
}
const parts: Parts = {
  growth: measureGrowth,
  image: async () => measureImage(),
  scrape: () => measureScrape(load),
  influx: () => measureInfluxPoints(Number(values.points)),
}
await report(parts, values.only, load)
