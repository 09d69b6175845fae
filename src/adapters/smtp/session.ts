/** A line of the SMTP dialogue as people may see it: credentials are masked. */
export type DialogueLine = { readonly from: 'client' | 'server' | 'note'; readonly text: string }

export type Stage = 'greeting' | 'tls' | 'auth' | 'mail' | 'rcpt' | 'data' | 'body'

/** What is known of one attempt from nodemailer's log; its errors do not tell it. */
export type Session = {
  /** Stage of the last command that was sent. */
  readonly stage: () => Stage
  /** The whole message with its final dot was given to the socket: from here on it may have been accepted. */
  readonly bodyHandedOver: () => boolean
  /** For nodemailer. */
  readonly logger: Readonly<
    Record<'debug' | 'info' | 'warn' | 'error', (entry: unknown, text?: unknown) => void>
  >
}

const STAGES: readonly (readonly [RegExp, Stage])[] = [
  [/^(EHLO|HELO) /, 'greeting'],
  [/^STARTTLS$/, 'tls'],
  [/^AUTH /, 'auth'],
  [/^MAIL FROM:/, 'mail'],
  [/^RCPT TO:/, 'rcpt'],
  [/^DATA$/, 'data'],
]

/** Follows one attempt through the transport's log. */
export function followSession(report: (line: DialogueLine) => void = () => {}): Session {
  let stage: Stage = 'greeting'

  function client(text: string): void {
    const command = STAGES.find(([pattern]) => pattern.test(text))
    stage = command ? command[1] : stage
    report({ from: 'client', text: command?.[1] === 'auth' || !command ? maskedCommand(text, stage) : text })
  }

  function log(entry: unknown, text: unknown): void {
    const tnx = typeof entry === 'object' && entry !== null && 'tnx' in entry ? entry.tnx : undefined
    if (tnx === 'client') client(String(text))
    else if (tnx === 'server') report({ from: 'server', text: String(text) })
    else if (tnx === 'message') {
      stage = 'body'
      report({ from: 'note', text: 'message and final dot sent' })
    }
  }

  return {
    stage: () => stage,
    bodyHandedOver: () => stage === 'body',
    logger: { debug: log, info: log, warn: log, error: log },
  }
}

/** During a login every line but the command's name is a secret. */
function maskedCommand(text: string, stage: Stage): string {
  if (stage !== 'auth') return text
  const mechanism = /^AUTH ([A-Z0-9-]+)/.exec(text)?.[1]
  return mechanism ? `AUTH ${mechanism} ***` : '***'
}
