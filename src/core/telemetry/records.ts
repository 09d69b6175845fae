import { isRecord } from './found.ts'

/**
 * The records in one parsed message: the elements of a list or of a Telegraf batch (`{"metrics":[...]}` and nothing
 * else), otherwise the value itself.
 */
export function splitRecords(parsed: unknown): readonly unknown[] {
  if (Array.isArray(parsed)) return parsed
  if (!isRecord(parsed) || !Array.isArray(parsed['metrics'])) return [parsed]
  for (const key in parsed) if (key !== 'metrics') return [parsed]
  return parsed['metrics']
}
