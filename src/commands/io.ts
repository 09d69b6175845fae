/** What a command sees of its process. Texts are written as they are: a line brings its own `\n`. */
export type Io = {
  readonly out: (text: string) => void
  readonly err: (text: string) => void
  /** Somebody reads along what `err` writes. */
  readonly errIsTerminal?: boolean
  readonly env: Readonly<Record<string, string | undefined>>
  /** Folder to which relative paths refer. */
  readonly cwd: string
  readonly stdin: AsyncIterable<Uint8Array>
  /** Aborted by SIGINT or SIGTERM, for commands that take signals (main.ts). */
  readonly shutdown: AbortSignal
  /** Calls `reload` at each SIGHUP. */
  readonly onReload: (reload: () => void) => void
}

/** 0 done, 1 failed, 2 wrong usage or invalid configuration. */
export type ExitStatus = 0 | 1 | 2

/** A command: `args` is what follows its name. */
export type Command = (args: readonly string[], io: Io) => Promise<ExitStatus>
