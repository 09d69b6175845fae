import type { HelpTexts } from '../outline.ts'
import { administratorEn } from './administrator-en.ts'
import { glossaryEn } from './glossary-en.ts'
import { operatorEn } from './operator-en.ts'
import { hurryEn, startEn } from './start-en.ts'
import { technicianEn } from './technician-en.ts'
import { wordsEn } from './words-en.ts'

/** The guide in English. */
export const helpEn: HelpTexts = {
  title: 'Help',
  lead: 'Short and to the point. Begin with what has happened.',
  hurry: hurryEn,
  contents: 'Contents',
  about: 'Help',
  parts: {
    start: 'Where to begin',
    technician: 'For technicians: terminals',
    operator: 'For operators: the service and its letters',
    administrator: 'For administrators',
  },
  sections: { ...startEn, ...technicianEn, ...operatorEn, ...administratorEn },
  words: wordsEn,
  glossaryTitle: 'Glossary',
  glossary: glossaryEn,
}
