import type { Fault } from '../config/fault.ts'
import { digestFaults } from './flagging.ts'
import { letterFaults } from './mail.ts'
import { retentionFaults } from './retention.ts'

/** What is wrong in the raw tree of a configuration and only those can say who will work with it. */
export function configFaults(tree: unknown, cwd: string): readonly Fault[] {
  return [...letterFaults(tree, cwd), ...digestFaults(tree), ...retentionFaults(tree)]
}
