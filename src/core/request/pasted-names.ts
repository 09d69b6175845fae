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
  return name
    .toUpperCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '')
    .replaceAll(/[АВЕКМНОРСТУХ]/g, (letter) => LOOKALIKES[letter] ?? letter)
}

const LETTER = '[ABEKMHOPCTYX]'
/** Russian plates of cars and trucks, of trailers, and of buses and taxis, with their region. */
const PLATES = [
  `${LETTER}\\d{3}${LETTER}{2}\\d{2,3}`,
  `${LETTER}{2}\\d{4}\\d{2,3}`,
  `${LETTER}{2}\\d{3}\\d{2,3}`,
  `\\d{4}${LETTER}{2}\\d{2,3}`,
]
/** The part of a plate before its region. */
const CORE = new RegExp(`^(${LETTER}\\d{3}${LETTER}{2})(\\d{2,3})?$`)
const PLATE = new RegExp(`(?<![A-Z])(?:${PLATES.join('|')})(?!\\d)`)
const WHOLE_PLATE = new RegExp(`^(?:${PLATES.join('|')})$`)

/** The plate in a folded name, such as `A123BC77` in `KAMAZ A123BC77`. */
export function plateIn(name: string): string | undefined {
  return PLATE.exec(name)?.[0]
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
