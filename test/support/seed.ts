import process from 'node:process'
import fc from 'fast-check'

// CI judges the change and not the luck of the day: there every property is tried with the same examples. Each other
// run tries new ones.
if (process.env['CI'] === 'true') fc.configureGlobal({ seed: 20_261_126 })
