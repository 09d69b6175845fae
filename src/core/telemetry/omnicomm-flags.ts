/** The status bits of General.FLG by name (reference/omnicomm-terminal-protocol.md 5.3). */
type KnownFlags = {
  readonly ignition: boolean
  readonly gsm: boolean
  readonly gpsValid: boolean
  readonly roaming: boolean
  readonly backupPower: boolean
  readonly panic: boolean
  readonly caseOpen: boolean
  readonly output: boolean
  readonly voiceCall: boolean
  readonly gpsJamming: boolean
  readonly gsmJamming: boolean
  readonly batteryFault: boolean
}

/** None at all when they were not sent. */
export type OmnicommFlags = KnownFlags | { readonly [Flag in keyof KnownFlags]?: never }

const NOT_SENT: OmnicommFlags = {}

export function flagsOf(statusBits: number | undefined): OmnicommFlags {
  if (statusBits === undefined) return NOT_SENT
  return {
    ignition: (statusBits & 1) !== 0,
    gsm: (statusBits & 2) !== 0,
    gpsValid: (statusBits & 4) !== 0,
    roaming: (statusBits & 8) !== 0,
    backupPower: (statusBits & 16) !== 0,
    panic: (statusBits & 32) !== 0,
    caseOpen: (statusBits & 64) !== 0,
    output: (statusBits & 128) !== 0,
    voiceCall: (statusBits & 256) !== 0,
    gpsJamming: (statusBits & 512) !== 0,
    gsmJamming: (statusBits & 1024) !== 0,
    batteryFault: (statusBits & 2048) !== 0,
  }
}
