import { argv, stdin, stdout } from 'node:process'
import { ownDataFolder } from '../../../src/adapters/system/data-owner.ts'

// Owns the data folder until its standard input ends, or says why it cannot.

try {
  const owner = ownDataFolder(argv[2] ?? '')
  stdout.write('owned\n')
  stdin.resume().once('end', () => owner.release())
} catch (error) {
  stdout.write(`${error instanceof Error ? `${error.name}: ${error.message}` : error}\n`)
}
