/** Gives the memory back at once: until the garbage collector does, a large fleet would be in memory twice. */
export function release({ buffer }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer) buffer.transfer(0)
}
