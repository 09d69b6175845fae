// Reads a copy of the database through and, where a data folder is named, makes sure that nobody works on it.
// usage: node check.mjs FILE [DATA_FOLDER]; exit status 1 with the reason on standard error
import { existsSync } from 'node:fs'
import { argv, exit, stderr } from 'node:process'
import { DatabaseSync } from 'node:sqlite'
import { isDataFolderOwned } from '../../src/adapters/system/data-owner.ts'

const [, , file = '', data] = argv
const fault = faultOf(file)
if (fault !== undefined) refuse(`${file} is no sound copy of the database: ${fault}.`)
if (data !== undefined && isDataFolderOwned(data)) refuse(`The service works on ${data}; stop it first.`)

/** @param {string} path */
function faultOf(path) {
  if (!existsSync(path)) return 'there is no such file'
  try {
    const db = new DatabaseSync(path, { readOnly: true })
    const verdict = String(db.prepare('PRAGMA integrity_check(1)').get()?.['integrity_check'])
    const table = db.prepare("SELECT name FROM sqlite_schema WHERE name = 'terminals'").get()
    db.close()
    if (verdict !== 'ok') return verdict
    return table === undefined ? 'it is the database of something else' : undefined
  } catch (error) {
    return String(error)
  }
}

/** @param {string} reason */
function refuse(reason) {
  stderr.write(`${reason}\n`)
  exit(1)
}
