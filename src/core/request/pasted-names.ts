/** Letters of plates that look the same in both alphabets: Latin by Cyrillic. */
const LOOKALIKES: Readonly<Record<string, string>> = {
  А: 'A',
  В: 'B',
  Е: 'E',
  К: 'K',
  М: 'M',
  Н: 'H',
  О: 'O',
  Р: 'P',
  С: 'C',
  Т: 'T',
  У: 'Y',
  Х: 'X',
}

/** A name as it is compared: letters and digits only, in capitals, letters that look alike being one. */
export function folded(name: string): string {
  return withoutBlanks(spaced(name))
}

const LETTER = '[ABEKMHOPCTYX]'
/**
 * Russian plates with their region: of cars and trucks, of trailers, of buses and taxis, and of tractors and
 * motorcycles. People leave blanks between letters, digits and region. A crane of the model KC-45717 looks like a bus,
 * so where there is a plate of a truck that one counts.
 */
const PLATES = [
  `${LETTER} ?\\d{3} ?${LETTER} ?${LETTER} ?\\d{2,3}`,
  `${LETTER} ?${LETTER} ?\\d{4} ?\\d{2,3}`,
  `${LETTER} ?${LETTER} ?\\d{3} ?\\d{2,3}`,
  `(?<!\\d)\\d{4} ?${LETTER} ?${LETTER} ?\\d{2,3}`,
]
/** The part of a plate before its region. */
const CORE = new RegExp(`^(${LETTER}\\d{3}${LETTER}{2})(\\d{2,3})?$`)
const WITHIN = PLATES.map((plate) => new RegExp(`(?<![A-Z])${plate}(?!\\d)`))
const WHOLE_PLATE = new RegExp(`^(?:${PLATES.join('|')})$`)

/**
 * The name of a terminal, folded, and the plate in it: `A123BC77` of `KAMAZ A123BC77`. That is looked for before the
 * blanks go, for most words end in a letter of plates, and behind such a letter no plate begins.
 */
export function readName(name: string): { readonly name: string; readonly plate: string | undefined } {
  const text = spaced(name)
  return { name: withoutBlanks(text), plate: plateIn(text) }
}

/** A folded plate without the mark of the country behind its region, as people write it. */
export function withoutCountry(text: string): string {
  return text.replace(/^(.{8,9})RUS$/, (whole, plate: string) => (isPlate(plate) ? plate : whole))
}

/** `A123BC` of `A123BC77`: people often leave the region out. */
export function plateCore(plate: string): string | undefined {
  return CORE.exec(plate)?.[1]
}

/** Whether a folded text is a plate and nothing else. */
export function isPlate(text: string): boolean {
  return WHOLE_PLATE.test(text)
}

function plateIn(text: string): string | undefined {
  for (const plate of WITHIN) {
    const found = plate.exec(text)?.[0]
    if (found !== undefined) return withoutBlanks(found)
  }
  return undefined
}

/** In capitals, letters that look alike being one, with a blank for whatever stands between letters and digits. */
function spaced(name: string): string {
  return name
    .toUpperCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .replaceAll(/[АВЕКМНОРСТУХ]/g, (letter) => LOOKALIKES[letter] ?? letter)
}

function withoutBlanks(text: string): string {
  return text.replaceAll(' ', '')
}
