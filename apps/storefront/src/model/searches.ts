export const SEARCHES_KEY = 'zg.searches'
const MOST = 12

/** The history as it was stored; anything else is nothing. */
export function readSearches(stored: string | null): string[] {
  try {
    const value: unknown = JSON.parse(stored ?? '[]')
    return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string').slice(0, MOST) : []
  } catch {
    return []
  }
}

/** The newest first, each once. */
export const addSearch = (searches: readonly string[], q: string): string[] =>
  [q, ...searches.filter((one) => one !== q)].slice(0, MOST)
