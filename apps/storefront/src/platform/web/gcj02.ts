/** China's maps are shifted (GCJ-02); browsers answer in WGS-84. The well-known approximation, good to a few metres. */
const AXIS_METERS = 6_378_245
const ECCENTRICITY = 0.006_693_421_622_965_943
/** Within these degrees maps are shifted. */
const CHINA = { west: 72.004, east: 137.8347, south: 0.8293, north: 55.8271 }

export interface Place {
  latitude: number
  longitude: number
}

/** A place as browsers know it, as China's maps and WeChat show it; outside of China it stays. */
export function toGcj02({ latitude, longitude }: Place): Place {
  const { west, east, south, north } = CHINA
  if (longitude < west || longitude > east || latitude < south || latitude > north) return { latitude, longitude }
  const [x, y] = [longitude - 105, latitude - 35]
  const radians = (latitude / 180) * Math.PI
  const magic = 1 - ECCENTRICITY * Math.sin(radians) ** 2
  const root = Math.sqrt(magic)
  const north180 = ((AXIS_METERS * (1 - ECCENTRICITY)) / (magic * root)) * Math.PI
  const east180 = (AXIS_METERS / root) * Math.cos(radians) * Math.PI
  return {
    latitude: latitude + (northShift(x, y) * 180) / north180,
    longitude: longitude + (eastShift(x, y) * 180) / east180,
  }
}

const waves = (value: number, ...parts: [factor: number, period: number][]): number =>
  parts.reduce((sum, [factor, period]) => sum + factor * Math.sin((value / period) * Math.PI), 0)
const common = (x: number): number => ((20 * Math.sin(6 * x * Math.PI) + 20 * Math.sin(2 * x * Math.PI)) * 2) / 3

const northShift = (x: number, y: number): number =>
  -100 +
  2 * x +
  3 * y +
  0.2 * y * y +
  0.1 * x * y +
  0.2 * Math.sqrt(Math.abs(x)) +
  common(x) +
  (waves(y, [20, 1], [40, 3], [160, 12], [320, 30]) * 2) / 3

const eastShift = (x: number, y: number): number =>
  300 +
  x +
  2 * y +
  0.1 * x * x +
  0.1 * x * y +
  0.1 * Math.sqrt(Math.abs(x)) +
  common(x) +
  (waves(x, [20, 1], [40, 3], [150, 12], [300, 30]) * 2) / 3
