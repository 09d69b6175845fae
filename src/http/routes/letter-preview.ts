import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import { accepts } from 'hono/accepts'
import type { AppDeps, AppOptions } from '../deps.ts'
import type { HttpContext, HttpEnv } from '../env.ts'
import { letterHtml } from '../headers.ts'
import { PreviewKindJson } from '../json/letter.ts'
import { blankAsAbsent } from '../json/list.ts'
import { problem, problems } from '../problem.ts'

const PreviewJson = z
  .object({ subject: z.string(), text: z.string(), html: z.string() })
  .openapi('LetterPreview')

/** Which letter is to be shown, as the API and the page read it. */
export function previewQuery(language: AppOptions['language']) {
  return z.object({
    kind: blankAsAbsent(PreviewKindJson.default('initial')),
    language: blankAsAbsent(z.enum(['ru', 'en']).default(language)),
    outage: blankAsAbsent(z.string().max(200).optional()).openapi({
      description: 'Id of an outage; an invented one when absent. Letters about terminals are about none',
    }),
  })
}

function previewRoute(language: AppOptions['language']) {
  return createRoute({
    method: 'get',
    path: '/api/v1/letters/preview',
    summary:
      'A letter as it would be written now; nothing is sent. Accept: text/html or text/plain gives that part',
    request: { query: previewQuery(language) },
    responses: {
      200: {
        description: 'The letter',
        content: {
          'application/json': { schema: PreviewJson },
          'text/html': { schema: z.string() },
          'text/plain': { schema: z.string() },
        },
      },
      ...problems(404, 422),
    },
  })
}

/** `GET /api/v1/letters/preview`. */
export function addLetterPreview(
  app: OpenAPIHono<HttpEnv>,
  deps: Pick<AppDeps, 'letters'>,
  options: Pick<AppOptions, 'language'>,
): void {
  app.openapi(previewRoute(options.language), async (c) => {
    const { kind, language, outage } = c.req.valid('query')
    const query = { kind, language, ...(outage === undefined ? {} : { outageId: outage }) }
    const letter = await deps.letters.preview(query)
    if (!letter) return problem(c, 404, 'There is no outage with this id.')
    switch (wanted(c)) {
      case 'text/html':
        return letterHtml(c, letter.html)
      case 'text/plain':
        return c.text(letter.text, 200)
      default:
        return c.json({ subject: letter.subject, text: letter.text, html: letter.html }, 200)
    }
  })
}

function wanted(c: HttpContext): string {
  const supports = ['application/json', 'text/html', 'text/plain']
  return accepts(c, { header: 'Accept', supports, default: 'application/json' })
}
