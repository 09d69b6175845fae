import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog'
import type { DataSourceRef } from '@grafana/grafana-foundation-sdk/common'
import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus'

/** The data sources that config/grafana/provisioning sets up. */
export const PROMETHEUS = { type: 'prometheus', uid: 'prometheus' } as const satisfies DataSourceRef
export const INFLUXDB = { type: 'influxdb', uid: 'influxdb' } as const satisfies DataSourceRef

type Named = {
  /** What the series are called, such as `{{state}}`. */
  readonly legend?: string
  /** Needed when a panel asks more than one question. */
  readonly refId?: string
}

/** A drawing over time. */
export function over(expr: string, named: Named = {}): DataqueryBuilder {
  return promql(expr, named).range()
}

/** The values of now. */
export function now(expr: string, named: Named = {}): DataqueryBuilder {
  return promql(expr, named).instant()
}

/** The values of now as rows of a table. */
export function rows(expr: string, refId: string): DataqueryBuilder {
  return promql(expr, { refId }).instant().format(PromQueryFormat.Table)
}

/** Cumulative buckets over time, for a heat map. */
export function heat(expr: string): DataqueryBuilder {
  return promql(expr, { legend: '{{le}}' }).range().format(PromQueryFormat.Heatmap)
}

/** A question in Flux; the SDK has no type for it. */
export function flux(query: string, refId = 'A'): Builder<Dataquery> {
  return {
    build: () => ({ refId, datasource: INFLUXDB, query, _implementsDataqueryVariant() {} }),
  }
}

function promql(expr: string, { legend, refId = 'A' }: Named): DataqueryBuilder {
  const query = new DataqueryBuilder().datasource(PROMETHEUS).expr(expr).refId(refId)
  return legend === undefined ? query : query.legendFormat(legend)
}
