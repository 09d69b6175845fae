import { PanelBuilder as BarGauge } from '@grafana/grafana-foundation-sdk/bargauge'
import {
  BigValueColorMode,
  BigValueGraphMode,
  BigValueTextMode,
  GraphDrawStyle,
  GraphGradientMode,
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  LineInterpolation,
  ReduceDataOptionsBuilder,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizOrientation,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common'
import { FieldColorBuilder, FieldColorModeId } from '@grafana/grafana-foundation-sdk/dashboard'
import {
  PanelBuilder as Heatmap,
  HeatmapColorMode,
  HeatmapColorOptionsBuilder,
  YAxisConfigBuilder,
} from '@grafana/grafana-foundation-sdk/heatmap'
import { PanelBuilder as Stat } from '@grafana/grafana-foundation-sdk/stat'
import { PanelBuilder as StateTimeline } from '@grafana/grafana-foundation-sdk/statetimeline'
import { PanelBuilder as Table } from '@grafana/grafana-foundation-sdk/table'
import { PanelBuilder as TimeSeries } from '@grafana/grafana-foundation-sdk/timeseries'
import { NoUnit } from '@grafana/grafana-foundation-sdk/units'
import { COLOURS, type Colour } from './colours.ts'
import { PROMETHEUS } from './query.ts'
import { coloured, noJudgement, steps, words } from './threshold.ts'

/** One number in the colour of its threshold, with its way there behind it. */
export function figure(title: string, description: string): Stat {
  return new Stat()
    .title(title)
    .description(description)
    .datasource(PROMETHEUS)
    .reduceOptions(newest())
    .colorMode(BigValueColorMode.Value)
    .graphMode(BigValueGraphMode.Area)
    .textMode(BigValueTextMode.Value)
    .span(4)
    .height(4)
}

/** What is well or not, as words on a ground in their colour. */
export function lamp(
  title: string,
  description: string,
  values: Readonly<Record<number, readonly [string, Colour]>>,
): Stat {
  return figure(title, description)
    .unit(NoUnit)
    .colorMode(BigValueColorMode.BackgroundSolid)
    .graphMode(BigValueGraphMode.None)
    .mappings(words(values))
    .thresholds(steps('unknown'))
}

/** Lines over time from zero. */
export function lines(title: string, description: string): TimeSeries {
  return new TimeSeries()
    .title(title)
    .description(description)
    .datasource(PROMETHEUS)
    .legend(
      new VizLegendOptionsBuilder()
        .showLegend(true)
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom),
    )
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending))
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.PaletteClassicByName))
    .thresholds(noJudgement())
    .lineWidth(2)
    .fillOpacity(8)
    .gradientMode(GraphGradientMode.None)
    .showPoints(VisibilityMode.Never)
    .min(0)
    .span(12)
    .height(8)
}

/** Counts that change in steps. */
export function stairs(title: string, description: string): TimeSeries {
  return lines(title, description).lineInterpolation(LineInterpolation.StepAfter).decimals(0)
}

/** Parts of a whole, one above the other. */
export function stacked(title: string, description: string): TimeSeries {
  return lines(title, description)
    .lineWidth(1)
    .fillOpacity(70)
    .stacking(new StackingConfigBuilder().mode(StackingMode.Normal).group('A'))
}

/** How often something happened, by points of a minute or more: each has several scrapes in it. */
export function bars(title: string, description: string): TimeSeries {
  return stacked(title, description).drawStyle(GraphDrawStyle.Bars).decimals(0).interval('1m')
}

/** The limits, drawn into lines. */
export function limits(): GraphThresholdsStyleConfigBuilder {
  return new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Dashed)
}

/** States in words over time, one row each. */
export function timeline(
  title: string,
  description: string,
  values: Readonly<Record<number, readonly [string, Colour]>>,
): StateTimeline {
  return new StateTimeline()
    .title(title)
    .description(description)
    .datasource(PROMETHEUS)
    .unit(NoUnit)
    .mappings(words(values))
    .thresholds(steps('unknown'))
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Thresholds))
    .mergeValues(true)
    .showValue(VisibilityMode.Never)
    .fillOpacity(90)
    .lineWidth(0)
    .rowHeight(0.8)
    .legend(
      new VizLegendOptionsBuilder()
        .showLegend(true)
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom),
    )
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Single))
    .span(24)
    .height(5)
}

/** The largest of now, as bars that lie one above the other. */
export function ranking(title: string, description: string): BarGauge {
  return new BarGauge()
    .title(title)
    .description(description)
    .datasource(PROMETHEUS)
    .orientation(VizOrientation.Horizontal)
    .reduceOptions(newest())
    .min(0)
    .noValue('none')
    .span(8)
    .height(9)
}

/** Rows with a head. */
export function table(title: string, description: string): Table {
  return new Table()
    .title(title)
    .description(description)
    .datasource(PROMETHEUS)
    .thresholds(noJudgement())
    .noValue('-')
    .span(24)
    .height(9)
}

/** Joins what several questions say of the same thing to one row, and names and orders the columns. */
export function columns(panel: Table, names: Readonly<Record<string, string>>): Table {
  const order = Object.fromEntries(Object.keys(names).map((name, index) => [name, index]))
  return panel.withTransformation({ id: 'merge', options: {} }).withTransformation({
    id: 'organize',
    options: { excludeByName: { Time: true }, indexByName: order, renameByName: names },
  })
}

/** How many values lie in which bucket, over time. */
export function heatmap(title: string, description: string, yUnit: string): Heatmap {
  return new Heatmap()
    .title(title)
    .description(description)
    .datasource(PROMETHEUS)
    .calculate(false)
    .yAxis(new YAxisConfigBuilder().unit(yUnit))
    .color(
      new HeatmapColorOptionsBuilder()
        .mode(HeatmapColorMode.Opacity)
        .fill(COLOURS.maintenance)
        .exponent(0.5)
        .steps(64),
    )
    .thresholds(noJudgement())
    .span(12)
    .height(8)
}

type Overridable = { overrideByName(name: string, properties: ReturnType<typeof coloured>): unknown }

/** Every series of a panel that bears one of the names gets the colour of that name. */
export function inColours<P extends Overridable>(panel: P, colours: Readonly<Record<string, Colour>>): P {
  for (const [name, colour] of Object.entries(colours)) panel.overrideByName(name, coloured(colour))
  return panel
}

/** The same for series of InfluxDB, in whose names the word stands among their labels. */
export function inColoursByWord(panel: TimeSeries, colours: Readonly<Record<string, Colour>>): TimeSeries {
  for (const [word, colour] of Object.entries(colours)) {
    panel.overrideByRegexp(`/\\b${word}\\b/`, coloured(colour))
  }
  return panel
}

function newest(): ReduceDataOptionsBuilder {
  return new ReduceDataOptionsBuilder().calcs(['lastNotNull'])
}
