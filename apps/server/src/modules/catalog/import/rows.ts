import { createHash } from 'node:crypto'
import type { ImportField, PictureKind, ProductRole } from '@zhanggui/contract'
import type { Attribute } from '../types.ts'
import type { Mapping } from './columns.ts'
import {
  BadValue,
  readAttributes,
  readCategory,
  readCode,
  readImages,
  readOption,
  readPrice,
  readRole,
  readStock,
  readTags,
  readTagValues,
  readText,
  readVideo,
  readWeight,
} from './values.ts'

/** A row as it was read: cells in the order of the columns. `line` is the row's number in the spreadsheet. */
export interface SourceRow {
  line: number
  cells: readonly string[]
}

export interface Refusal {
  line: number
  column: string | null
  value: string
  reason: string
}

/** What a row says; what it leaves empty is absent and stays as it is in an existing product. */
export interface ParsedRow {
  line: number
  productCode?: string
  title?: string
  subtitle?: string
  /** Names from the root. */
  category?: string[]
  brand?: string
  attributes?: Attribute[]
  tags?: string[]
  skuCode?: string
  barcode?: string
  options: { name: string; value: string }[]
  priceFen?: number
  listPriceFen?: number
  costFen?: number
  weightGrams?: number
  stock?: number
  images?: string[]
  /** Pictures of a kind, all of them, by kind. They are pictures of the product also where `images` does not name them. */
  kindImages?: Partial<Record<PictureKind, string[]>>
  video?: string
  detail?: string
  coreKeyword?: string
  role?: ProductRole
  tagValues?: { dimension: string; value: string }[]
}

const MAX_VALUE_SHOWN = 100

/** Reads rows by a mapping. Made once for a file; pure. */
export function createRowReader(columns: readonly string[], mapping: Mapping) {
  const places = new Map<ImportField, { index: number; column: string }>()
  columns.forEach((column, index) => {
    const field = Object.hasOwn(mapping, column) ? mapping[column] : undefined
    if (field !== undefined && !places.has(field)) places.set(field, { index, column })
  })
  const weightColumn = places.get('weight')?.column.normalize('NFKC') ?? ''
  const kilograms = /kg|千克|公斤/i.test(weightColumn)

  /** The row's values, or everything that is wrong with it. */
  function read(row: SourceRow): { row: ParsedRow } | { refusals: Refusal[] } {
    const refusals: Refusal[] = []
    const text = (field: ImportField): string => {
      const place = places.get(field)
      return place === undefined ? '' : (row.cells[place.index] ?? '').trim()
    }
    const value = <T>(field: ImportField, parse: (text: string, column: string) => T): T | undefined => {
      const cell = text(field)
      if (cell === '') return undefined
      try {
        return parse(cell, places.get(field)!.column)
      } catch (error) {
        if (!(error instanceof BadValue)) throw error
        const { column } = places.get(field)!
        refusals.push({ line: row.line, column, value: cell.slice(0, MAX_VALUE_SHOWN), reason: error.message })
        return undefined
      }
    }
    const limited = (max: number) => (cell: string) => readText(cell, max)
    const code = (max: number) => (cell: string) => readCode(cell, max)
    const attributes = value('attributes', readAttributes)
    const brandAttribute = attributes?.find(({ name }) => name === '品牌')?.value.slice(0, 60)
    const brand = value('brand', limited(60)) ?? (places.has('brand') ? undefined : brandAttribute)
    const parsed: ParsedRow = {
      line: row.line,
      productCode: value('productCode', code(64)),
      title: value('title', limited(120)),
      subtitle: value('subtitle', limited(120)),
      category:
        value('category', (cell) => readCategory(cell, text('subcategory'))) ??
        value('subcategory', (cell) => readCategory('', cell)),
      brand,
      attributes,
      tags: value('tags', readTags),
      skuCode: value('skuCode', code(64)),
      barcode: value('barcode', code(32)),
      options: [value('option1', readOption), value('option2', readOption)].filter((option) => option !== undefined),
      priceFen: value('price', readPrice),
      listPriceFen: value('listPrice', readPrice),
      costFen: value('cost', readPrice),
      weightGrams: value('weight', (cell) => readWeight(cell, kilograms)),
      stock: value('stock', readStock),
      images: value('images', readImages),
      kindImages: kindImages((field) => value(field, readImages)),
      video: value('video', readVideo),
      detail: value('detail', limited(20_000)),
      coreKeyword: value('coreKeyword', limited(30)),
      role: value('role', readRole),
      tagValues: value('tagValues', readTagValues),
    }
    if (parsed.options.length === 2 && parsed.options[0]!.name === parsed.options[1]!.name) {
      const place = places.get('option2')!
      refusals.push({
        line: row.line,
        column: place.column,
        value: parsed.options[1]!.name,
        reason: '两个规格的名称相同',
      })
    }
    return refusals.length > 0 ? { refusals } : { row: parsed }
  }

  /**
   * What the row's product is called: rows of one key are SKUs of one product. By its code; else by its SKU's code
   * (which may already belong to a product); else by what it says of itself.
   */
  function keyOf(row: SourceRow): string {
    const text = (field: ImportField): string => {
      const place = places.get(field)
      return place === undefined ? '' : (row.cells[place.index] ?? '').trim()
    }
    if (text('productCode') !== '') return `p:${text('productCode')}`
    if (text('skuCode') !== '') return `s:${text('skuCode')}`
    return `c:${ownCode(text('title'), text('category'), text('subcategory'), text('option1') === '' ? text('attributes') : '')}`
  }

  return { read, keyOf, columnOf: (field: ImportField): string | null => places.get(field)?.column ?? null }
}

export type RowReader = ReturnType<typeof createRowReader>

/** The column of each kind of picture. */
export const KIND_FIELDS = {
  white: 'whiteImages',
  scene: 'sceneImages',
  material: 'materialImages',
  size: 'sizeImages',
} as const satisfies Partial<Record<PictureKind, ImportField>>

function kindImages(read: (field: ImportField) => string[] | undefined): ParsedRow['kindImages'] {
  const kinds = Object.entries(KIND_FIELDS).flatMap(([kind, field]) => {
    const images = read(field)
    return images === undefined ? [] : [[kind, images] as const]
  })
  return kinds.length === 0 ? undefined : Object.fromEntries(kinds)
}

const CODE_ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const CODE_LENGTH = 12

/**
 * A code for what came without one, computed from what it says of itself, so that importing the same file again
 * finds the same products.
 */
export function ownCode(...parts: readonly string[]): string {
  const digest = createHash('sha256').update(parts.join('\u001f')).digest()
  let code = ''
  for (let i = 0; i < CODE_LENGTH; i++) code += CODE_ALPHABET[digest[i]! & 31]
  return `ZG-${code}`
}

/** Whether a row is empty altogether. */
export const isEmptyRow = (cells: readonly string[]): boolean => cells.every((cell) => cell.trim() === '')
