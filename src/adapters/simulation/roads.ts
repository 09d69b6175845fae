/** Degrees. */
export type Point = { readonly latitude: number; readonly longitude: number }

/** Where a vehicle is and which way it drives; `course` in degrees from north. */
export type Place = Point & { readonly course: number }

/** Roads as polylines of [latitude, longitude], coarse but in the right places. */
const ROADS = {
  nizhny: [
    [56.326, 44.006],
    [56.298, 43.985],
    [56.268, 43.918],
    [56.249, 43.87],
    [56.289, 43.84],
    [56.322, 43.935],
    [56.327, 43.985],
  ],
  volga: [
    [56.249, 43.87],
    [56.238, 43.457],
    [56.2, 42.68],
    [56.226, 42.18],
    [56.13, 41.6],
    [56.129, 40.407],
    [55.93, 39.45],
    [55.86, 38.45],
    [55.79, 37.85],
  ],
  mkad: [
    [55.785, 37.842],
    [55.68, 37.83],
    [55.578, 37.69],
    [55.612, 37.49],
    [55.71, 37.386],
    [55.83, 37.395],
    [55.903, 37.53],
    [55.885, 37.7],
    [55.785, 37.842],
  ],
  bor: [
    [56.357, 44.075],
    [56.43, 44.1],
    [56.51, 44.29],
    [56.6, 44.56],
    [56.67, 45.02],
  ],
  arzamas: [
    [56.249, 43.95],
    [56.05, 43.88],
    [55.82, 43.83],
    [55.57, 43.82],
    [55.395, 43.84],
  ],
  dzerzhinsk: [
    [56.245, 43.4],
    [56.228, 43.46],
    [56.26, 43.6],
    [56.27, 43.75],
    [56.3, 43.86],
  ],
} as const satisfies Readonly<Record<string, readonly (readonly [number, number])[]>>

export type RoadName = keyof typeof ROADS

const KM_PER_DEGREE = 111.2

/** The place after `km` of driving up and down a road, from its beginning. */
export function placeOn(road: RoadName, km: number): Place {
  const points = ROADS[road].map(([latitude, longitude]) => ({ latitude, longitude }))
  const legs = points.slice(1).map((to, index) => legBetween(points[index] ?? to, to))
  const lengthKm = legs.reduce((sum, { lengthKm }) => sum + lengthKm, 0)
  const lap = ((km % (2 * lengthKm)) + 2 * lengthKm) % (2 * lengthKm)
  const isReturn = lap > lengthKm
  let left = isReturn ? 2 * lengthKm - lap : lap
  for (const leg of legs) {
    if (left <= leg.lengthKm) return along(leg, left / leg.lengthKm, isReturn)
    left -= leg.lengthKm
  }
  // Rounding may leave a few millimetres after the last leg.
  const last = legs.at(-1)
  if (last === undefined) throw new Error(`road ${road} has no legs`)
  return along(last, 1, isReturn)
}

type Leg = { readonly from: Point; readonly to: Point; readonly lengthKm: number; readonly course: number }

/** On a plane, which is good enough for legs of a few dozen kilometres. */
function legBetween(from: Point, to: Point): Leg {
  const north = (to.latitude - from.latitude) * KM_PER_DEGREE
  const east = (to.longitude - from.longitude) * KM_PER_DEGREE * Math.cos((from.latitude * Math.PI) / 180)
  const course = (Math.atan2(east, north) * 180) / Math.PI
  return { from, to, lengthKm: Math.hypot(north, east), course: (course + 360) % 360 }
}

function along({ from, to, course }: Leg, share: number, isReturn: boolean): Place {
  return {
    latitude: from.latitude + (to.latitude - from.latitude) * share,
    longitude: from.longitude + (to.longitude - from.longitude) * share,
    course: isReturn ? (course + 180) % 360 : course,
  }
}
