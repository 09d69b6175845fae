/** What a reader of a page sees, without tags and with single spaces. */
export function words(text: string): string {
  return text
    .replace(/<head>.*<\/head>/s, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/[\s\u00a0\u202f]+/g, ' ')
}
