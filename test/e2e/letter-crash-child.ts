import { argv, kill, pid } from 'node:process'
import { playLetterScenario } from '../support/letter-scenario.ts'

// Plays the outage of letter-scenario.ts and kills itself at the n-th point of it (0: nowhere), naming the points.

const [database = '', smtpUrl = '', nth = '0'] = argv.slice(2)
let passed = 0
await playLetterScenario({
  database,
  smtpUrl,
  point(name) {
    passed++
    if (passed === Number(nth)) kill(pid, 'SIGKILL')
    if (nth === '0') process.stdout.write(`${name}\n`)
  },
})
