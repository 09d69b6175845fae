import { expect, test } from 'vitest'
import { NEXT_STEP, unusableWords } from '../../../src/core/letters/next-step.ts'

test('every cause has its next step in both languages, in words of that language', () => {
  for (const { ru, en } of Object.values(NEXT_STEP)) {
    expect(ru).toMatch(/[а-яё]{4}/)
    expect(en).not.toMatch(/[а-яё]/i)
    expect(en).toMatch(/[a-z]{4}/)
  }
})

test('the next step comes first and what was seen stays readable', () => {
  const words = unusableWords({ cause: 'credentials', reason: 'login answered 401' }, 'ru')
  expect(words.startsWith('исправьте логин и пароль')).toBe(true)
  expect(words).toContain('(login answered 401)')
  expect(unusableWords({ reason: 'as it is' }, 'en')).toBe('as it is')
})
