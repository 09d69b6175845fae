const FIRST_TERMINAL = 300_000_000

/** Id of the n-th simulated terminal. */
export function terminalId(n: number): string {
  return String(FIRST_TERMINAL + n)
}

/** What a gateway publishes for a moving vehicle: 140 to 150 bytes. */
export function sampleMessage(n: number, at: number): string {
  const latitude = 56 + (n % 10_007) / 100_000
  const longitude = 43 + (n % 99_991) / 1_000_000
  return JSON.stringify({
    ident: terminalId(n),
    ts: at,
    lat: latitude,
    lon: longitude,
    speed: 20 + (n % 70),
    course: n % 360,
    sats: 7 + (n % 8),
    ignition: true,
    voltage: 24 + (n % 40) / 10,
    gsm: 40 + (n % 60),
  })
}
