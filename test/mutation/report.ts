/** A place where the code was changed, and whether a test noticed. Lines and columns count from 1. */
export type Mutant = {
  readonly file: string
  /** Text of the line on which it begins. */
  readonly line: string
  readonly number: number
  readonly from: Place
  readonly to: Place
  readonly code: string
  readonly replacement: string
  /** No test noticed it, or none runs it at all. */
  readonly survived: boolean
}

type Place = { readonly line: number; readonly column: number }

type Report = {
  readonly files: Readonly<
    Record<
      string,
      {
        readonly source: string
        readonly mutants: readonly {
          readonly replacement?: string
          readonly status: string
          readonly location: { readonly start: Place; readonly end: Place }
        }[]
      }
    >
  >
}

/** Reads Stryker's JSON report (mutation testing report schema). */
export function readReport(json: string): readonly Mutant[] {
  const report: Report = JSON.parse(json)
  return Object.entries(report.files).flatMap(([file, { source, mutants }]) => {
    const lines = source.split('\n')
    return mutants
      .filter(({ status }) => status !== 'Ignored')
      .map(({ status, replacement = '', location: { start, end } }) => ({
        file,
        line: (lines[start.line - 1] ?? '').trim(),
        number: start.line,
        from: start,
        to: end,
        code: cut(lines, start, end),
        replacement,
        survived: status === 'Survived' || status === 'NoCoverage',
      }))
  })
}

function cut(lines: readonly string[], start: Place, end: Place): string {
  const rows = lines.slice(start.line - 1, end.line)
  const last = rows.at(-1)?.slice(0, end.column - 1) ?? ''
  return [...rows.slice(0, -1), last].join('\n').slice(start.column - 1)
}
