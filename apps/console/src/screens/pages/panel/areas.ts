/** A part of a picture that leads somewhere, in per cent of its width and height. */
export interface Area {
  label?: string
  x: number
  y: number
  width: number
  height: number
  link?: unknown
}

export const MOST_AREAS = 20
/** Smaller is a tap, not a frame. */
const LEAST_PERCENT = 3

const within = (percent: number): number => Math.min(100, Math.max(0, percent))
const tenth = (percent: number): number => Math.round(percent * 10) / 10

/** The frame between two corners, inside of the picture; undefined when it is too small to be meant. */
export function drawnArea(from: readonly [number, number], to: readonly [number, number]): Area | undefined {
  const [left, right] = [within(from[0]), within(to[0])].sort((a, b) => a - b) as [number, number]
  const [top, bottom] = [within(from[1]), within(to[1])].sort((a, b) => a - b) as [number, number]
  const [x, y] = [tenth(left), tenth(top)]
  const area = { label: '', x, y, width: tenth(right) - x, height: tenth(bottom) - y }
  if (area.width < LEAST_PERCENT || area.height < LEAST_PERCENT) return undefined
  return { ...area, width: tenth(area.width), height: tenth(area.height) }
}
