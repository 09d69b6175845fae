/** What a list tells of a longer text: what to begin with. The whole is on the terminal's page. */
export function firstSentence(text: string): string {
  return /^.*?[.!?](?=\s|$)/s.exec(text)?.[0] ?? text
}
