/** Longest evidence or reason that a probe hands out. */
const EVIDENCE_LENGTH = 200

/**
 * Text of unknown origin as one line of at most `length` UTF-16 units: control, format and direction characters
 * become spaces, what is cut off ends with an ellipsis.
 */
export function oneLine(text: string, length: number = EVIDENCE_LENGTH): string {
  const line = text
    .slice(0, 20 * length)
    .toWellFormed()
    .replace(/[\p{C}\p{Z}]+/gu, ' ')
    .trim()
  return line.length <= length ? line : `${line.slice(0, length - 1).replace(/[\uD800-\uDBFF]$/, '')}…`
}

/** The title of an HTML page; empty without one. An error page often says in it what it is. */
export function pageTitle(text: string): string {
  return oneLine(/<title[^>]{0,200}>([^<]{1,200})/i.exec(text)?.[1] ?? '', 60)
}
