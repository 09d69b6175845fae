import { spawn } from 'node:child_process'
import { connect, type Socket } from 'node:net'
import { execPath } from 'node:process'
import { createInterface } from 'node:readline'
import { expect, test } from 'vitest'
import { until } from '../support/until.ts'

const OPEN_FILES = 700
/** More than either listener may have, and together more than there are files. */
const EACH = 500

test('two listeners together leave files for the rest of the service, however many connections come', async () => {
  using child = startChild()
  const { lines } = child
  await until(() => lines.length === 1, 20_000)
  const { ports } = JSON.parse(lines[0] ?? '')
  const sockets = ports.flatMap((port: number) => Array.from({ length: EACH }, () => openSocket(port)))
  try {
    await until(() => sockets.every((socket: Socket) => !socket.connecting), 20_000)
    const seen = async () => {
      const before = lines.length
      child.ask()
      await until(() => lines.length > before)
      return JSON.parse(lines[before] ?? '')
    }
    await until(async () => {
      const { connections, refused } = await seen()
      return [0, 1].every((n) => connections[n] + refused[n].total === EACH)
    }, 20_000)
    const share = (OPEN_FILES - 256) / 2
    expect(await seen()).toMatchObject({ connections: [share, share], failures: [], file: 'read' })
  } finally {
    for (const socket of sockets) socket.destroy()
  }
}, 60_000)

function openSocket(port: number): Socket {
  return connect(port, '127.0.0.1').on('error', () => {})
}

/** The listeners in a process with few files; what it prints, line by line. */
function startChild() {
  const script = new URL('few-files-child.ts', import.meta.url).pathname
  const limited = `ulimit -n ${OPEN_FILES} && exec "$0" "$1"`
  const child = spawn('sh', ['-c', limited, execPath, script], { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines: string[] = []
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line))
  return {
    lines,
    ask: () => void child.stdin.write('?\n'),
    [Symbol.dispose]: () => void child.kill('SIGKILL'),
  }
}
