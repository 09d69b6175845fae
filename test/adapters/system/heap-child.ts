import { argv, stdout } from 'node:process'
import { collectSeldom } from '../../../src/adapters/system/heap.ts'

// Holds some 60 MB and has the whole heap collected; run with --expose-gc. Argument: `seldom` or nothing.

if (argv[2] === 'seldom') collectSeldom()
const held = Array.from({ length: 400_000 }, (_, n) => ({ n, text: [n, n + 1, n + 2], more: { n } }))
globalThis.gc?.()
stdout.write(`${held.length}\n`)
