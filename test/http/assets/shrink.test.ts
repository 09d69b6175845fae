import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { shrinkScript, shrinkStyle } from '../../../src/http/assets/shrink.ts'

test.each([
  [
    '/* Why. */\na {\n  color: red;\n  margin: 0 -1px;\n}\n\nb,\ni {\n  top: 0;\n}',
    'a{color:red;margin:0 -1px}b,i{top:0}',
  ],
  [
    '@media (max-width: 44rem) {\n  a :is(b, i):hover {\n    top: 0;\n  }\n}',
    '@media (max-width: 44rem){a :is(b,i):hover{top:0}}',
  ],
  ['td::before {\n  content: attr(data-label) ": ";\n}', 'td::before{content:attr(data-label) ": "}'],
  [
    'a {\n  width: calc(100% + 1rem - (2px * 3));\n}\n\na > * + * {\n  top: 0;\n}',
    'a{width:calc(100% + 1rem - (2px * 3))}a > * + *{top:0}',
  ],
])('a style sheet says the same in less room: %j', (css, shorter) => {
  expect(shrinkStyle(css)).toBe(shorter)
})

test('no string of our style sheets is changed by it', () => {
  const folder = new URL('../../../src/http/assets/', import.meta.url)
  const sheets = readdirSync(folder).filter((name) => name.endsWith('.css'))
  const stringsIn = (css: string) =>
    css.replaceAll(/\/\*.*?\*\//gs, '').match(/"[^"]*"|'[^']*'|url\([^)]*\)/g)
  const texts = sheets.map((name) => readFileSync(new URL(name, folder), 'utf8'))
  expect(texts.flatMap(stringsIn).length).toBeGreaterThan(sheets.length)
  for (const css of texts) expect(stringsIn(shrinkStyle(css))).toEqual(stringsIn(css))
})

test('a script loses whole lines of comment and indents, and nothing that runs', () => {
  const script = `/**
 * What it is for.
 */
;(() => {
  /** What it does. */
  function at(text) {
    // Why.
    return text.replace('//', '/* no comment */')
  }

  return at('http://x') // here
})()
`
  expect(shrinkScript(script)).toBe(`;(() => {
function at(text) {
return text.replace('//', '/* no comment */')
}
return at('http://x') // here
})()
`)
})
