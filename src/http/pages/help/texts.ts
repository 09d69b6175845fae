import type { Language } from '../../../core/letters/letter.ts'
import type { HelpTexts } from './outline.ts'
import { helpEn } from './texts/en.ts'
import { helpRu } from './texts/ru.ts'

/** The guide in each language; one that lacks a text does not compile. */
export const HELP: Readonly<Record<Language, HelpTexts>> = { ru: helpRu, en: helpEn }
