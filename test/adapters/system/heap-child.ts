import { argv, stdout } from 'node:process'
import { collectOldSeldom, collectYoungAlone } from '../../../src/adapters/system/heap.ts'

// Holds some 60 MB and has the whole heap collected; run with --expose-gc. Argument: terminals.

collectYoungAlone()
collectOldSeldom(Number(argv[2]))
const held = Array.from({ length: 400_000 }, (_, n) => ({ n, text: [n, n + 1, n + 2], more: { n } }))
globalThis.gc?.()
stdout.write(`${held.length}\n`)
