import type { Permission, SearchGroup } from '@zhanggui/contract'

/** Something that the search offers. */
export interface PaletteItem {
  key: string
  title: string
  subtitle?: string
  pictureUrl?: string | null
  /** Where it leads, in the console. */
  to: string
}

export interface PaletteGroup {
  kind: string
  items: PaletteItem[]
}

/** Something one can go and do. */
export interface PaletteAction {
  title: string
  to: string
  permission: Permission
}

const MOST_RECENT = 6
const MOST_PAGES = 6

/** Those whose name contains all the words, the ones that begin with them first. */
export function matching<T extends { title: string }>(items: readonly T[], q: string): T[] {
  const words = q.trim().toLowerCase().split(/\s+/).filter(Boolean)
  const found = items.filter(({ title }) => words.every((word) => title.toLowerCase().includes(word)))
  const begins = (item: T) => (words[0] !== undefined && item.title.toLowerCase().startsWith(words[0]) ? 0 : 1)
  return found.sort((a, b) => begins(a) - begins(b)).slice(0, MOST_PAGES)
}

/** What is offered: pages and actions by name, then what the server found; without words, where one was last. */
export function paletteGroups(input: {
  q: string
  pages: PaletteItem[]
  actions: PaletteItem[]
  recent: PaletteItem[]
  found: readonly SearchGroup[]
  base: string
}): PaletteGroup[] {
  const { q, pages, actions, recent, found, base } = input
  const groups: PaletteGroup[] =
    q.trim() === ''
      ? [
          { kind: 'recent', items: recent },
          { kind: 'actions', items: actions },
          { kind: 'pages', items: pages },
        ]
      : [
          { kind: 'pages', items: matching(pages, q) },
          { kind: 'actions', items: matching(actions, q) },
          ...found.map(({ kind, items }) => ({
            kind,
            items: items.map(({ id, to, ...hit }) => ({ ...hit, key: `${kind}:${id}`, to: `${base}/${to}` })),
          })),
        ]
  return groups.filter(({ items }) => items.length > 0)
}

/** The list of recent things with `item` on top. */
export const withRecent = (recent: readonly PaletteItem[], item: PaletteItem): PaletteItem[] =>
  [item, ...recent.filter(({ to }) => to !== item.to)].slice(0, MOST_RECENT)

/** Reads what the browser kept; anything else is nothing. */
export function recentFrom(kept: string | null): PaletteItem[] {
  try {
    const list: unknown = JSON.parse(kept ?? '[]')
    if (!Array.isArray(list)) return []
    return list.filter(
      (each): each is PaletteItem =>
        typeof each === 'object' &&
        each !== null &&
        ['key', 'title', 'to'].every((name) => typeof each[name] === 'string'),
    )
  } catch {
    return []
  }
}
