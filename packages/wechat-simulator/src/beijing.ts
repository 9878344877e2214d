/** WeChat speaks Beijing time, which has had no daylight saving since 1991. */
const OFFSET_MS = 8 * 3600_000

/** An instant as RFC 3339 with seconds and `+08:00`, the form every APIv3 time has. */
export function rfc3339(instantMs: number): string {
  return `${new Date(instantMs + OFFSET_MS).toISOString().slice(0, 19)}+08:00`
}

/** `YYYY-MM-DD HH:mm:ss` in Beijing, the form bills use. */
export function billTime(instantMs: number): string {
  return new Date(instantMs + OFFSET_MS).toISOString().slice(0, 19).replace('T', ' ')
}

/** `YYYY-MM-DD`, the Beijing day an instant falls in. */
export function beijingDay(instantMs: number): string {
  return billTime(instantMs).slice(0, 10)
}

/** The first instant of a Beijing day, or null when the text is not a real day. */
export function startOfDay(day: string): number | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return null
  const startMs = Date.parse(`${day}T00:00:00+08:00`)
  return Number.isNaN(startMs) || beijingDay(startMs) !== day ? null : startMs
}

/** The instant of an RFC 3339 text, or null: an offset is required, as WeChat requires one. */
export function parseRfc3339(text: string): number | null {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/.test(text)) return null
  const instantMs = Date.parse(text)
  return Number.isNaN(instantMs) ? null : instantMs
}
