import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  type LanguageTemplates,
  type LetterTemplates,
  ONE_LINE,
  TEMPLATE_FIELDS,
  TEMPLATE_NAMES,
  type TemplateName,
} from '../core/letters/fields.ts'
import type { Language } from '../core/letters/letter.ts'
import { rehearse } from '../core/letters/rehearsal.ts'
import { parseTemplate, type Template } from '../core/letters/template.ts'

/** `path` is the file, with `:line` where a line is at fault. */
export type LetterTemplateFault = { readonly path: string; readonly message: string }

export type LetterTemplateResult =
  | { readonly ok: true; readonly templates: LetterTemplates }
  | { readonly ok: false; readonly faults: readonly LetterTemplateFault[] }

const LANGUAGES: readonly Language[] = ['ru', 'en']
const MAX_BYTES = 64 * 1024

/**
 * Reads the texts of the letters, files `<name>.<language>.txt` in `folder`. Every fault is reported: missing and
 * unreadable files, unknown names of files and of fields.
 */
export function loadLetterTemplates(folder: string): LetterTemplateResult {
  const faults: LetterTemplateFault[] = strangers(folder)
  const load = (language: Language): LanguageTemplates => {
    const read = (name: TemplateName): Template => readTemplate(folder, name, language, faults)
    return {
      subject: read('subject'),
      initial: read('initial'),
      update: read('update'),
      recovery: read('recovery'),
      combined: read('combined'),
      correction: read('correction'),
      'announcement-subject': read('announcement-subject'),
      announcement: read('announcement'),
      'operator-subject': read('operator-subject'),
      'operator-warning': read('operator-warning'),
      'operator-alarm': read('operator-alarm'),
      'operator-intermittent': read('operator-intermittent'),
      'operator-reminder': read('operator-reminder'),
      'operator-notice': read('operator-notice'),
      'operator-report': read('operator-report'),
      'digest-subject': read('digest-subject'),
      digest: read('digest'),
      'note-subject': read('note-subject'),
      note: read('note'),
      'incident-subject': read('incident-subject'),
      incident: read('incident'),
      'incident-over': read('incident-over'),
      'test-subject': read('test-subject'),
      test: read('test'),
    }
  }
  const templates = { ru: load('ru'), en: load('en') }
  // A text can be free of faults and yet say nothing, because all of its lines have conditions.
  if (faults.length === 0) faults.push(...silentLetters(templates, folder))
  return faults.length > 0 ? { ok: false, faults } : { ok: true, templates }
}

function silentLetters(templates: LetterTemplates, folder: string): readonly LetterTemplateFault[] {
  return LANGUAGES.flatMap((language) =>
    rehearse(templates, language).flatMap(({ subject, body, letter, about }) => [
      ...(letter.subject === '' ? [silent(folder, subject, language, about)] : []),
      ...(letter.text.trim() === '' ? [silent(folder, body, language, about)] : []),
    ]),
  )
}

function silent(folder: string, name: string, language: Language, about: string): LetterTemplateFault {
  const message = `nothing is left of this text in ${about}: every line depends on a field that is empty then`
  return { path: join(folder, `${name}.${language}.txt`), message }
}

const NO_TEMPLATE: Template = { paragraphs: [] }

function readTemplate(
  folder: string,
  name: TemplateName,
  language: Language,
  faults: LetterTemplateFault[],
): Template {
  const path = join(folder, `${name}.${language}.txt`)
  const content = readText(path)
  if ('problem' in content) {
    faults.push({ path, message: content.problem })
    return NO_TEMPLATE
  }
  const result = parseTemplate(content.text, TEMPLATE_FIELDS[name])
  if (!result.ok) {
    faults.push(...result.faults.map(({ line, message }) => ({ path: `${path}:${line}`, message })))
    return NO_TEMPLATE
  }
  const lines = result.template.paragraphs.flat().length
  if (ONE_LINE.includes(name) && lines !== 1) {
    faults.push({ path, message: `a subject is one line, this file has ${lines}` })
  }
  return result.template
}

function readText(path: string): { readonly text: string } | { readonly problem: string } {
  try {
    const bytes = readFileSync(path)
    if (bytes.length > MAX_BYTES) return { problem: `the file is larger than ${MAX_BYTES} bytes` }
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) }
  } catch (error) {
    if (error instanceof TypeError) return { problem: 'the file is not UTF-8 text' }
    return { problem: `the file cannot be read (${errorCode(error)}); restore it from the original set` }
  }
}

/** A mistyped name would otherwise mean that somebody's text is silently not used. */
function strangers(folder: string): LetterTemplateFault[] {
  const known = new Set(
    TEMPLATE_NAMES.flatMap((name) => LANGUAGES.map((language) => `${name}.${language}.txt`)),
  )
  try {
    return readdirSync(folder)
      .filter((file) => file.endsWith('.txt') && !known.has(file))
      .map((file) => ({
        path: join(folder, file),
        message: `no letter has this text; known names: ${[...known].join(', ')}`,
      }))
  } catch (error) {
    return [{ path: folder, message: `the folder of letter texts cannot be read (${errorCode(error)})` }]
  }
}

function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error)
}
