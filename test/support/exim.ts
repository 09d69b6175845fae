import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chown, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { TEST_CERTIFICATE, TEST_KEY } from './certificates.ts'
import { freePort } from './mosquitto.ts'
import { until } from './until.ts'

export type Exim = {
  readonly port: number
  /** Messages as they lie in the mailbox, oldest first. */
  delivered(): Promise<readonly string[]>
  /** Its main log, for the words of a failed test. */
  log(): Promise<string>
  dispose(): Promise<void>
}

/** Who may log in. */
export const EXIM_USER = 'watch'
export const EXIM_PASSWORD = 's3cret word'
/** Longest message it takes, bytes. */
export const EXIM_SIZE_LIMIT = 20_000

const BINARY = ['exim4', '/usr/sbin/exim4', 'exim', '/usr/sbin/exim'].find(
  (path) => spawnSync(path, ['-bV']).error === undefined,
)

/** A suite that needs Exim: skipped by name where it is missing, a failure with REQUIRE_SERVERS=1. */
export function describeWithExim(name: string, suite: () => void): void {
  if (BINARY !== undefined) describe(name, suite)
  else if (process.env['REQUIRE_SERVERS'] === '1') {
    test(`${name}: exim is installed`, () => expect(BINARY, 'exim is required here').toBeDefined())
  } else describe.skip(`${name} (skipped: exim is not installed)`, suite)
}

/**
 * Starts a private Exim on a free loopback port that delivers everything into one folder. It refuses `nobody@`, asks
 * `later@` to come back, takes `private@` from those only who logged in (offered in TLS only), and nothing longer
 * than EXIM_SIZE_LIMIT.
 */
export async function startExim(): Promise<Exim> {
  if (BINARY === undefined) throw new Error('exim is not installed')
  const folder = await mkdtemp(join(tmpdir(), 'exim-'))
  const port = await freePort()
  const user = await ordinaryUser()
  for (const part of ['spool', 'log', 'mail']) await mkdir(join(folder, part))
  await writeFile(join(folder, 'key.pem'), TEST_KEY)
  await writeFile(join(folder, 'cert.pem'), TEST_CERTIFICATE)
  await writeFile(join(folder, 'exim.conf'), configuration(folder, port, user))
  if (process.getuid?.() === 0) await giveAway(folder, user)
  const daemon = spawn(BINARY, ['-C', join(folder, 'exim.conf'), '-bdf'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(process.getuid?.() === 0 && user),
  })
  let output = ''
  for (const stream of [daemon.stdout, daemon.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-4000)
    })
  }

  const log = () => readFile(join(folder, 'log', 'mainlog'), 'utf8').catch(() => output)
  await until(async () => {
    if (daemon.exitCode !== null) throw new Error(`exim ended: ${output}${await log()}`)
    return greets(port)
  })
  return {
    port,
    log,
    async delivered() {
      const inbox = join(folder, 'mail', 'new')
      const names = (await readdir(inbox).catch(() => [])).sort()
      return Promise.all(names.map((name) => readFile(join(inbox, name), 'latin1')))
    },
    async dispose() {
      await end(daemon)
      await rm(folder, { recursive: true, force: true })
    },
  }
}

type User = { readonly uid: number; readonly gid: number }

/** Exim started by root would change users; by `nobody`, as by anybody else, it stays what it is. */
async function ordinaryUser(): Promise<User> {
  const own = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 }
  if (own.uid !== 0) return own
  const passwd = await readFile('/etc/passwd', 'utf8')
  const [, uid, gid] = /^nobody:[^:]*:(\d+):(\d+):/m.exec(passwd) ?? []
  return { uid: Number(uid), gid: Number(gid) }
}

async function giveAway(folder: string, { uid, gid }: User): Promise<void> {
  for (const name of ['', ...(await readdir(folder))]) await chown(join(folder, name), uid, gid)
}

function greets(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => resolve(false))
    socket.on('data', (chunk) => {
      socket.end('QUIT\r\n')
      resolve(chunk.toString().startsWith('220'))
    })
  })
}

async function end(daemon: ChildProcess): Promise<void> {
  if (daemon.exitCode !== null || daemon.signalCode !== null) return
  const exited = once(daemon, 'exit')
  daemon.kill('SIGTERM')
  await exited
}

function configuration(folder: string, port: number, { uid, gid }: User): string {
  return `
exim_user = ${uid}
exim_group = ${gid}
primary_hostname = exim.test
spool_directory = ${folder}/spool
log_file_path = ${folder}/log/%slog
pid_file_path = ${folder}/exim.pid
daemon_smtp_ports = ${port}
local_interfaces = 127.0.0.1
keep_environment =
deliver_drop_privilege
never_users =
host_lookup =
rfc1413_query_timeout = 0s
message_size_limit = ${EXIM_SIZE_LIMIT}
tls_advertise_hosts = *
tls_certificate = ${folder}/cert.pem
tls_privatekey = ${folder}/key.pem
auth_advertise_hosts = \${if def:tls_in_cipher {*}{}}
acl_smtp_rcpt = check_recipient

begin acl
check_recipient:
  deny
    local_parts = nobody
    message = 5.1.1 there is no such mailbox
  defer
    local_parts = later
    message = 4.7.1 come back later
  deny
    local_parts = private
    !authenticated = *
    message = 5.7.1 log in first
  accept

begin routers
everything:
  driver = accept
  transport = mailbox

begin transports
mailbox:
  driver = appendfile
  directory = ${folder}/mail
  maildir_format
  create_directory
  user = ${uid}
  group = ${gid}

begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = \${if and{{eq{$auth2}{${EXIM_USER}}}{eq{$auth3}{${EXIM_PASSWORD}}}}}
`
}
