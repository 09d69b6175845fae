import { z } from '@hono/zod-openapi'
import { POINT_SOURCES, PROBLEM_SUBJECTS, type RequestTemplate } from '../../core/request/template.ts'

const BothJson = z.object({ ru: z.string(), en: z.string() })

/** A template of requests in an answer. */
export const TemplateJson = z
  .object({
    id: z.string(),
    version: z.number().int(),
    status: z.enum(['draft', 'official']),
    source: z.string(),
    about: z.enum(PROBLEM_SUBJECTS),
    title: BothJson,
    points: z.array(
      z.object({
        key: z.string(),
        label: BothJson,
        required: z.boolean(),
        fill_from: z.enum(POINT_SOURCES).openapi({ description: 'ask: only a person knows it' }),
      }),
    ),
  })
  .openapi('RequestTemplate')

/** A template as the API writes it. */
export function templateJson({ points, title, ...template }: RequestTemplate): z.infer<typeof TemplateJson> {
  return {
    ...template,
    title: { ...title },
    points: points.map(({ key, label, required, from }) => ({
      key,
      label: { ...label },
      required,
      fill_from: from,
    })),
  }
}
