/** A key with its quotes and colon, or a value: its first four bytes, and the others. */
export type Token = { readonly start: number; readonly words: Int32Array; readonly length: number }

/** @param text At least four ASCII characters. */
export function token(text: string): Token {
  const view = new DataView(Uint8Array.from(text, (char) => char.charCodeAt(0)).buffer)
  const { byteLength: length } = view
  const offsets = Array.from({ length: Math.ceil(length / 4) - 1 }, (_, i) => Math.min(4 * i + 4, length - 4))
  const words = Int32Array.from(offsets, (offset) => view.getInt32(offset, true))
  return { start: view.getInt32(0, true), words, length }
}
