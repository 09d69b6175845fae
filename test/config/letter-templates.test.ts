import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { loadLetterTemplates } from '../../src/config/letter-templates.ts'
import { rehearse } from '../../src/core/letters/rehearsal.ts'

const SHIPPED = new URL('../../config/letters', import.meta.url).pathname

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'letters-'))
  cpSync(SHIPPED, folder, { recursive: true })
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function faults(): readonly string[] {
  const result = loadLetterTemplates(folder)
  return result.ok
    ? []
    : result.faults.map(({ path, message }) => `${path.slice(folder.length + 1)}: ${message}`)
}

describe('the texts of the letters', () => {
  test('that come with the program are valid', () => {
    expect(faults()).toEqual([])
  })

  test.each(['ru', 'en'] as const)('end no sentence twice, as after the year of a date: %s', (language) => {
    const result = loadLetterTemplates(SHIPPED)
    if (!result.ok) throw new Error('invalid')
    for (const { about, letter } of rehearse(result.templates, language)) {
      const sentences = [letter.subject, ...letter.text.split('\n')]
      expect([about, sentences.filter((line) => /(?<!\.)\.\.(?!\.)/.test(line))]).toEqual([about, []])
    }
  })

  test('name in every language what the regulation and the specification demand', () => {
    const result = loadLetterTemplates(SHIPPED)
    if (!result.ok) throw new Error('invalid')
    const outage = [
      'service',
      'outage',
      'since',
      'certain',
      'possible',
      'plannedWork',
      'intermittent',
      'contact',
    ]
    const now = ['unavailable', 'answersSince', 'confirmedAt', 'unobservableSince']
    const expected = ['expected', 'expectedPassed', 'expectedWithdrawn', 'expectedUnknown', 'expectedBy']
    const open = [...outage, ...now, ...expected, 'host', 'components', 'message', 'nextLetterBy']
    const demanded = {
      initial: open,
      update: [...open, 'expectedIsNew', 'messageIsNew', 'nothingNew'],
      recovery: [...outage, 'end'],
      combined: [...outage, 'end'],
      correction: ['service', 'outage', 'since', 'reason', 'contact'],
      announcement: ['service', 'work', 'from', 'to', 'withdrawn', 'contact'],
      'operator-warning': ['link', 'noticeAfter', 'certain', 'expected'],
      'operator-alarm': ['link', 'noticeAfter', 'certain', 'possible'],
      'operator-reminder': ['link', 'reason', 'lastFail'],
      'operator-notice': ['reasons', 'link'],
      'operator-report': ['month', 'rows'],
      digest: [
        'headline',
        'since',
        'incidents',
        'silent',
        'steps',
        'never',
        'unstable',
        'back',
        'known',
        'link',
      ],
      note: ['silent', 'steps', 'unstable', 'link'],
      incident: ['group', 'since', 'silent', 'expected', 'theirs', 'cause', 'link'],
      'incident-over': ['group', 'end', 'duration', 'stillSilent', 'link'],
    } as const
    for (const language of ['ru', 'en'] as const) {
      for (const [kind, fields] of Object.entries(demanded)) {
        const template = Object.entries(result.templates[language]).find(([name]) => name === kind)?.[1]
        const named = template?.paragraphs.flat().flatMap(({ needs }) => needs)
        expect({ kind, named }).toEqual({ kind, named: expect.arrayContaining([...fields]) })
      }
    }
  })

  test('name the state in the first line of whatever is proven', () => {
    const result = loadLetterTemplates(SHIPPED)
    if (!result.ok) throw new Error('invalid')
    for (const language of ['ru', 'en'] as const) {
      for (const kind of ['initial', 'update'] as const) {
        const [first = []] = result.templates[language][kind].paragraphs
        const states = ['unavailable', 'answersSince', 'confirmedAt']
        expect(first.map(({ needs }) => needs.filter((field) => states.includes(field)))).toEqual(
          states.map((state) => [state]),
        )
      }
    }
  })

  test('may be replaced, with a byte order mark and other line ends', () => {
    writeFileSync(join(folder, 'initial.ru.txt'), '\ufeffНет связи с {{service}}.\r\n\r\nС {{since}}.\r\n')
    const result = loadLetterTemplates(folder)
    if (!result.ok) throw new Error('invalid')
    expect(result.templates.ru.initial.paragraphs).toHaveLength(2)
    expect(result.templates.ru.initial.paragraphs[0]?.[0]?.pieces[0]).toEqual({ text: 'Нет связи с ' })
  })

  test('are refused with file, line and field, all faults at once', () => {
    writeFileSync(join(folder, 'initial.ru.txt'), 'x\n\n{{servise}}\n{{reason}}\n')
    writeFileSync(join(folder, 'subject.en.txt'), '{{certain}}\n')
    rmSync(join(folder, 'combined.en.txt'))
    expect(faults()).toEqual([
      expect.stringContaining('initial.ru.txt:3: unknown field "servise"; known here: name, service,'),
      expect.stringContaining('initial.ru.txt:4: unknown field "reason"'),
      expect.stringContaining(
        'subject.en.txt:1: unknown field "certain"; known here: service, outage, startDate',
      ),
      expect.stringMatching(/^combined\.en\.txt: the file cannot be read \(ENOENT\)/),
    ])
  })

  test.each([
    ['a subject of two lines', 'subject.ru.txt', 'a\nb\n', 'a subject is one line, this file has 2'],
    ['an empty file', 'test.ru.txt', '\n', 'the template is empty'],
    [
      'bytes that are not UTF-8',
      'test.ru.txt',
      Buffer.from([0xcf, 0xf0, 0xe8]),
      'the file is not UTF-8 text',
    ],
    ['a file that is too large', 'test.ru.txt', 'x'.repeat(70_000), 'the file is larger than 65536 bytes'],
    ['a mistyped name', 'inital.ru.txt', 'x', 'no letter has this text'],
  ])('refuse %s', (_name, file, content, message) => {
    writeFileSync(join(folder, file), content)
    expect(faults()).toEqual([expect.stringContaining(message)])
  })

  test.each([
    ['update.ru.txt', '{{?unavailable}}x\n', 'nothing is left of this text in an update (answers-again)'],
    [
      'operator-subject.en.txt',
      '{{?warning}}x\n',
      "nothing is left of this text in the operators' letter alarm",
    ],
    ['announcement.en.txt', '{{?announced}}x\n', 'nothing is left of this text in a withdrawn announcement'],
  ])('refuse %s when it may say nothing', (file, content, message) => {
    writeFileSync(join(folder, file), content)
    expect(faults()[0]).toContain(`${file}: ${message}`)
  })

  test('are missed as a folder when it is not there', () => {
    rmSync(folder, { recursive: true })
    expect(faults()[0]).toContain('the folder of letter texts cannot be read (ENOENT)')
  })
})
