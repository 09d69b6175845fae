import { Point } from '@influxdata/influxdb-client'
import type { HistoryPoint } from '../../core/history/point.ts'
import { tagText } from '../../core/history/tag-text.ts'
import { oneLine } from '../../core/one-line.ts'

const LONGEST_TEXT = 500
/** Nothing in it needs to be changed: most texts. */
const PLAIN = /^[\w.:/@+-]{1,200}$/

/** A point as a line of InfluxDB's line protocol. Numbers are floats; one that is none is left out. */
export function lineOf({ measurement, tags, fields, at, nanos = 0 }: HistoryPoint): string {
  const point = new Point(measurement).timestamp(`${Math.floor(at)}${String(nanos).padStart(6, '0')}`)
  for (const [name, value] of Object.entries(tags)) point.tag(name, tagText(value))
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value === 'string')
      point.stringField(name, PLAIN.test(value) ? value : oneLine(value, LONGEST_TEXT))
    else if (Number.isFinite(value)) point.floatField(name, value)
  }
  return point.toLineProtocol() ?? ''
}
