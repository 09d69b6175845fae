import type { z } from '@hono/zod-openapi'
import { LetterJson } from '../../src/http/json/letter.ts'
import { listOf } from '../../src/http/json/list.ts'
import { OutageDetailJson, OutageJson } from '../../src/http/json/outage.ts'
import { ServiceJson } from '../../src/http/json/service.ts'
import { TerminalJson, TransitionJson } from '../../src/http/json/terminal.ts'

export type ServiceApi = ReturnType<typeof serviceApi>

/** The service's API as a client with the admin token sees it; answers are checked against their documented shapes. */
export function serviceApi(base: string, adminToken: string) {
  async function request(path: string, init: RequestInit = {}): Promise<Response> {
    return fetch(`${base}${path}`, {
      ...init,
      headers: { authorization: `Bearer ${adminToken}`, ...init.headers },
    })
  }

  async function read<Schema extends z.ZodType>(path: string, schema: Schema): Promise<z.output<Schema>> {
    const response = await request(path)
    if (!response.ok) throw new Error(`GET ${path}: ${response.status} ${await response.text()}`)
    return schema.parse(await response.json())
  }

  return {
    base,
    request,
    /** Undefined while nobody knows the terminal. */
    async terminal(id: string) {
      const response = await request(`/api/v1/terminals/${encodeURIComponent(id)}`)
      return response.status === 404 ? undefined : TerminalJson.parse(await response.json())
    },
    terminals: async () => (await read('/api/v1/terminals?limit=1000', listOf(TerminalJson))).items,
    /** Newest first. */
    history: async (id: string) =>
      (await read(`/api/v1/terminals/${encodeURIComponent(id)}/history`, listOf(TransitionJson))).items,
    service: () => read('/api/v1/service', ServiceJson),
    outages: async () => (await read('/api/v1/outages', listOf(OutageJson))).items,
    /** The newest outage, and how many there are. */
    async newestOutage() {
      const { items, total } = await read('/api/v1/outages?limit=1', listOf(OutageJson))
      return { outage: items[0], total }
    },
    outage: (id: string) => read(`/api/v1/outages/${id}`, OutageDetailJson),
    letters: async () => (await read('/api/v1/letters?limit=1000', listOf(LetterJson))).items,
    /** The bytes of a letter. */
    async eml(id: string) {
      const response = await request(`/api/v1/letters/${encodeURIComponent(id)}.eml`)
      return Buffer.from(await response.arrayBuffer())
    },
    /** A push as a sender makes it, with its own token. */
    push: (source: string, token: string, body: string | Uint8Array, headers: Record<string, string> = {}) =>
      request(`/api/v1/ingest/${source}`, {
        method: 'POST',
        body: typeof body === 'string' ? body : new Uint8Array(body),
        headers: { authorization: `Bearer ${token}`, ...headers },
      }),
    /** Whether the service says that it can do its work, and why not. */
    async readiness(): Promise<{ readonly status: number; readonly text: string }> {
      const response = await request('/readyz')
      return { status: response.status, text: await response.text() }
    },
    /** Sum of a metric over all series whose labels contain `labels`; 0 when there is none. */
    async metric(name: string, labels = ''): Promise<number> {
      const text = await (await request('/metrics')).text()
      return text
        .split('\n')
        .filter(
          (line) => (line.startsWith(`${name}{`) || line.startsWith(`${name} `)) && line.includes(labels),
        )
        .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0)
    },
  }
}
