import type { TrackState } from '@zhanggui/contract'

export interface TrackLine {
  at: string
  text: string
  state: TrackState
  area: string
}

/** How far a state is: of two that happen at one instant the further counts. */
const RANK: Record<TrackState, number> = {
  waiting: 0,
  collected: 1,
  'in-transit': 2,
  delivering: 3,
  problem: 4,
  signed: 5,
  returned: 6,
}

const keyOf = (line: TrackLine): string => `${line.at} ${line.text}`

/**
 * What is known of a parcel after news of it: every line once, in order of time. The order in which news arrive, and
 * how often, makes no difference. A line that is told again with another state keeps the further of the two.
 */
export function mergeTrack(known: readonly TrackLine[], news: readonly TrackLine[]): TrackLine[] {
  const lines = new Map<string, TrackLine>()
  for (const line of [...known, ...news]) {
    const earlier = lines.get(keyOf(line))
    lines.set(keyOf(line), earlier === undefined ? line : further(earlier, line))
  }
  return [...lines.values()].sort(compare)
}

function further(a: TrackLine, b: TrackLine): TrackLine {
  const state = RANK[a.state] >= RANK[b.state] ? a.state : b.state
  return { at: a.at, text: a.text, state, area: a.area > b.area ? a.area : b.area }
}

const compare = (a: TrackLine, b: TrackLine): number =>
  a.at !== b.at ? (a.at < b.at ? -1 : 1) : RANK[a.state] - RANK[b.state] || (a.text < b.text ? -1 : 1)

export interface TrackSum {
  state: TrackState
  movedAt: string | null
  signedAt: string | null
}

/** Where the parcel is by its lines: the last one in time says it. */
export function sumOf(lines: readonly TrackLine[]): TrackSum {
  const last = lines.at(-1)
  if (last === undefined) return { state: 'waiting', movedAt: null, signedAt: null }
  const signedAt = last.state === 'signed' ? (lines.find((line) => line.state === 'signed')?.at ?? null) : null
  return { state: last.state, movedAt: last.at, signedAt }
}

/** Nothing more is to come. */
export const isOver = (state: TrackState): boolean => state === 'signed' || state === 'returned'
