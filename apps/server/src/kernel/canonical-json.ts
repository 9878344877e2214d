/**
 * JSON that is the same for equal values: keys sorted, no spaces, no `undefined`. What PostgreSQL's jsonb
 * cannot hold (NUL, half surrogate pairs) is replaced, so a value hashes alike before and after storage.
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(plainJson(value), (_, item: unknown) => {
    if (typeof item !== 'object' || item === null || Array.isArray(item)) return item
    const sorted: Record<string, unknown> = Object.create(null)
    for (const key of Object.keys(item).sort()) sorted[key] = (item as Record<string, unknown>)[key]
    return sorted
  })
}

/** The value as jsonb gives it back: JSON types only, storable strings; `undefined` becomes null. */
export function plainJson(value: unknown): unknown {
  const text = JSON.stringify(value, (_, item: unknown) => (typeof item === 'string' ? storable(item) : item))
  return text === undefined ? null : JSON.parse(text)
}

const storable = (text: string): string => text.toWellFormed().replaceAll('\u0000', '\ufffd')
