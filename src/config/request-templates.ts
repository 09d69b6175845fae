import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { POINT_SOURCES, PROBLEM_SUBJECTS, type RequestTemplate } from '../core/request/template.ts'
import { readYaml } from './yaml-tree.ts'

/** `path` is the file, with the place in it. */
export type RequestTemplateFault = { readonly path: string; readonly message: string }

export type RequestTemplateResult =
  | { readonly ok: true; readonly templates: readonly RequestTemplate[] }
  | { readonly ok: false; readonly faults: readonly RequestTemplateFault[] }

const key = z.string().regex(/^[a-z][a-z\d-]{0,39}$/, 'must be a word of small letters, digits and hyphens')
const text = z.strictObject({ ru: z.string().min(1).max(300), en: z.string().min(1).max(300) })
const points = z.array(z.strictObject({ key, from: z.enum(POINT_SOURCES), label: text })).min(1)
const problems = z
  .array(
    z.strictObject({
      id: key,
      about: z.enum(PROBLEM_SUBJECTS),
      title: text,
      required: z.array(key),
      optional: z.array(key),
    }),
  )
  .min(1)

/** Reads the drafts of the request templates in `folder`: points.yaml and problems.yaml. Every fault is reported. */
export function loadRequestTemplates(folder: string): RequestTemplateResult {
  const faults: RequestTemplateFault[] = []
  const known = read(join(folder, 'points.yaml'), points, faults)
  const path = join(folder, 'problems.yaml')
  const kinds = read(path, problems, faults)
  if (!known || !kinds) return { ok: false, faults }
  const keys = new Set(known.map((point) => point.key))
  for (const { id, required, optional } of kinds) {
    const used = [...required, ...optional]
    for (const name of used.filter((name) => !keys.has(name))) {
      faults.push({ path: `${path}: ${id}`, message: `points.yaml has no point ${name}` })
    }
    for (const name of used.filter((name, n) => used.indexOf(name) !== n)) {
      faults.push({ path: `${path}: ${id}`, message: `${name} is there twice` })
    }
  }
  if (faults.length > 0) return { ok: false, faults }
  const templates = kinds.map(({ id, about, title, required, optional }) => ({
    id,
    version: 1,
    status: 'draft' as const,
    source: '',
    about,
    title,
    points: known
      .filter((point) => required.includes(point.key) || optional.includes(point.key))
      .map((point) => ({ ...point, required: required.includes(point.key) })),
  }))
  return { ok: true, templates }
}

function read<Schema extends z.ZodType>(
  path: string,
  schema: Schema,
  faults: RequestTemplateFault[],
): z.infer<Schema> | undefined {
  const content = contentOf(path)
  if (content === undefined) {
    faults.push({ path, message: 'the file cannot be read; restore it from the original set' })
    return undefined
  }
  const { tree, faults: wrong } = readYaml(content)
  faults.push(...wrong.map((fault) => ({ path: `${path}: ${fault.path}`, message: fault.message })))
  if (wrong.length > 0) return undefined
  const checked = schema.safeParse(tree)
  if (checked.success) return checked.data
  faults.push(
    ...checked.error.issues.map((issue) => ({
      path: `${path}: ${issue.path.join('.')}`,
      message: issue.message,
    })),
  )
  return undefined
}

function contentOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
