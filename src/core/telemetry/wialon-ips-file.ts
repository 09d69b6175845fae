import { readCount } from './wialon-ips-values.ts'

export type WialonFile =
  /** A block of a picture or a file: so many bytes follow the line that are no text. */
  | { readonly kind: 'file'; readonly followingBytes: number; readonly answer: string | undefined }
  /** A block of unknown length: where the next line begins cannot be told. */
  | { readonly kind: 'garbage'; readonly detail: string }

/** Terminals send blocks of some 50 KB. */
const LARGEST_BLOCK_BYTES = 1024 * 1024

/**
 * `#I#size;index;last;...` (a block of a picture), `#T#code;size;...` (of a tachograph file), `#US#size`, `#UC#size`
 * and `#IT#`, which no bytes follow. Pictures are answered, since a terminal would send a block again and again.
 */
export function readWialonFile(fields: readonly string[], type: 'I' | 'T' | 'IT' | 'US' | 'UC'): WialonFile {
  if (type === 'IT') return { kind: 'file', followingBytes: 0, answer: undefined }
  const size = readCount((type === 'T' ? fields[1] : fields[0])?.trim() ?? '')
  if (typeof size !== 'number' || size > LARGEST_BLOCK_BYTES) {
    return { kind: 'garbage', detail: `#${type}#: not the size of a block that can be passed over` }
  }
  return { kind: 'file', followingBytes: size, answer: type === 'I' ? pictureAnswer(fields) : undefined }
}

function pictureAnswer([, index = '', last = '']: readonly string[]): string {
  if (!/^\d{1,9}$/.test(index)) return '#AI#NA;0'
  return Number(index) === Number(last) && last !== '' ? '#AI#1' : `#AI#${index};1`
}
