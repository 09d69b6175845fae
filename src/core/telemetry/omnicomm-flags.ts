/** Names of the bits of General.FLG, from bit 0 (reference/omnicomm-terminal-protocol.md 5.3). */
const FLAGS = [
  'ignition',
  'gsm',
  'gpsValid',
  'roaming',
  'backupPower',
  'panic',
  'caseOpen',
  'output',
  'voiceCall',
  'gpsJamming',
  'gsmJamming',
  'batteryFault',
] as const

type Flag = (typeof FLAGS)[number]

/** The status bits by name; none at all when they were not sent. */
export type OmnicommFlags = Readonly<Record<Flag, boolean>> | Readonly<Partial<Record<Flag, never>>>

export function flagsOf(statusBits: number | undefined): OmnicommFlags {
  if (statusBits === undefined) return {}
  const isSet = (bit: number): boolean => ((statusBits >>> bit) & 1) === 1
  return Object.fromEntries(FLAGS.map((name, bit) => [name, isSet(bit)])) as Record<Flag, boolean>
}
