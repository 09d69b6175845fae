/** Characters. */
export const LONGEST_CONTACT_TEXT = 200

/** How a dealer's clients reach him, by phone or e-mail (regulation, points 12 and 18). */
export type DealerContact = {
  /** The dealer as the inventory says it; empty: of everybody who has none of his own. */
  readonly id: string
  readonly name: string
  readonly phone: string
  readonly email: string
  /** When somebody answers, in words. */
  readonly hours: string
}

/** Whether a text names a messenger: answers given there are not official (point 12). */
export function namesMessenger(text: string): boolean {
  return MESSENGERS.test(text)
}

/** Whether an address is one that private people have: it may be somebody's personal contact (point 12). */
export function isPersonalMail(email: string): boolean {
  return PERSONAL_DOMAINS.has(
    email
      .slice(email.lastIndexOf('@') + 1)
      .trim()
      .toLowerCase(),
  )
}

/** The contact for a dealer: his own, else that of everybody; undefined: there is none. */
export function contactFor(
  contacts: ReadonlyMap<string, DealerContact>,
  dealer: string,
): DealerContact | undefined {
  return contacts.get(dealer) ?? contacts.get('')
}

/** One line for texts: `Name, phone, e-mail (hours)`. */
export function contactLine({ name, phone, email, hours }: DealerContact): string {
  const line = [name, phone, email].filter((part) => part !== '').join(', ')
  return hours === '' ? line : `${line} (${hours})`
}

const MESSENGERS = new RegExp(
  [
    // Addresses of messengers and social networks, and names in them.
    '(?:^|[^\\p{L}\\p{N}.@])(?:t\\.me|wa\\.me|vk\\.(?:me|com|ru)|max\\.ru|telegram\\.\\p{L}+)(?![\\p{L}\\p{N}])',
    '(?:^|[^\\p{L}\\p{N}.])(?:tg|тг|viber|whatsapp)(?:$|[^\\p{L}\\p{N}.])',
    '(?:^|\\s)@[a-z]\\w{3,}',
    'whats\\s*app|вотсап|ватсап|viber|вайбер|telegram|телеграм|skype|скайп|мессенджер|messenger',
  ].join('|'),
  'iu',
)

const PERSONAL_DOMAINS: ReadonlySet<string> = new Set([
  ...['gmail.com', 'googlemail.com', 'outlook.com', 'hotmail.com', 'live.com', 'yahoo.com', 'icloud.com'],
  ...['mail.ru', 'bk.ru', 'inbox.ru', 'list.ru', 'internet.ru', 'vk.com', 'rambler.ru'],
  ...['yandex.ru', 'ya.ru', 'yandex.com', 'yandex.by', 'yandex.kz', 'proton.me', 'protonmail.com'],
])
