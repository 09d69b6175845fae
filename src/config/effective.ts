import { stringify } from 'yaml'
import { z } from 'zod'
import { maskSecrets } from './mask.ts'
import { type Config, configSchema } from './schema.ts'

/** The effective configuration as YAML: every key with its value, durations as text, secrets masked. */
export function effectiveYaml(config: Config): string {
  return stringify(maskSecrets(z.encode(configSchema, config)), { lineWidth: 0 })
}
