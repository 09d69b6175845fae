import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { LONGEST_REPLY, smsReplies } from '../../../src/core/request/sms-reply.ts'

const INFO = 'INFO DID=354002529 HW=2 BL=7 FW=120 REC=1532 IMEI=861234567890123'

describe('a reply to *GETINFO#', () => {
  const read = {
    kind: 'info',
    terminalId: '354002529',
    hardware: '2',
    bootloader: '7',
    firmware: '120',
    records: 1532,
    imei: '861234567890123',
    others: {},
  }

  test.each([
    ['as the terminal writes it', INFO],
    ['in small letters', INFO.toLowerCase()],
    ['in another order', 'INFO IMEI=861234567890123 REC=1532 FW=120 DID=354002529 BL=7 HW=2'],
    [
      'with broken white space',
      'INFO\u00a0DID =\r\n354002529  HW= 2\tBL=7 FW\n=\n120 REC=1532\nIMEI=861234567890123',
    ],
    [
      'quoted in a mail',
      `> > Добрый день, ответ:\n> > ${INFO.replace(' FW', '\n> > FW')}\n\nС уважением, Иван`,
    ],
    ['beside its command', `*GETINFO# ${INFO}.`],
    ['in quotation marks', `Терминал ответил: «${INFO}», спасибо`],
    ['in other quotation marks', `"${INFO}"`],
    ['with a colon after its head', INFO.replace('INFO', 'Info:')],
    ['with commas', INFO.replaceAll(' ', ', ').replace('INFO,', 'INFO')],
    ['with commas and no blanks', INFO.replaceAll(' ', ',').replace('INFO,', 'INFO ')],
  ])('is read %s', (_, text) => {
    expect(smsReplies(text)).toEqual([read])
  })

  test('without some keys leaves them unknown, and keeps keys that nobody knows', () => {
    expect(smsReplies('INFO FW=120 CSQ=17')).toEqual([
      { kind: 'info', firmware: '120', others: { CSQ: '17' } },
    ])
  })

  test('without a value behind a key does not take the next key for it', () => {
    expect(smsReplies('INFO DID=354002529 FW= REC=12')).toEqual([
      { kind: 'info', terminalId: '354002529', records: 12, others: {} },
    ])
  })

  test.each(['INFO FW=1\n20 REC=5', 'INFO FW=1 20 REC=5'])(
    'with a number that is cut in two does not know it: %j',
    (text) => {
      expect(smsReplies(text)).toEqual([{ kind: 'info', records: 5, others: {} }])
    },
  )

  test('takes no markup for a version', () => {
    expect(smsReplies('INFO FW=<b>120</b> REC=5')).toEqual([{ kind: 'info', records: 5, others: {} }])
  })

  test('with a number of records that is none has none', () => {
    expect(smsReplies('INFO DID=1 REC=many')).toEqual([{ kind: 'info', terminalId: '1', others: {} }])
  })
})

describe('a reply to *GETINFO# whose head was lost', () => {
  test.each([
    ['cut off', INFO.replace('INFO ', '')],
    ['in part', INFO.replace('INFO', 'FO')],
    ['in a mail, with other replies behind it', `Ответ: ${INFO.replace('INFO ', '')}\nLINK 1.2.3.4:80 x`],
    ['with few keys', 'did=354002529 hw=2 fw=120'],
  ])('is known by its keys: %s', (_, text) => {
    expect(smsReplies(text)[0]).toMatchObject({ kind: 'info', terminalId: '354002529', firmware: '120' })
  })

  test.each([
    'DID=354002529 FW=120',
    'HW=2 BL=7 FW=120 REC=5',
    'DID=my HW=two FW=new IMEI=none',
    'DID=354002529 HW=2 FW=120 DID=354002530 HW=2 FW=121',
    'https://example.org/?did=354002529&hw=2&fw=120',
  ])('is none where its shape is not clear: %s', (text) => {
    expect(smsReplies(text)).toEqual([])
  })
})

describe('other replies', () => {
  test.each([
    ['LINK 10.20.30.40:9977 15.01.26 10:20:30', '10.20.30.40', 9977, '15.01.26 10:20:30'],
    ['link  srv.example.org : 5203', 'srv.example.org', 5203, ''],
    ['LINK: 10.20.30.40:9977, 15.01.26 10:20:30', '10.20.30.40', 9977, '15.01.26 10:20:30'],
    ['«LINK 10.20.30.40:9977 15.01.26 10:20»', '10.20.30.40', 9977, '15.01.26 10:20'],
  ])('%s tells the server', (text, server, port, time) => {
    expect(smsReplies(text)).toEqual([{ kind: 'link', server, port, time }])
  })

  test('of *GETSTAT# tells the fuel sensors with their states', () => {
    const text = 'STAT 10:20:30 GPS=1 SPD=0 IGN=0 L2=1024:3 L1=512:2 L3=0:9 TEMP=5'
    expect(smsReplies(text)).toEqual([
      {
        kind: 'stat',
        time: '10:20:30',
        gps: '1',
        speed: '0',
        ignition: '0',
        sensors: [
          { number: 1, level: '512', state: 'ready' },
          { number: 2, level: '1024', state: 'error' },
          { number: 3, level: '0', state: 'unknown' },
        ],
        others: { TEMP: '5' },
      },
    ])
  })

  test('keep a value that has a comma of its own', () => {
    expect(smsReplies('STAT 08:00 GPS=55.75,37.61 SPD=0, IGN=1')).toMatchObject([
      { gps: '55.75,37.61', speed: '0', ignition: '1' },
    ])
  })

  test('stand one after the other in one text', () => {
    const kinds = smsReplies(`${INFO}\nLINK 1.2.3.4:80 x\n${INFO}\nSTAT 1 IGN=1`).map(({ kind }) => kind)
    expect(kinds).toEqual(['info', 'link', 'info', 'stat'])
  })

  test.each([
    'Пишите на info@example.org, link: https://doc.omnicomm.ru/',
    'INFO о терминале не приходит',
    'LINK 10.0.0.1:99999',
    'LINK no server here',
    'STAT GPS',
    'INFORMATION DID=1',
    '',
  ])('are not found in: %s', (text) => {
    expect(smsReplies(text)).toEqual([])
  })
})

describe('whatever is pasted', () => {
  test('is read without a fault, in bounded pieces', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 8 }),
      fc.constantFrom(
        'INFO',
        'LINK',
        'STAT',
        ' ',
        '=',
        'DID=',
        'FW=',
        'L1=',
        ':',
        '\n> ',
        'constructor=',
        '__proto__=1',
        '1.2.3.4:80',
      ),
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        const replies = smsReplies(pieces.join(''))
        expect(replies.length).toBeLessThanOrEqual(20)
        expect(JSON.stringify(replies).length).toBeLessThan(20 * 40 * 100)
      }),
    )
  })

  test('is read to 4,096 characters in no time', () => {
    const text = `INFO ${'A=1 '.repeat(5000)}FW=1`
    expect(smsReplies(text)).toEqual([])
    expect(text.length).toBeGreaterThan(LONGEST_REPLY)
    const hard = ['= '.repeat(5000), ' '.repeat(10_000), 'INFO '.repeat(2000), '> '.repeat(5000)]
    const begin = performance.now()
    // So often that a pause of a busy machine is little beside it.
    for (let n = 0; n < 20; n++) for (const one of hard) smsReplies(one)
    expect(performance.now() - begin).toBeLessThan(2000)
  })

  test('gives back what a terminal said, however it is cut, mixed and quoted', () => {
    const word = fc.stringMatching(/^[\dA-Za-z-]{1,20}$/)
    const values = fc.record({ DID: word, HW: word, BL: word, FW: word, IMEI: word })
    const space = fc.constantFrom(' ', '  ', '\n', '\r\n> ', '\t', ' \u00a0')
    fc.assert(
      fc.property(
        values,
        fc.shuffledSubarray(['DID', 'HW', 'BL', 'FW', 'IMEI'], { minLength: 1 }),
        space,
        fc.boolean(),
        (all, keys, gap, small) => {
          const body = keys.map((key) => `${small ? key.toLowerCase() : key}=${all[key as keyof typeof all]}`)
          const [reply] = smsReplies(['Ответ:', small ? 'info' : 'INFO', ...body, 'спасибо'].join(gap))
          const names = { DID: 'terminalId', HW: 'hardware', BL: 'bootloader', FW: 'firmware', IMEI: 'imei' }
          const told = Object.fromEntries(
            keys.map((key) => [names[key as keyof typeof names], all[key as keyof typeof all]]),
          )
          expect(reply).toEqual({ kind: 'info', others: {}, ...told })
        },
      ),
    )
  })
})
