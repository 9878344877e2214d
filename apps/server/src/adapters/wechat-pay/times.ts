/** RFC 3339 with seconds and Beijing's offset, as WeChat writes times. */
export function rfc3339(date: Date): string {
  return `${new Date(date.getTime() + 8 * 3600_000).toISOString().slice(0, 19)}+08:00`
}
