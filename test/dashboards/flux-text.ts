/** One step of a pipe: its name and its arguments as they are written. */
export type Step = { readonly name: string; readonly args: ReadonlyMap<string, string> }

/** What a filter asks of one column. */
export type Condition = {
  readonly column: string
  readonly test: '==' | '!=' | '=~'
  readonly operand: string
}

/**
 * Reads Flux as far as the dashboards use it: `from(...) |> step(name: value, ...) |> ...`, nothing else. Throws at
 * whatever does not fit: brackets or quotes that are open, arguments without a name, a pipe that does not begin with
 * `from` and `range`. There is no reader of Flux for Node, and no InfluxDB in CI.
 */
export function readFlux(text: string): readonly Step[] {
  const steps = splitOutside(text, '|>').map(readStep)
  if (steps[0]?.name !== 'from' || steps[1]?.name !== 'range') throw new Error(`no from |> range: ${text}`)
  return steps
}

/** The names in `["a", "b"]`. */
export function readList(text: string): readonly string[] {
  const inner = /^\[(.*)\]$/s.exec(text)?.[1]
  if (inner === undefined) throw new Error(`not a list: ${text}`)
  return inner.trim() === '' ? [] : splitOutside(inner, ',').map(readText)
}

/** The renames in `{a: "b"}`. */
export function readRecord(text: string): ReadonlyMap<string, string> {
  const inner = /^\{(.*)\}$/s.exec(text)?.[1]
  if (inner === undefined) throw new Error(`not a record: ${text}`)
  return new Map(splitOutside(inner, ',').map((pair) => readNamed(pair, readText)))
}

export function readText(text: string): string {
  const inner = /^"([^"\\]*)"$/.exec(text.trim())?.[1]
  if (inner === undefined) throw new Error(`not a text: ${text}`)
  return inner
}

/** Alternatives of `(r) => r.a == "b" or r.c =~ /d/`. */
export function readCondition(text: string): readonly Condition[] {
  const body = /^\(r\) => (.*)$/s.exec(text)?.[1]
  if (body === undefined) throw new Error(`not a condition: ${text}`)
  return body.split(' or ').map((part) => {
    const [, column = '', test = '', operand = ''] =
      /^r\.(\w+) (==|!=|=~) ("[^"\\]*"|\/\^.*\$\/)$/.exec(part) ?? []
    if (test !== '==' && test !== '!=' && test !== '=~') throw new Error(`not a condition: ${part}`)
    if ((test === '=~') !== operand.startsWith('/')) throw new Error(`a text is no expression: ${part}`)
    return { column, test, operand: operand.slice(1, -1) }
  })
}

function readStep(text: string): Step {
  const [, name = '', inner] = /^\s*(\w+)\((.*)\)\s*$/s.exec(text) ?? []
  if (inner === undefined) throw new Error(`not a step: ${text}`)
  const args = inner === '' ? [] : splitOutside(inner, ',').map((one) => readNamed(one, (value) => value))
  return { name, args: new Map(args) }
}

function readNamed(text: string, read: (value: string) => string): readonly [string, string] {
  const [, name = '', value] = /^\s*(\w+): (.+)$/s.exec(text) ?? []
  if (value === undefined) throw new Error(`no name and value: ${text}`)
  return [name, read(value)]
}

/** Splits where the mark stands outside of brackets, texts and expressions. */
function splitOutside(text: string, mark: string): readonly string[] {
  const parts: string[] = []
  const open: string[] = []
  let part = ''
  for (let i = 0; i < text.length; i++) {
    const char = text.charAt(i)
    const quote = open.at(-1)
    if (quote === '"' || quote === '/') {
      if (char === quote) open.pop()
    } else if (char === '"' || char === '/') open.push(char)
    else if ('([{'.includes(char)) open.push(char)
    else if (')]}'.includes(char)) {
      if (!['()', '[]', '{}'].includes(`${open.pop()}${char}`)) throw new Error(`a bracket too many: ${text}`)
    }
    if (open.length === 0 && text.startsWith(mark, i)) {
      parts.push(part)
      part = ''
      i += mark.length - 1
    } else part += char
  }
  if (open.length > 0) throw new Error(`open at the end: ${open.join(' ')} in ${text}`)
  return [...parts, part]
}
