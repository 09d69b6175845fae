const OWN_KEYS = new Set(['time', 'level', 'message'])

/**
 * A JSON log line as a readable one: time (UTC), level, message, fields; where an error came from stands below.
 * Control characters are escaped.
 */
export function textLine(json: string): string {
  const line: unknown = JSON.parse(json)
  const entries = typeof line === 'object' && line !== null ? Object.entries(line) : []
  const own = (key: string): string => String(entries.find(([name]) => name === key)?.[1] ?? '')
  const fields = entries.filter(([key]) => !OWN_KEYS.has(key))
  const shown = fields.map(([key, value]) => escaped(`${key}=${inline(value)}`))
  const stacks = fields.flatMap(([, value]) => stackOf(value)).map((row) => `\n    ${escaped(row.trim())}`)
  const head = [`${own('time').slice(11, 19)}Z`, own('level').padEnd(5), escaped(own('message'))]
  return `${[...head, ...shown].join(' ')}${stacks.join('')}\n`
}

function inline(value: unknown): string {
  if (isError(value)) return JSON.stringify(`${value.name}: ${value.message}`)
  return typeof value === 'string' && /^[\w.:/@+-]+$/.test(value) ? value : JSON.stringify(value)
}

function stackOf(value: unknown): readonly string[] {
  return isError(value) ? value.stack.split('\n').slice(1) : []
}

function isError(value: unknown): value is { name: string; message: string; stack: string } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'message' in value &&
    'stack' in value &&
    typeof value.stack === 'string'
  )
}

/** Nothing that moves a terminal's cursor, changes its colours or reverses the text reaches it. */
function escaped(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (char) => {
    return `\\u${(char.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`
  })
}
