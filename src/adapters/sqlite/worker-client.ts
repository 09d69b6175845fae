import { getCompileCacheDir } from 'node:module'
import { setFlagsFromString } from 'node:v8'
import { Worker } from 'node:worker_threads'
import { StoreError } from '../../ports.ts'
import type { DatabaseOptions } from './database.ts'
import type { Operations, Steps } from './operations.ts'
import { toStoreError } from './store-error.ts'
import { OPENING, type Reply, type Request } from './worker-protocol.ts'

/**
 * Calls run strictly in order, but for those in steps (Steps). A call never hangs: when the thread ends, it fails with a
 * StoreError.
 */
export type WorkerClient = {
  /** Resolves when the database is open and rejects with a StoreError when it cannot be; calls may be made before. */
  readonly opened: Promise<void>
  call<Store extends keyof Operations, Method extends keyof Operations[Store] & string>(
    store: Store,
    method: Method,
    args: ArgsOf<Operations[Store][Method]>,
    /** Are handed over, not copied. */
    buffers?: readonly ArrayBuffer[],
  ): Promise<ResultOf<Operations[Store][Method]>>
  /** Calls that were made and have not ended. */
  waiting(): number
  /** What the thread's own heap takes; undefined when the thread has ended. */
  heap(): Promise<StoreHeap | undefined>
  /**
   * Lets the calls before it end, closes the database and ends the thread; later calls, and steps that are left, fail
   * with `closed`.
   */
  close(): Promise<void>
  /** Resolves with the reason when the thread has ended by itself, which is a fault. */
  readonly died: Promise<StoreError>
}

/** Bytes of the heap of the database thread: what is in use, and what it holds of the machine. */
export type StoreHeap = { readonly used: number; readonly total: number }

type ArgsOf<Operation> = Operation extends (...args: infer Args) => unknown ? Args : never
type ResultOf<Operation> = Operation extends (...args: never[]) => infer Result ? EndOf<Result> : never
type EndOf<Result> = Result extends Steps<infer End> ? End : Result

type Pending = { resolve(result: unknown): void; reject(error: StoreError): void }

/** Calls that wait while the disk hangs; the callers wait for theirs, so more is a fault. */
const MAX_PENDING = 10_000

/** Half of the young generation of the thread; a limit of the thread's own would give way to the flag of the process. */
const YOUNG_MB = 1

/** Starts the worker thread, which opens the database. */
export function startWorker(options: DatabaseOptions): WorkerClient {
  // The type stripper is WebAssembly, and V8 frees its compiled import wrappers wrongly when two threads compile them:
  // the process ends in one of a few hundred starts (Node 24.21). Wrappers that never wear out are not compiled.
  setFlagsFromString('--wasm-wrapper-tiering-budget=2000000000')
  // The thread makes little that lives: its young generation need not grow as that of the main thread may.
  setFlagsFromString(`--max-semi-space-size=${YOUNG_MB}`)
  // A thread has a compile cache only when its environment names one; without it all its code is compiled at each start.
  const cache = getCompileCacheDir()
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    workerData: options,
    ...(cache === undefined ? {} : { env: { NODE_COMPILE_CACHE: cache } }),
  })
  const calls = createCalls(options.path)
  const died = Promise.withResolvers<StoreError>()
  const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()))
  let closing: Promise<void> | undefined

  worker.on('message', (reply: Reply) => calls.end(reply))
  worker.on('messageerror', (error) => end(error))
  worker.on('error', (error) => end(error))
  worker.on('exit', () => end(new Error('the thread ended')))

  function end(cause: unknown): void {
    const text = cause instanceof Error ? cause.message : String(cause)
    const error = closing
      ? closedError(options.path)
      : new StoreError(
          'other',
          `Database ${options.path}: its thread failed (${text}); restart the service.`,
          {
            cause,
          },
        )
    calls.endAll(error)
    if (!closing) died.resolve(error)
  }

  const send = (toRequest: (id: number) => Request, buffers: readonly ArrayBuffer[] = []): Promise<unknown> =>
    calls.begin((id) => worker.postMessage(toRequest(id), buffers))

  async function shut(): Promise<void> {
    // A thread that died has been reported and has nothing left to close.
    if (calls.isRefusing()) return ended
    const closed = send((id) => ({ id, store: 'close' }))
    calls.endNew(closedError(options.path))
    await closed.finally(() => ended)
  }

  async function open(): Promise<void> {
    try {
      await calls.opening
    } catch (error) {
      closing = worker.terminate().then(() => {})
      await closing
      throw error
    }
  }

  return {
    opened: open(),
    call: async (store, method, args, buffers) =>
      (await send((id) => ({ id, store, method, args }), buffers)) as ResultOf<
        Operations[typeof store][typeof method]
      >,
    waiting: calls.waiting,
    async heap() {
      try {
        const { used_heap_size: used, total_heap_size: total } = await worker.getHeapStatistics()
        return { used, total }
      } catch {
        return undefined
      }
    },
    close: () => {
      closing ??= shut()
      return closing
    },
    died: died.promise,
  }
}

function closedError(path: string): StoreError {
  return new StoreError('closed', `Database ${path} is closed.`)
}

function createCalls(path: string) {
  const pending = new Map<number, Pending>()
  let lastId = OPENING
  let refusal: StoreError | undefined

  function begin(post: (id: number) => void): Promise<unknown> {
    if (refusal) return Promise.reject(refusal)
    if (pending.size >= MAX_PENDING) {
      const text = `Database ${path} does not keep up: ${MAX_PENDING} calls wait; check its disk.`
      return Promise.reject(new StoreError('other', text))
    }
    lastId += 1
    const id = lastId
    return new Promise((resolve, reject) => {
      pending.set(id, { resolve, reject })
      post(id)
    })
  }

  return {
    opening: new Promise((resolve, reject) => {
      pending.set(OPENING, { resolve, reject })
    }),
    begin,
    isRefusing: () => refusal !== undefined,
    waiting: () => pending.size,
    end(reply: Reply): void {
      const call = pending.get(reply.id)
      pending.delete(reply.id)
      if (reply.kind === 'done') call?.resolve(reply.result)
      else call?.reject(toStoreError(reply.failure))
    },
    /** Refuses what comes from now on. */
    endNew(error: StoreError): void {
      refusal ??= error
    },
    /** Fails what waits and refuses what comes from now on. */
    endAll(error: StoreError): void {
      refusal ??= error
      for (const call of pending.values()) call.reject(error)
      pending.clear()
    },
  }
}
