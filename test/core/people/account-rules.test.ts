import { describe, expect, test } from 'vitest'
import {
  accountKey,
  accountLikeness,
  accountNameFault,
  passwordFault,
  passwordText,
} from '../../../src/core/people/account-rules.ts'

/** Marks above and below a letter, which NFKC puts in order: the time it takes grows with the square of their number. */
const MARKS = `a${'\u0315\u0300\u0316'.repeat(20_000)}`

describe('the name of an account', () => {
  test.each([
    ['admin', undefined],
    ['ольга@дилер.рф', undefined],
    ['محمد', undefined],
    ['a.b_c-d@e', undefined],
    ['7', undefined],
    ['я'.repeat(64), undefined],
    ['я'.repeat(65), 'too-long'],
    ['', 'empty'],
    ['..', 'signs'],
    ['-', 'signs'],
    ['two words', 'signs'],
    ['a/b', 'signs'],
    ['a\u0000', 'signs'],
    ['a\u202eb', 'signs'],
    ['<b>', 'signs'],
    ['adm\u0456n', 'scripts'],
    ['\u03bflga', 'scripts'],
    ['ivan@ромашка.рф', undefined],
    ['ромашка-2.North', undefined],
  ])('%j: %s', (name, fault) => {
    expect(accountNameFault(name)).toBe(fault)
  })

  test('is the same in any case and any way to write a letter', () => {
    expect(accountKey('ОЛЬГА')).toBe(accountKey('ольга'))
    expect(accountKey('\u0439')).toBe(accountKey('\u0438\u0306'))
    expect(accountKey('ａdmin')).toBe(accountKey('admin'))
  })

  test('looks like another one whose letters are of another alphabet, in either case', () => {
    expect(accountLikeness('асе')).toBe(accountLikeness('ace'))
    expect(accountLikeness('ТОМ')).toBe(accountLikeness('tom'))
    expect(accountLikeness('ΑΒΕ')).toBe(accountLikeness('ABE'))
    expect(accountLikeness('анна')).not.toBe(accountLikeness('anna'))
    expect(accountLikeness('ольга')).not.toBe(accountLikeness('olga'))
  })

  test('is not looked for in an endless text, which would take longer than anybody may wait', () => {
    expect(accountKey(MARKS).length).toBeLessThan(1000)
    expect(accountKey('я'.repeat(64))).toHaveLength(64)
  })
})

describe('a password', () => {
  test('is the same in any way to write a letter, and nobody has an endless one', () => {
    expect(passwordText('пароль и\u0306')).toBe(passwordText('пароль \u0439'))
    expect(passwordText('x'.repeat(4000))).toHaveLength(4000)
    expect(passwordText(MARKS)).toBeUndefined()
  })

  test.each([
    ['correct horse', undefined],
    ['12345678901', 'too-short'],
    ['123456789012', undefined],
    ['длинный пароль', undefined],
    // Six signs each of which NFKC takes apart into three letters.
    ['㎧㎧㎧㎧', undefined],
    ['x'.repeat(1000), undefined],
    ['x'.repeat(1001), 'too-long'],
    ['Olga@example.org', 'name'],
    ['ＯＬＧＡ@example.org', 'name'],
  ])('%j: %s', (password, fault) => {
    expect(passwordFault(password, 'olga@example.org')).toBe(fault)
  })
})
