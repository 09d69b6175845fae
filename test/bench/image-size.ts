import { buildTree, bytesUnder, readImage } from '../packaging/dockerfile.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { type Figure, round } from './figure.ts'

/** What the image holds beside its base: the program and the packages that it needs. */
export function measureImage(): Record<string, Figure> {
  using folder = tempFolder()
  buildTree(folder.path, readImage())
  return { imageSize: { value: round(bytesUnder(folder.path) / 1e6), unit: 'MB of files under /app' } }
}
