/** Values of rows, one kind of number each. */
export type Column = Float64Array | Float32Array | Uint32Array | Uint16Array | Uint8Array

type ColumnKind<Kind extends Column> = {
  readonly BYTES_PER_ELEMENT: number
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): Kind
}

/** The bytes of columns one after the other, in the order of the machine: little-endian wherever Node runs. */
export function concat(columns: readonly Column[]): Uint8Array {
  const bytes = new Uint8Array(columns.reduce((sum, column) => sum + column.byteLength, 0))
  let at = 0
  for (const { buffer, byteOffset, byteLength } of columns) {
    bytes.set(new Uint8Array(buffer, byteOffset, byteLength), at)
    at += byteLength
  }
  return bytes
}

/** Takes the values of certain rows out of a column, in the order of the rows. */
export type Gather = <Kind extends Column>(column: Kind) => Kind

/** Rows one after the other are a view of the column. */
export function gathering(rows: Uint32Array): Gather {
  const first = rows[0] ?? 0
  if (isRun(rows)) return (column) => column.subarray(first, first + rows.length) as typeof column
  return (column) => {
    const values = new (column.constructor as new (length: number) => typeof column)(rows.length)
    for (let i = 0; i < rows.length; i++) values[i] = column[rows[i] ?? 0] ?? 0
    return values
  }
}

function scatter<Kind extends Column>(column: Kind, rows: Uint32Array, values: Kind, areRun: boolean): void {
  if (areRun) column.set(values, rows[0] ?? 0)
  else for (let i = 0; i < rows.length; i++) column[rows[i] ?? 0] = values[i] ?? 0
}

export type BlockReader = ReturnType<typeof readBlock>

/**
 * Takes columns off the front of bytes; throws where there are not enough. `intoEmpty`: what they are put into is all
 * zero, and memory that no zero is written to is not taken from the system.
 */
export function readBlock(bytes: Uint8Array, intoEmpty = false) {
  let at = 0
  let checked: Uint32Array | undefined
  let areRun = false
  function take<Kind extends Column>(kind: ColumnKind<Kind>, length: number): Kind {
    const size = kind.BYTES_PER_ELEMENT * length
    if (size > bytes.length - at) throw damaged()
    const start = bytes.byteOffset + at
    at += size
    // Numbers of several bytes are read in place only where they stand at a multiple of their size.
    if (start % kind.BYTES_PER_ELEMENT === 0) return new kind(bytes.buffer, start, length)
    return new kind(bytes.slice(at - size, at).buffer, 0, length)
  }
  return {
    take,
    /** Takes a value for each of the rows and puts it there. */
    into<Kind extends Column>(column: Kind, rows: Uint32Array): void {
      const values = take(column.constructor as unknown as ColumnKind<Kind>, rows.length)
      if (intoEmpty && areZero(values)) return
      if (rows !== checked) areRun = isRun(rows)
      checked = rows
      scatter(column, rows, values, areRun)
    },
    isAtEnd: (): boolean => at === bytes.length,
  }
}

/** What is told of bytes that are none of ours. */
export function damaged(): Error {
  return new Error('stored registers are of another version or damaged; restore a backup of the data folder')
}

/** Looked at as words of one kind: to look at values of five kinds takes ten times as long. Bytes are not worth it. */
function areZero({ buffer, byteOffset, byteLength, BYTES_PER_ELEMENT }: Column): boolean {
  if (BYTES_PER_ELEMENT < WORD) return false
  const words = new Uint32Array(buffer, byteOffset, byteLength / WORD)
  for (let i = 0; i < words.length; i++) if (words[i] !== 0) return false
  return true
}

const WORD = Uint32Array.BYTES_PER_ELEMENT

function isRun(rows: Uint32Array): boolean {
  const first = rows[0] ?? 0
  for (let i = 1; i < rows.length; i++) if (rows[i] !== first + i) return false
  return true
}
