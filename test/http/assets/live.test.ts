import { readFileSync } from 'node:fs'
import { createContext, runInContext } from 'node:vm'
import { beforeEach, describe, expect, test, vi } from 'vitest'

const SCRIPT = readFileSync(new URL('../../../src/http/assets/live.js', import.meta.url), 'utf8')
const MINUTE = 60_000

/** A stream as the script sees it; what a browser would do with it is up to the test. */
class Stream {
  static readonly CLOSED = 2
  static readonly all: Stream[] = []
  readyState = 1
  onerror: () => void = () => {}
  constructor() {
    Stream.all.push(this)
  }
  close(): void {
    this.readyState = Stream.CLOSED
  }
  /** The server refuses: the browser gives it up. */
  refuse(): void {
    this.readyState = Stream.CLOSED
    this.onerror()
  }
}

const open = (): readonly Stream[] => Stream.all.filter(({ readyState }) => readyState !== Stream.CLOSED)

let document: EventTarget & { hidden: boolean }
let window: EventTarget

/** Runs the script in a page that is seen. */
beforeEach(() => {
  vi.useFakeTimers()
  load()
  return () => vi.useRealTimers()
})

function load(hidden = false): void {
  Stream.all.length = 0
  const part = Object.assign(new EventTarget(), { hidden: true })
  const box = { hidden: true, dataset: { liveAddress: '/events' }, querySelector: () => part }
  document = Object.assign(new EventTarget(), {
    hidden,
    documentElement: { lang: 'en' },
    querySelector: () => box,
  })
  window = new EventTarget()
  runInContext(
    SCRIPT,
    createContext({
      document,
      window: { EventSource: Stream },
      EventSource: Stream,
      addEventListener: window.addEventListener.bind(window),
      setTimeout,
      clearTimeout,
      Date,
    }),
  )
}

function show(isSeen: boolean): void {
  document.hidden = !isSeen
  document.dispatchEvent(new Event('visibilitychange'))
}

describe('the connection of an open page', () => {
  test('is one, and is tried again a minute after the server has refused it', () => {
    expect(open()).toHaveLength(1)
    open()[0]?.refuse()
    vi.advanceTimersByTime(MINUTE - 1)
    expect(open()).toHaveLength(0)
    vi.advanceTimersByTime(1)
    expect(open()).toHaveLength(1)
  })

  test('that was refused is tried again at once by who comes back to the page', () => {
    open()[0]?.refuse()
    vi.advanceTimersByTime(MINUTE / 2)
    show(false)
    vi.advanceTimersByTime(MINUTE - 1)
    expect(open()).toHaveLength(0)
    show(true)
    expect(open()).toHaveLength(1)
  })

  test('stays one when the page was left and seen again before a refused one is tried again', () => {
    open()[0]?.refuse()
    window.dispatchEvent(new Event('pagehide'))
    window.dispatchEvent(new Event('pageshow'))
    vi.advanceTimersByTime(10 * MINUTE)
    expect(open()).toHaveLength(1)
  })

  test('is not opened by a page that is loaded where nobody sees it, until somebody does', () => {
    load(true)
    window.dispatchEvent(new Event('pageshow'))
    expect(open()).toHaveLength(0)
    show(true)
    expect(open()).toHaveLength(1)
  })

  test('is closed where nobody has seen the page for a minute', () => {
    show(false)
    vi.advanceTimersByTime(MINUTE)
    expect(open()).toHaveLength(0)
    show(true)
    expect(open()).toHaveLength(1)
  })
})
