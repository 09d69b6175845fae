import { describe, expect, test } from 'vitest'
import { CAUSE_CODES } from '../../../src/core/freshness/diagnosis/codes.ts'
import { visitSheet } from '../../../src/core/visit/visit-sheet.ts'

const sheet = (cause?: (typeof CAUSE_CODES)[number], model = 'Smart 3.0') =>
  visitSheet({ cause, model }, 'en')

describe('a visit sheet', () => {
  test('has what point 4 of the regulation asks for, whatever the cause', () => {
    for (const cause of [undefined, ...CAUSE_CODES]) {
      const { bring } = sheet(cause)
      for (const part of ['full set of components', 'both lines (5 and 6)', 'wiring diagrams']) {
        expect(bring.join('\n')).toContain(part)
      }
    }
  })

  test('has every check once, those of the cause right after the first ones', () => {
    const usual = sheet().checks
    for (const cause of CAUSE_CODES) {
      const { checks } = sheet(cause)
      expect(checks.toSorted()).toEqual(usual.toSorted())
      expect(checks.slice(0, 3)).toEqual(usual.slice(0, 3))
      expect(checks.slice(-3)).toEqual(usual.slice(-3))
    }
    expect(sheet('sim').checks[3]).toContain('SIM card')
    expect(sheet('antenna').checks[3]).toContain('GPS antenna')
    expect(sheet('power-cut').checks[3]).toContain('Voltage')
  })

  test('names what its cause needs, and everything where no cause is known', () => {
    expect(sheet('sim').bring.join('\n')).toContain('A SIM card that works')
    expect(sheet('sim').bring.join('\n')).not.toContain('Fuses and supply wire')
    expect(sheet().bring.join('\n')).toContain('Fuses and supply wire')
  })

  test('knows the Configurator and the commands of the model', () => {
    expect(sheet('sim', 'Profi 1.0').bring.join('\n')).toContain('needs Configurator 5')
    expect(sheet('sim', '').bring.join('\n')).toContain('take both')
    expect(sheet('sim', 'OBD 2.0')).toMatchObject({
      commands: [],
      commandNote: expect.stringContaining('OBD'),
    })
    expect(sheet('sim', 'OBD 2.0').checks.join()).not.toContain('*')
    expect(sheet('sim').checks.join()).toContain('(*GETLINK#)')
    expect(sheet('sim').commands.map(({ command }) => command)).toContain('*GETLINK#')
  })
})
