import { z } from '@hono/zod-openapi'
import type { HttpContext } from './env.ts'

const TITLES = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  413: 'Content Too Large',
  422: 'Unprocessable Content',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
} as const

/** Statuses that are answered with a problem document. */
export type ProblemStatus = keyof typeof TITLES

/** A problem document (RFC 9457); further members may follow. */
const ProblemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    errors: z
      .array(z.object({ path: z.string(), message: z.string() }))
      .optional()
      .openapi({ description: 'Every fault that was found, with the place where it is.' }),
  })
  .openapi('Problem')

type ProblemDocument = z.infer<typeof ProblemSchema>

type More = {
  readonly errors?: readonly { readonly path: string; readonly message: string }[]
  /** Members beside those of the standard. */
  readonly members?: Readonly<Record<string, unknown>>
  readonly headers?: Readonly<Record<string, string>>
}

/** Answers with `application/problem+json`. `detail` is for people and says what to do. */
export function problem<Status extends ProblemStatus>(
  c: HttpContext,
  status: Status,
  detail: string,
  more: More = {},
) {
  const document: ProblemDocument = { type: 'about:blank', title: TITLES[status], status, detail }
  if (more.errors) document.errors = [...more.errors]
  Object.assign(document, more.members)
  return c.json(document, status, { ...more.headers, 'Content-Type': 'application/problem+json' })
}

/** The problem responses that are a route's own, for its OpenAPI description; openapi.ts adds those of all. */
export function problems<Status extends ProblemStatus>(
  ...statuses: readonly Status[]
): Record<Status, ProblemResponse> {
  const responses: Partial<Record<ProblemStatus, ProblemResponse>> = {}
  for (const status of statuses) responses[status] = problemResponse(status)
  return responses as Record<Status, ProblemResponse>
}

type ProblemResponse = {
  description: string
  content: { 'application/problem+json': { schema: typeof ProblemSchema } }
}

function problemResponse(status: ProblemStatus): ProblemResponse {
  return { description: TITLES[status], content: { 'application/problem+json': { schema: ProblemSchema } } }
}
