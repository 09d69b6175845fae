import { parseArgs } from 'node:util'
import { configFaults } from '../compose/config-faults.ts'
import { effectiveYaml } from '../config/effective.ts'
import { faultLine } from '../config/fault.ts'
import { loadConfig } from '../config/load.ts'
import type { ExitStatus, Io } from './io.ts'

/**
 * Validates the configuration and prints the effective one as YAML, secrets masked, with its warnings as comments
 * before it. Status 2 with every fault on standard error when it is not valid.
 */
export async function checkConfigCommand(
  args: readonly string[],
  io: Pick<Io, 'out' | 'err' | 'env' | 'cwd'>,
): Promise<ExitStatus> {
  const options = readOptions(args)
  if (typeof options === 'string') {
    io.err(`${options}\nusage: check-config [--config FILE]\n`)
    return 2
  }
  const loaded = await loadConfig({ file: options.config, env: io.env, cwd: io.cwd, further: configFaults })
  if (!loaded.ok) {
    io.err(faultReport(loaded))
    return 2
  }
  const source = loaded.file ?? 'embedded defaults (no config/watch.yaml)'
  const warnings = loaded.warnings.map((warning) => `# warning: ${faultLine(warning)}\n`)
  io.out(`# ${source}\n${warnings.join('')}${effectiveYaml(loaded.config)}`)
  return 0
}

/** Every fault in a line of its own, under the name of the file. */
export function faultReport(failed: {
  readonly faults: readonly { readonly path: string; readonly message: string }[]
  readonly file: string | null
}): string {
  const count = failed.faults.length === 1 ? '1 fault' : `${failed.faults.length} faults`
  const lines = failed.faults.map((fault) => `  ${faultLine(fault)}\n`)
  return `The configuration is not valid (${failed.file ?? 'embedded defaults'}), ${count}:\n${lines.join('')}`
}

function readOptions(args: readonly string[]): { readonly config: string | undefined } | string {
  try {
    const { values } = parseArgs({ args: [...args], options: { config: { type: 'string' } } })
    return { config: values.config }
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
