import { type Fault, pathText } from './fault.ts'
import type { Config } from './schema.ts'

/** What keeps letters from reaching people, or people from acting on them, with the next step. */
export function letterWarnings(config: Config): Fault[] {
  return [
    ...recipientWarnings(config),
    ...senderWarnings(config),
    ...operatorWarnings(config),
    ...digestWarnings(config),
  ]
}

function recipientWarnings({ letters }: Config): Fault[] {
  if (letters.recipients.length > 0) return []
  return [
    {
      path: 'letters.recipients',
      message: 'is empty: nobody will get letters about outages but those who are entered on the page',
    },
  ]
}

function senderWarnings({ letters }: Config): Fault[] {
  if (letters.smtp === '') {
    return [{ path: 'letters.smtp', message: 'is empty: letters are written as .eml files and reach nobody' }]
  }
  const found: Fault[] = []
  if (/@localhost>?$/.test(letters.from)) {
    found.push({
      path: 'letters.from',
      message: 'is still the default: mail servers refuse senders at localhost',
    })
  }
  const { domain } = letters.dkim
  if (domain !== undefined && !isUnder(domainOf(letters.from), domain)) {
    found.push({
      path: 'letters.dkim.domain',
      message: 'is not the domain of letters.from, so the signature does not speak for the sender (DMARC)',
    })
  }
  return found
}

function operatorWarnings({ letters, service, http }: Config): Fault[] {
  const found: Fault[] = []
  if (letters.operators.length === 0) {
    found.push({
      path: 'letters.operators',
      message: 'is empty: nobody is warned before a letter is due, nor told of alarms',
    })
  } else if (http.publicUrl === '') {
    found.push({
      path: 'http.publicUrl',
      message: 'is empty: letters to operators carry no link to the page of the outage',
    })
  }
  if (letters.warnAfter >= service.noticeAfter) {
    found.push({
      path: 'letters.warnAfter',
      message: 'is not below service.noticeAfter: the warning comes too late',
    })
  }
  return found
}

function digestWarnings({ flagging }: Config): Fault[] {
  return flagging.digests.flatMap(({ recipients }, index) => {
    if (recipients.length > 0) return []
    const path = pathText(['flagging', 'digests', index, 'recipients'])
    return [{ path, message: 'is empty: nobody gets this digest' }]
  })
}

function domainOf(from: string): string {
  return from.slice(from.lastIndexOf('@') + 1).replace(/>\s*$/, '')
}

function isUnder(domain: string, parent: string): boolean {
  const [own, above] = [domain.toLowerCase(), parent.toLowerCase()]
  return own === above || own.endsWith(`.${above}`)
}
