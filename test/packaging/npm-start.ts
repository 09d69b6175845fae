import { readText } from './compose-file.ts'

/** What `npm start` runs, and the variable of glibc that it sets. */
export function npmStart(): { readonly tunables: string; readonly command: string } {
  const { scripts } = JSON.parse(readText('package.json'))
  const [tunables = '', command = ''] = String(scripts.start).split(' exec ')
  return { tunables, command }
}
