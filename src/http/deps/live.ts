import type { LiveListener } from '../../core/fleet/live-state.ts'
import type { Scope } from '../../core/fleet/scope.ts'
import type { Stop } from '../../ports.ts'

/** Tells pages that stay open how the fleet is. */
export type LiveDesk = {
  /** Until it is stopped. `full`: as many listen as may; `many`: as many of this account. */
  listen(
    who: { readonly name: string; readonly scope: Scope },
    listener: LiveListener,
  ): Stop | 'full' | 'many'
}
