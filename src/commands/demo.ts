import { type Demo, type DemoEvent, startDemo } from '../compose/demo.ts'
import { DUTY, MOVING, NOTICE_AFTER, RECIPIENTS } from '../compose/demo-config.ts'
import { MINUTE, SECOND } from '../core/time.ts'
import type { ExitStatus, Io } from './io.ts'

/**
 * Runs the service in a simulated world and comments on what happens, until it is told to stop. 1: it could not start,
 * 2: wrong usage.
 */
export async function demoCommand(args: readonly string[], io: Io): Promise<ExitStatus> {
  if (args.length > 0) {
    io.err('usage: omnicomm-watch demo\nThe demo takes no arguments; it brings its own configuration.\n')
    return 2
  }
  io.out('Starting the simulated fleet, Omnicomm Online and mail server ...\n')
  // What happens before the welcome is told after it.
  const early: DemoEvent[] = []
  let tell = (event: DemoEvent): void => void early.push(event)
  let demo: Demo
  try {
    demo = await startDemo({
      adminToken: io.env['WATCH_ADMIN_TOKEN'] ?? '',
      onEvent: (event) => tell(event),
    })
  } catch (error) {
    io.err(`${error instanceof Error ? error.message : String(error)}\n`)
    return 1
  }
  tell = (event) => io.out(eventLines(event))
  io.out(welcome(demo))
  for (const event of early) tell(event)
  await aborted(io.shutdown)
  io.out('\nStopping ...\n')
  tell = () => {}
  await demo.stop()
  io.out('The demo has ended; its folder is removed.\n')
  return 0
}

function welcome({ baseUrl, brokerPort, password, terminalCount, folder, logFile }: Demo): string {
  const recipients = RECIPIENTS.map(({ email, language }) => `${email} (${language})`).join(', ')
  return `
omnicomm-watch runs in a simulated world; everything goes over real protocols.

  Pages     ${baseUrl}/          the fleet by client
            ${baseUrl}/service   the watched service
  User      admin
  Password  ${password}
  MQTT      mqtt://127.0.0.1:${brokerPort}   publish to fleet/ID and see the terminal appear

  Fleet     ${terminalCount} terminals by MQTT (json, flespi) and HTTP push. Some fall silent, some come
            back with an archive, some are parked, without a fix or with a wrong clock.
            Silence of ${MOVING} makes a moving one stale (30m by default).
  Service   A simulated Omnicomm Online: page, port and API (login, state, activity, tree, new
            data). It fails 00:30 after the start for 58 s, is slow later on, and all of it
            again every 5 minutes.
  Letters   due after ${NOTICE_AFTER} of certain downtime (60m by default), to
            ${recipients};
            the operator on duty (${DUTY}, simulated) is warned before, says
            when it will be over and what is known, and announces planned work afterwards.
            All letters are kept in
            ${folder}/mail
  Log       ${logFile} (warnings and errors)

Ctrl-C ends everything.

`
}

function eventLines(event: DemoEvent): string {
  const time = clockText(event.atMs)
  switch (event.kind) {
    case 'seen':
      return `${time}  ${event.line}\n`
    case 'scene':
      return `${time}  [simulation] Omnicomm Online ${SCENES[event.mood]}\n`
    case 'duty':
      return `${time}  [operator on duty] ${event.line}\n`
    case 'letter': {
      const { to, subject, text, file } = event.letter
      const lines = [`letter to ${to}: ${subject}`, ...tellingLines(text), file]
      return `${time}  ${lines.join(`\n${' '.repeat(time.length + 2)}`)}\n`
    }
  }
}

/** The first line, which says the state, and what people ask for next. */
function tellingLines(text: string): readonly string[] {
  const [state = '', ...others] = text.split('\n').map((line) => line.trim())
  return [state, ...others.filter((line) => TELLING.test(line))]
}

const TELLING =
  /^(Expected time|Ожидаемый срок|Next letter|Следующее письмо|Message|Сообщение \(|Page of|Страница сбоя|From|Начало:|Confirmed downtime|Подтверждённая продолжительность недост)/

const SCENES = {
  answering: 'answers well from now on',
  slow: 'answers slowly from now on',
  error: 'answers 503 from now on',
  refusing: 'refuses connections from now on',
} as const

/** `01:05` */
function clockText(ms: number): string {
  const pad = (value: number): string => String(value).padStart(2, '0')
  return `${pad(Math.floor(ms / MINUTE))}:${pad(Math.floor((ms % MINUTE) / SECOND))}`
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
