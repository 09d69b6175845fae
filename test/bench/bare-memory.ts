import { argv, stdout } from 'node:process'

// The reference: a process that takes so many MB of memory of the machine and writes into each page of it. Prints the seconds.

const PAGE_BYTES = 4096
const BLOCK_BYTES = 16 * 1024 * 1024
const blocks: Uint8Array[] = []
const startedAt = performance.now()
for (let left = Number(argv[2]) * 1e6; left > 0; left -= BLOCK_BYTES) {
  const block = new Uint8Array(Math.min(left, BLOCK_BYTES))
  for (let at = 0; at < block.length; at += PAGE_BYTES) block[at] = 1
  blocks.push(block)
}
stdout.write(`${(performance.now() - startedAt) / 1000}\n`)
