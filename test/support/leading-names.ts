import { expect } from 'vitest'
import { aliasesOf } from '../../src/core/fleet/alias.ts'
import type { Fleet } from '../../src/core/fleet/fleet.ts'

/** Every name that leads to a terminal, with its row. Fails when the index knows a name that its terminal does not have. */
export function leadingNames(fleet: Fleet): [name: string, row: number][] {
  const names = [...fleet.inventory].flatMap((terminal): [string, number][] =>
    [...new Set([terminal.id, ...aliasesOf(terminal)])]
      .filter((name) => fleet.rows.get(name) === terminal.row)
      .map((name) => [name, terminal.row]),
  )
  expect(names.length).toBe(fleet.rows.size)
  return names
}
