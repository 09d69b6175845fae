import type { Hook } from '@hono/zod-openapi'
import type { ErrorHandler, NotFoundHandler } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { ServiceStopping, StoreError } from '../ports.ts'
import type { AppDeps, AppOptions } from './deps.ts'
import type { HttpContext, HttpEnv } from './env.ts'
import { faultPage } from './pages/fault.ts'
import { problem } from './problem.ts'

/** Who sends more faults than these is helped by these. */
const MOST_FAULTS = 50
const LONGEST_TEXT = 500

/** Answers a request whose parameters or body are not what the route describes: the faults with their places. */
export const refuseInvalid: Hook<unknown, HttpEnv, string, Response | undefined> = (result, c) => {
  // Without a type no body was read: what was checked is an empty object that nobody sent.
  if (result.target === 'json' && !c.req.header('content-type')) return notJson(c)
  if (result.success) return undefined
  const place = result.target === 'json' ? 'body' : result.target
  const { issues } = result.error
  const errors = issues.slice(0, MOST_FAULTS).map((issue) => ({
    path: [place, ...issue.path.map(String)].join('.').slice(0, LONGEST_TEXT),
    message: issue.message.slice(0, LONGEST_TEXT),
  }))
  const faults = errors.map((error) => `${error.path}: ${error.message}`)
  if (issues.length > MOST_FAULTS) faults.push(`and ${issues.length - MOST_FAULTS} more`)
  return problem(c, 422, faults.join('; '), { errors })
}

/** Answers when a handler threw. What went wrong inside stays in the log. */
export function answerFailure(deps: Pick<AppDeps, 'log'>, options: AppOptions): ErrorHandler<HttpEnv> {
  return (error, c) => {
    if (error instanceof HTTPException && error.status === 400) {
      return problem(c, 400, 'The body is not valid JSON.')
    }
    if (error instanceof HTTPException && error.status === 415) return notJson(c)
    if (error instanceof ServiceStopping) {
      return answer(c, options, 503, 'The service is stopping; nothing was done. Try again when it runs.')
    }
    const fields = { method: c.req.method, path: c.req.path, error }
    if (error instanceof StoreError) {
      deps.log.error('request failed: the store does not work', fields)
      return answer(c, options, 503, 'The database does not work; /readyz says why.')
    }
    deps.log.error('request failed', fields)
    return answer(c, options, 500, 'This is a fault of the program; its log has the details.')
  }
}

function notJson(c: HttpContext): Response {
  return problem(c, 400, 'Send the body as JSON, with Content-Type: application/json.')
}

/** Answers for an address that does not exist. */
export function answerMissing(options: AppOptions): NotFoundHandler<HttpEnv> {
  return (c) => answer(c, options, 404, 'There is nothing at this address.')
}

/** Answers for a form that is longer than what is read. */
export function answerTooLong(options: AppOptions): (c: HttpContext) => Response | Promise<Response> {
  return (c) => answer(c, options, 413, 'The form is too long.')
}

/** Answers for a method that the address does not have. */
export function answerWrongMethod(c: HttpContext, methods: string[]): Response {
  const allow = methods.join(', ')
  // This answer takes the place of one that was packed already, whose headers would stay.
  c.res.headers.delete('Content-Encoding')
  return problem(c, 405, `This address takes ${allow}.`, { headers: { Allow: allow } })
}

function answer(c: HttpContext, options: AppOptions, status: 404 | 413 | 500 | 503, detail: string) {
  const forPeople = !c.req.path.startsWith('/api/') && (c.req.header('accept') ?? '').includes('text/html')
  return forPeople ? c.html(faultPage(c, options, status), status) : problem(c, status, detail)
}
