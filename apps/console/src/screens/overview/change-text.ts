/** By how much a figure has changed, in per cent; nothing when there is nothing to compare with. */
export function changeText(now: number, before: number): string | undefined {
  if (before === 0) return undefined
  const percent = Math.round(((now - before) / Math.abs(before)) * 100)
  return percent > 0 ? `+${percent}%` : `${percent}%`
}
