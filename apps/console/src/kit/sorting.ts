/** How a list is sorted, as its address says it: `price` upwards, `-price` downwards. */
export interface Sorting {
  by: string
  descending: boolean
}

/** Reads the address; undefined for nothing. */
export function sortingFrom(text: string | undefined): Sorting | undefined {
  if (text === undefined || text === '' || text === '-') return undefined
  return text.startsWith('-') ? { by: text.slice(1), descending: true } : { by: text, descending: false }
}

/** What a click on a column's head leads to: downwards first, then upwards, then as the list comes. */
export function nextSorting(current: string | undefined, by: string): string | undefined {
  if (current === `-${by}`) return by
  return current === by ? undefined : `-${by}`
}
