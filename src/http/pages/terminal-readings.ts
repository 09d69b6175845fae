import { html } from 'hono/html'
import { readingLag } from '../../core/fleet/reading-lag.ts'
import type { ReadingView, TerminalView } from '../../core/fleet/view.ts'
import { type Html, moment, type Reader } from './page.ts'

/** The newest readings with their age; one that is older than the data is marked. */
export function readings(reader: Reader, view: TerminalView): Html {
  const words = reader.texts.unit
  const list = Object.entries(view.readings)
  return html`<section class="card" aria-labelledby="readings">
  <h2 id="readings">${words.readings}</h2>
  ${list.length === 0 ? html`<p>${words.noReadings}</p>` : table(reader, view, list)}
</section>`
}

function table(reader: Reader, view: TerminalView, list: readonly (readonly [string, ReadingView])[]): Html {
  const words = reader.texts.unit
  return html`<table>
    <caption class="hidden">${words.readingsCaption}</caption>
    <thead><tr>
      <th scope="col">${words.readingColumn}</th>
      <th scope="col">${words.value}</th>
      <th scope="col">${words.age}</th>
    </tr></thead>
    <tbody>${list.map(([name, reading]) => row(reader, view, name, reading))}</tbody>
  </table>`
}

function row(reader: Reader, { dataAt }: TerminalView, name: string, reading: ReadingView): Html {
  const { format, now, texts } = reader
  const behind = readingLag(reading, dataAt)
  const [title, unit = ''] = nameOf(reader, name)
  return html`<tr>
      <th scope="row">${title}</th>
      <td class="free">${valueText(reader, name, reading.value)}${unit ? `\u00a0${unit}` : ''}</td>
      <td>${format.duration(Math.max(0, now - reading.at))} <small>${moment(reader, reading.at)}</small>
        ${behind > 0 ? html`<small class="alarm">${texts.unit.old(format.duration(behind))}</small>` : ''}</td>
    </tr>`
}

function nameOf({ texts }: Reader, name: string): readonly [string, string?] {
  const known: Readonly<Record<string, readonly [string, string?]>> = texts.unit.reading
  return (Object.hasOwn(known, name) ? known[name] : undefined) ?? [name]
}

function valueText({ texts, format }: Reader, name: string, value: ReadingView['value']): string {
  switch (typeof value) {
    case 'boolean':
      return value ? texts.unit.yes : texts.unit.no
    case 'number':
      return format.number(name === 'mileageM' ? Math.round(value / 1000) : value)
    case 'string':
      return value
  }
}
