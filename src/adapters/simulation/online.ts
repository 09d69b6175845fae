import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http'
import type { Clock, Stop } from '../../ports.ts'
import { close, listen, listenIfFree, portOf } from './loopback-server.ts'
import type { OnlineApi } from './online-api.ts'
import type { Mood, Scene } from './online-script.ts'

export type SimulatedOnline = {
  readonly port: number
  /** `http://127.0.0.1:port/` */
  readonly url: string
  stop(): Promise<void>
}

export type OnlineOptions = {
  /** What happens in a cycle, in the order of time; the first scene begins at 0. */
  readonly script: readonly Scene[]
  /** After this time the script begins anew. */
  readonly cycleMs: number
  readonly onScene: (mood: Mood) => void
  readonly api: OnlineApi
}

/** How long a slow answer takes: longer than the demo's limit for slowness, shorter than that of an attempt. */
export const SLOW_MS = 900
const AGAIN_AFTER_MS = 250
const LARGEST_BODY = 16 * 1024

/** A login page and an API at a loopback port that fail together as the script says, from now on until it is stopped. */
export async function startOnline(
  clock: Clock,
  { script, cycleMs, onScene, api }: OnlineOptions,
): Promise<SimulatedOnline> {
  let mood: Mood = 'answering'
  const answer: RequestListener = (request, response) => {
    const reply = (body: string): void => {
      if (mood === 'error') sendPage(response, 503, ERROR_PAGE)
      else answerWell(api, request, body, response)
    }
    readBody(request).then(
      (body) => {
        if (mood === 'slow') clock.after(SLOW_MS, () => reply(body))
        else reply(body)
      },
      () => void response.destroy(),
    )
  }
  let server: Server | undefined = await listen(answer, 0)
  const port = portOf(server)
  const waiting = new Set<Stop>()
  let changing = Promise.resolve()
  let stopped = false

  async function enter(next: Mood): Promise<void> {
    if (stopped || next === mood) return
    mood = next
    onScene(next)
    await (next === 'refusing' ? shut() : open())
  }

  async function shut(): Promise<void> {
    const closing = server
    server = undefined
    if (closing) await close(closing)
  }

  async function open(): Promise<void> {
    while (!server && !stopped) {
      server = await listenIfFree(answer, port)
      // Somebody's outgoing connection may hold the port for a moment.
      if (!server) await new Promise<void>((resolve) => void clock.after(AGAIN_AFTER_MS, resolve))
    }
  }

  function play(): void {
    waiting.clear()
    for (const { atMs, mood: next } of script) {
      // One change after the other: the port must be free before it is taken again.
      waiting.add(
        clock.after(atMs, () => {
          changing = changing.then(() => enter(next))
          return changing
        }),
      )
    }
    waiting.add(clock.after(cycleMs, play))
  }

  play()
  return {
    port,
    url: `http://127.0.0.1:${port}/`,
    async stop() {
      stopped = true
      for (const cancel of waiting) cancel()
      await changing
      await shut()
    },
  }
}

/** A host that answers always, to tell our own network from the service. */
export async function startControlHost(): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const server = await listen((_request, response) => void response.end('here\n'), 0)
  return { url: `http://127.0.0.1:${portOf(server)}/`, stop: () => close(server) }
}

function answerWell(
  api: OnlineApi,
  { method = '', url = '', headers: { authorization = '' } }: IncomingMessage,
  body: string,
  response: ServerResponse,
): void {
  const target = URL.parse(url, 'http://online.invalid')
  const answer = target && api({ method, target, authorization, body })
  if (!answer) {
    sendPage(response, 200, LOGIN_PAGE)
    return
  }
  response.writeHead(answer.status, { 'content-type': 'application/json; charset=utf-8' })
  response.end(JSON.stringify(answer.value))
}

function sendPage(response: ServerResponse, status: number, page: string): void {
  response.writeHead(status, { 'content-type': 'text/html; charset=utf-8' })
  response.end(page)
}

/** Rejects when there is more than anybody has to say here. */
async function readBody(request: IncomingMessage): Promise<string> {
  let body = ''
  request.setEncoding('utf8')
  for await (const text of request) {
    body += text
    if (body.length > LARGEST_BODY) throw new Error('the body is too long')
  }
  return body
}

const LOGIN_PAGE = `<!doctype html>
<html lang="ru"><head><meta charset="utf-8"><title>Omnicomm Online</title></head>
<body><h1>Omnicomm Online</h1><p>Имитация для демонстрации.</p>
<form><label>Логин <input name="login"></label> <label>Пароль <input name="password" type="password"></label></form>
</body></html>
`

const ERROR_PAGE = '<!doctype html>\n<title>503</title><h1>503 Service Temporarily Unavailable</h1>\n'
