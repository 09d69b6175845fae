import { TableCellDisplayMode } from '@grafana/grafana-foundation-sdk/common'
import {
  type DynamicConfigValue,
  MappingType,
  SpecialValueMatch,
  ThresholdsConfigBuilder,
  ThresholdsMode,
  type ValueMapping,
} from '@grafana/grafana-foundation-sdk/dashboard'
import { Seconds } from '@grafana/grafana-foundation-sdk/units'
import { COLOURS, type Colour } from './colours.ts'

/** The colour of a value: that of the last step that it reaches; the first step has no value. */
export function steps(
  first: Colour,
  ...more: readonly (readonly [number, Colour])[]
): ThresholdsConfigBuilder {
  return new ThresholdsConfigBuilder()
    .mode(ThresholdsMode.Absolute)
    .steps([
      { value: null, color: COLOURS[first] },
      ...more.map(([value, colour]) => ({ value, color: COLOURS[colour] })),
    ])
}

/** Good below `warning`, bad from `alarm` on. */
export function worseFrom(warning: number, alarm: number): ThresholdsConfigBuilder {
  return steps('up', [warning, 'edge'], [alarm, 'down'])
}

/** Good from `good` on, bad below `warning`. */
export function goodFrom(good: number, warning: number): ThresholdsConfigBuilder {
  return steps('down', [warning, 'edge'], [good, 'up'])
}

/** A number that is neither good nor bad. */
export function noJudgement(): ThresholdsConfigBuilder {
  return steps('maintenance')
}

/** Texts and colours in place of numbers. */
export function words(values: Readonly<Record<number, readonly [string, Colour]>>): ValueMapping[] {
  const options = Object.fromEntries(
    Object.entries(values).map(([value, [text, colour]], index) => [
      value,
      { text, color: COLOURS[colour], index },
    ]),
  )
  return [
    { type: MappingType.ValueToText, options },
    {
      type: MappingType.SpecialValue,
      options: { match: SpecialValueMatch.NullAndNan, result: { text: 'not known', color: COLOURS.unknown } },
    },
  ]
}

/** One fixed colour, as an override. */
export function coloured(colour: Colour): DynamicConfigValue[] {
  return [{ id: 'color', value: { mode: 'fixed', fixedColor: COLOURS[colour] } }]
}

/** The column `late_seconds` of letters: yellow from one minute, red from five. */
export function lateColumn(): DynamicConfigValue[] {
  return [
    { id: 'displayName', value: 'late' },
    { id: 'unit', value: Seconds },
    ...colouredCell(worseFrom(60, 5 * 60)),
  ]
}

/** A column of a table in the colours of its own limits. */
export function colouredCell(limits: ThresholdsConfigBuilder): DynamicConfigValue[] {
  return [
    { id: 'thresholds', value: limits.build() },
    { id: 'custom.cellOptions', value: { type: TableCellDisplayMode.ColorText } },
  ]
}
