/** An option of a product, e.g. 颜色 with 红 and 蓝. */
export interface Option {
  name: string
  values: string[]
}

/** A row of the SKU table while it is edited. Amounts are fen; undefined means not filled in yet. */
export interface SkuDraft {
  id?: string
  code: string
  barcode: string
  optionValues: string[]
  priceFen?: number
  listPriceFen?: number | null
  costFen?: number | null
  weightGrams?: number
}

export const MAX_SKUS = 200

/** Every combination of the options' values, the last option turning fastest; one empty one without options. */
export function combinations(options: readonly Option[]): string[][] {
  return options
    .filter((option) => option.values.length > 0)
    .reduce<string[][]>((rows, option) => rows.flatMap((row) => option.values.map((value) => [...row, value])), [[]])
}

/**
 * The SKU rows for the options. A row whose combination was there before keeps everything; when an option was
 * added or removed, a new row starts from the first old row that agrees in all values both know, without its
 * identity, so that prices need not be typed again.
 */
export function skuMatrix(options: readonly Option[], before: readonly SkuDraft[], codePrefix: string): SkuDraft[] {
  const known = new Map(before.map((sku) => [keyOf(sku.optionValues), sku]))
  const taken = new Set(before.map((sku) => sku.code))
  return combinations(options).map((optionValues, index) => {
    const same = known.get(keyOf(optionValues))
    if (same) return { ...same, optionValues }
    const like = before.find((sku) => agrees(sku.optionValues, optionValues))
    return {
      ...(like
        ? {
            priceFen: like.priceFen,
            listPriceFen: like.listPriceFen,
            costFen: like.costFen,
            weightGrams: like.weightGrams,
          }
        : {}),
      code: freeCode(codePrefix, index + 1, taken),
      barcode: '',
      optionValues,
    }
  })
}

function agrees(before: readonly string[], now: readonly string[]): boolean {
  const [short, long] = before.length <= now.length ? [before, now] : [now, before]
  return short.every((value) => long.includes(value))
}

function freeCode(prefix: string, number: number, taken: Set<string>): string {
  for (let attempt = number; ; attempt++) {
    const code = `${prefix}-${String(attempt).padStart(2, '0')}`
    if (taken.has(code)) continue
    taken.add(code)
    return code
  }
}

/** Sets the given fields on every row, or on those that are still empty. */
export function fillSkus(
  skus: readonly SkuDraft[],
  fields: Partial<Pick<SkuDraft, 'priceFen' | 'listPriceFen' | 'costFen' | 'weightGrams'>>,
  onlyEmpty: boolean,
): SkuDraft[] {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined && value !== null)
  return skus.map((sku) => ({
    ...sku,
    ...Object.fromEntries(
      given.filter(
        ([name]) => !onlyEmpty || sku[name as keyof SkuDraft] === undefined || sku[name as keyof SkuDraft] === null,
      ),
    ),
  }))
}

const keyOf = (values: readonly string[]): string => JSON.stringify(values)
