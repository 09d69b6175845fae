import { fileURLToPath } from 'node:url'
import { type LetterTemplateFault, loadLetterTemplates } from '../config/letter-templates.ts'
import type { LetterTemplates } from '../core/letters/fields.ts'

/** Folder of the letters' texts: part of the program, beside src. */
const FOLDER = fileURLToPath(new URL('../../config/letters', import.meta.url))

/** Reads the texts of the letters. Throws an error that names every fault in them. */
export function readTemplates(): LetterTemplates {
  const read = loadLetterTemplates(FOLDER)
  if (read.ok) return read.templates
  throw new Error(read.faults.map(({ path, message }) => `${path}: ${message}`).join('\n'))
}

/** Every fault in the texts of the letters. */
export function templateFaults(): readonly LetterTemplateFault[] {
  const read = loadLetterTemplates(FOLDER)
  return read.ok ? [] : read.faults
}
