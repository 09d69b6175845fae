import { MINUTE } from '../time.ts'

/** `burst` calls at once, and `perMinute` in the long run: in no 60 seconds more than their sum. */
export type Rate = { readonly burst: number; readonly perMinute: number }

/**
 * What Omnicomm Online allows in any minute (reference/omnicomm-online-api.md 3); beyond it an address or a user is
 * blocked. Authorised calls are counted by user, unauthorised ones (logins) by address.
 */
export const DOCUMENTED_PER_MINUTE = { authorised: 180, unauthorised: 60, refused: 10 } as const

/**
 * No more than 60 calls in any minute: so many were seen to be safe where a steady 120 made an account time out
 * (reference/omnicomm-online-api.md 9). The burst is for what comes together: the tries of a round, a poll, the tree.
 */
export const USER_RATE: Rate = { burst: 10, perMinute: 50 }

/** Leaves room for calls that are held up on their way and reach the server closer together than they left. */
export const UNAUTHORISED_RATE: Rate = { burst: 15, perMinute: 30 }

/** Half of the documented limit, for the same reason. */
export const REFUSED_PER_MINUTE = 5

/**
 * The same with those that came together: when a service forgets its sessions, all calls that are on their way are
 * refused at once, and the login that mends it must still be let through.
 */
export const REFUSED_TOGETHER_PER_MINUTE = 9

/** When the bucket would be full again, on a clock that never goes back, ms; 0: it is full. */
export type Bucket = number

/**
 * Takes one token: the call may go in `waitMs`, and `bucket` is what then remains. A token bucket in the form of the
 * generic cell rate algorithm (ITU-T I.371), which has one number for a state and adds up no rounding errors.
 */
export function takeToken(
  bucket: Bucket,
  { burst, perMinute }: Rate,
  nowMs: number,
): { readonly waitMs: number; readonly bucket: Bucket } {
  const tokenMs = MINUTE / perMinute
  const goesAt = Math.max(nowMs, bucket - (burst - 1) * tokenMs)
  return { waitMs: Math.ceil(goesAt - nowMs), bucket: Math.max(bucket, goesAt) + tokenMs }
}
