import { type DraftLayout, MAX_NAMED } from '@zhanggui/contract'
import { isUuid } from '../../kernel/ids.ts'

const FIELDS = { fileId: 'pictures', productId: 'products', productIds: 'products' } as const

/**
 * The pictures and products that a draft names, also in blocks that are not complete yet, in the order of the page and
 * each once. Pure.
 */
export function namedIn(layout: DraftLayout): { pictures: string[]; products: string[] } {
  const found = { pictures: new Set<string>(), products: new Set<string>() }
  const look = (value: unknown, field: string): void => {
    if (Array.isArray(value)) for (const each of value) look(each, field)
    else if (typeof value === 'object' && value !== null)
      for (const [name, each] of Object.entries(value)) look(each, name)
    else if (typeof value === 'string' && field in FIELDS && isUuid(value))
      found[FIELDS[field as keyof typeof FIELDS]].add(value)
  }
  look(layout.blocks, '')
  return { pictures: [...found.pictures].slice(0, MAX_NAMED), products: [...found.products].slice(0, MAX_NAMED) }
}
