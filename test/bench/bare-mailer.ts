import { readFile } from 'node:fs/promises'
import { argv, stdout } from 'node:process'
import nodemailer from 'nodemailer'

// The reference: nodemailer as its documentation shows it, one connection per message and so many at a time. Arguments:
// port of the mail server, connections, file with one message per line. Prints beginning and end in Unix ms.

const [port = '', connections = '', file = ''] = argv.slice(2)
const messages = (await readFile(file, 'utf8')).trimEnd().split('\n')
const transport = nodemailer.createTransport({ host: '127.0.0.1', port: Number(port), ignoreTLS: true })

const startedAt = Date.now()
await Promise.all(Array.from({ length: Number(connections) }, sendAll))
stdout.write(`${startedAt} ${Date.now()}\n`)

async function sendAll(): Promise<void> {
  for (let line = messages.pop(); line !== undefined; line = messages.pop()) {
    const { from, to, bytes }: { from: string; to: string[]; bytes: string } = JSON.parse(line)
    await transport.sendMail({ envelope: { from, to }, raw: Buffer.from(bytes, 'base64') })
  }
}
