import type { Language } from '../letters/letter.ts'

/** Where the value of a point can be found; `ask`: only a person knows it. */
export const POINT_SOURCES = [
  'ask',
  'account',
  'vehicle',
  'terminal',
  'serial',
  'model',
  'firmware',
  'hardware',
  'imei',
  'archive',
  'link',
  'sim',
  'lastData',
  'readings',
  'period',
  'many',
  'ticket',
  'sensors',
  'service',
  'client',
  'contact',
] as const

export type PointSource = (typeof POINT_SOURCES)[number]

/** One point of a request. */
export type RequestPoint = {
  readonly key: string
  readonly label: Readonly<Record<Language, string>>
  readonly required: boolean
  readonly from: PointSource
}

/**
 * What a kind of problem is about. `equipment`: firmware must be current first (regulation, point 3). `department`: it
 * does not go to technical support (point 8).
 */
export const PROBLEM_SUBJECTS = ['equipment', 'data', 'service', 'department', 'other'] as const

export type ProblemSubject = (typeof PROBLEM_SUBJECTS)[number]

/**
 * The points of one kind of problem. `draft`: our own proposal, for the official list of the FAQ is not known to us;
 * `official`: somebody pasted the points of the FAQ (regulation, points 7 and 13).
 */
export type RequestTemplate = {
  /** Kind of problem, such as `no-data`. */
  readonly id: string
  readonly version: number
  readonly status: 'draft' | 'official'
  /** Where the official points were taken from, and when. */
  readonly source: string
  readonly about: ProblemSubject
  readonly title: Readonly<Record<Language, string>>
  readonly points: readonly RequestPoint[]
}

/** The kind of problem that a check is about when nobody says another one. */
export const USUAL_PROBLEM = 'no-data'
/** The kind of problem that a missing position is. */
export const POSITION_PROBLEM = 'wrong-position'

/** The official points of a kind of problem, as somebody pasted them. */
export type OfficialPoints = Pick<RequestTemplate, 'points' | 'source'>
