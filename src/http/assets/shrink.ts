/**
 * A style sheet without what only its authors read: comments, and the space between its parts. Strings of ours hold no
 * comma, semicolon or brace beside a space.
 */
export function shrinkStyle(css: string): string {
  return css
    .replaceAll(/\/\*.*?\*\//gs, '')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/ ?([{};,]) ?/g, '$1')
    .replaceAll(/(?<=[\w-]): (?=[^{}]*[;}])/g, ':')
    .replaceAll(';}', '}')
    .trim()
}

/** A script without comments on lines of their own and without indents; its lines stay, they may end statements. */
export function shrinkScript(script: string): string {
  return script.replaceAll(/^\s*\/\*\*.*?\*\/\s*$/gms, '').replaceAll(/^\s*(\/\/.*)?\n|^\s+/gm, '')
}
