import { expect, test } from 'vitest'
import { createWialonLines } from '../../../src/core/telemetry/wialon-ips-lines.ts'

function linesOf(text: string): readonly string[] {
  const lines = createWialonLines()
  lines.append(new TextEncoder().encode(text))
  const found: string[] = []
  for (let line = lines.next(); line?.kind === 'line'; line = lines.next()) {
    found.push(new TextDecoder().decode(line.bytes))
  }
  return found
}

test.each([
  ['CR LF', '#a\r\n#b\r\n', ['#a', '#b']],
  ['LF', '#a\n#b\n', ['#a', '#b']],
  ['either', '#a\n#b\r\n#c', ['#a', '#b']],
])('a line ends in %s, and the end is no part of it', (_name, text, lines) => {
  expect(linesOf(text)).toEqual(lines)
})
