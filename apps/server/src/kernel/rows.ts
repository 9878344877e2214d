const camelNames = new Map<string, string>()

/** `order_no` → `orderNo`, remembered: a program has only so many columns. */
export function toCamel(column: string): string {
  let name = camelNames.get(column)
  if (name === undefined) {
    name = column.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
    camelNames.set(column, name)
  }
  return name
}

/** int8 arrives as a number; one that a double cannot hold is an error, never a rounded value. */
export function int8Parser(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new RangeError(`int8 value beyond 2^53: ${text}`)
  return value
}

/** PostgreSQL's `2026-11-11 08:00:00.5+00` → `2026-11-11T08:00:00.500Z` (sessions run in UTC). */
export function instantParser(text: string): string {
  const fraction = text.indexOf('.')
  const millis =
    fraction < 0
      ? '000'
      : text
          .slice(fraction + 1, -3)
          .padEnd(3, '0')
          .slice(0, 3)
  return `${text.slice(0, 10)}T${text.slice(11, 19)}.${millis}Z`
}
