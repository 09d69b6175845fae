const russianPlural = new Intl.PluralRules('ru')

/** Russian counts: 1 клиент, 2 клиента, 5 клиентов. */
export function counted(count: number, one: string, few: string, many: string): string {
  const form = russianPlural.select(count)
  return `${count} ${form === 'one' ? one : form === 'few' ? few : many}`
}

/** The Russian verb before a count: замолчал 21 терминал, замолчали 22, замолчали 25. */
export function agreeing(count: number, one: string, other: string): string {
  return russianPlural.select(count) === 'one' ? one : other
}
