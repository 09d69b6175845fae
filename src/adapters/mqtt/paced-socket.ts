import type { OnReadOpts, Socket } from 'node:net'
import { Duplex } from 'node:stream'

/** What one read takes at most: at one read a millisecond 64 MB/s, far above what a broker has to say. */
const READ_BYTES = 65_536
const REST_MS = 1

/** How the socket is to be opened. */
export type PacedOptions = {
  /** The only way to stop a socket between two reads. */
  readonly onread: OnReadOpts
  /** What the other side has sent before its end may be waiting here: until it is taken, the socket stays. */
  readonly allowHalfOpen: true
}

/**
 * A connection that is read at most once a millisecond. A broker writes each message by itself; read as they come, a
 * full stream of them wakes the process up to 10,000 times a second, for three messages each time, and who asks it for
 * something meanwhile waits for a processor. What comes after a rest is read at once, so that a single message is not
 * late. Real time by intention: this is about the machine's.
 */
export class PacedSocket extends Duplex {
  readonly #socket: Socket
  #wanted = false
  #rest: NodeJS.Timeout | null = null

  constructor(open: (options: PacedOptions) => Socket) {
    super({ allowHalfOpen: false })
    const onread: OnReadOpts = {
      buffer: Buffer.allocUnsafe(READ_BYTES),
      callback: (bytes, buffer) => this.#take(Buffer.from(buffer.subarray(0, bytes))),
    }
    this.#socket = open({ onread, allowHalfOpen: true })
      .on('end', () => this.push(null))
      .on('error', (error) => this.destroy(error))
      .on('close', () => this.#closed())
  }

  override _read(): void {
    this.#wanted = true
    if (this.#rest === null) this.#socket.resume()
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#socket.write(chunk, done)
  }

  override _writev(chunks: { chunk: Buffer }[], done: (error?: Error | null) => void): void {
    this.#socket.write(Buffer.concat(chunks.map(({ chunk }) => chunk)), done)
  }

  override _final(done: () => void): void {
    this.#socket.end(() => done())
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    if (this.#rest !== null) clearTimeout(this.#rest)
    this.#socket.destroy()
    done(error)
  }

  /** False: not one byte more until `resume`. Over TLS what was decrypted already comes all the same. */
  #take(bytes: Buffer): false {
    this.#rest ??= setTimeout(() => this.#rested(), REST_MS)
    this.#wanted = false
    this.push(bytes)
    return false
  }

  #rested(): void {
    this.#rest = null
    if (this.#wanted) this.#socket.resume()
  }

  #closed(): void {
    if (this.#socket.readableEnded && !this.readableEnded) this.once('end', () => this.destroy())
    else this.destroy()
  }
}
