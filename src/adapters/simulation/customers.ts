import { pick, type Random } from './random.ts'
import type { RoadName } from './roads.ts'

export type Vehicle = {
  readonly name: string
  readonly group: string
  /** Profile of the inventory, which has thresholds of its own. */
  readonly profile: string
  readonly speedKmh: readonly [number, number]
  readonly tankLitres: number
  readonly netVoltage: 12 | 24
}

/** An invented client of an invented dealer. */
export type Customer = {
  readonly client: string
  readonly dealer: string
  readonly region: string
  readonly regionCode: string
  readonly operator: string
  readonly roads: readonly RoadName[]
  readonly vehicles: readonly Vehicle[]
}

const TIPPER: Vehicle = heavy('КамАЗ 65115', 'Самосвалы', [25, 70])
const LORRY: Vehicle = heavy('МАЗ 5440', 'Магистральные тягачи', [60, 92])
const TIMBER: Vehicle = heavy('Урал 4320', 'Лесовозы', [20, 60])
const TANKER: Vehicle = heavy('ГАЗ-3309 молоковоз', 'Молоковозы', [35, 75])
const BUS: Vehicle = heavy('ПАЗ-3204', 'Автобусы', [15, 55])
const SWEEPER: Vehicle = heavy('КО-713 на ЗИЛ', 'Коммунальная техника', [10, 35])
const TRACTOR: Vehicle = { ...heavy('МТЗ-82', 'Тракторы', [6, 28]), profile: 'tractor' }
const VAN: Vehicle = {
  ...heavy('ГАЗель Next', 'Фургоны', [25, 85]),
  tankLitres: 68,
  netVoltage: 12,
}

const NIZHNY = { region: 'Нижегородская область', operator: 'МТС' } as const
const NORTH = 'Навигатор-НН'
const VOLGA = 'Волга-Телематика'
const CAPITAL = 'Спутник-Сервис'

export const CUSTOMERS: readonly Customer[] = [
  customer('ВолгаСтройТранс', NORTH, '152', ['nizhny', 'dzerzhinsk'], [TIPPER, VAN]),
  customer('АгроПоле', NORTH, '52', ['arzamas', 'bor'], [TRACTOR, TANKER]),
  customer('Приволжье-Логистика', VOLGA, '152', ['volga', 'nizhny'], [LORRY, VAN]),
  customer('Борский лес', VOLGA, '52', ['bor'], [TIMBER]),
  customer('Городские маршруты', NORTH, '152', ['nizhny'], [BUS]),
  customer('Чистый двор', VOLGA, '52', ['nizhny', 'dzerzhinsk'], [SWEEPER, TIPPER]),
  {
    ...customer('Столица-Доставка', CAPITAL, '797', ['mkad'], [VAN, LORRY]),
    region: 'Москва',
    operator: 'МегаФон',
  },
  {
    ...customer('Молоко Владимира', CAPITAL, '33', ['volga'], [TANKER]),
    region: 'Владимирская область',
    operator: 'Билайн',
  },
]

/** The letters that Russian number plates use. */
const PLATE_LETTERS = [...'АВЕКМНОРСТУХ']

/** `А123ВС152` */
export function plate(random: Random, regionCode: string): string {
  const letter = (): string => pick(random, PLATE_LETTERS)
  const number = String(1 + Math.floor(random() * 999)).padStart(3, '0')
  return `${letter()}${number}${letter()}${letter()}${regionCode}`
}

function heavy(name: string, group: string, speedKmh: readonly [number, number]): Vehicle {
  return { name, group, profile: 'truck', speedKmh, tankLitres: 250, netVoltage: 24 }
}

function customer(
  client: string,
  dealer: string,
  regionCode: string,
  roads: readonly RoadName[],
  vehicles: readonly Vehicle[],
): Customer {
  return { ...NIZHNY, client, dealer, regionCode, roads, vehicles }
}
