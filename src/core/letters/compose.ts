import type { Language } from './letter.ts'
import { renderTemplate, type Template, type TemplateValues } from './template.ts'

export type ComposedLetter = { readonly subject: string; readonly text: string; readonly html: string }

const MAX_SUBJECT = 200

/** Both parts of a letter from one text, so that they say the same. The first line, which carries the state, is bold in HTML. */
export function composeLetter(
  templates: { readonly subject: Template; readonly body: Template },
  values: { readonly subject: TemplateValues; readonly body: TemplateValues },
  language: Language,
): ComposedLetter {
  const line = renderTemplate(templates.subject, values.subject).flat().join(' ')
  const subject = [...line].slice(0, MAX_SUBJECT).join('')
  const paragraphs = renderTemplate(templates.body, values.body)
  return {
    subject,
    text: `${paragraphs.map((lines) => lines.join('\n')).join('\n\n')}\n`,
    html: page(paragraphs, subject, language),
  }
}

function page(paragraphs: readonly (readonly string[])[], title: string, language: Language): string {
  const body = paragraphs.map((lines, index) => {
    const [first = '', ...rest] = lines.map(escapeHtml)
    const shown = index === 0 ? [`<strong>${first}</strong>`, ...rest] : [first, ...rest]
    return `<p style="margin:0 0 1em">${shown.join('<br>\n')}</p>`
  })
  return [
    '<!DOCTYPE html>',
    `<html lang="${language}">`,
    `<head><meta charset="utf-8"><title>${escapeHtml(title)}</title></head>`,
    '<body style="margin:0;padding:16px;font-family:Arial,Helvetica,sans-serif;font-size:15px;line-height:1.5">',
    `<div lang="${language}" style="max-width:640px">`,
    ...body,
    '</div>',
    '</body>',
    '</html>',
    '',
  ].join('\n')
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character)
}
