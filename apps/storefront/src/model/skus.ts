import type { StoreProduct, StoreSku } from '@zhanggui/contract'

type Optioned = Pick<StoreProduct, 'options' | 'skus'>
/** One value per option of the product, in its order; undefined where nothing is chosen yet. */
export type Choice = readonly (string | undefined)[]

/** `gone`: the combination exists but is sold out; `impossible`: there is no such combination. */
export type ValueState = 'open' | 'gone' | 'impossible'

/** The choice a buyer starts from: what can only be one way is chosen already. */
export function firstChoice(product: Optioned): Choice {
  if (product.skus.length === 1) return product.options.map((_, index) => product.skus[0]!.optionValues[index])
  return product.options.map((option) => (option.values.length === 1 ? option.values[0] : undefined))
}

/** The SKU of a complete choice. */
export function chosenSku(product: Optioned, choice: Choice): StoreSku | undefined {
  if (product.options.some((_, index) => choice[index] === undefined)) return undefined
  return product.skus.find((sku) => product.options.every((_, index) => sku.optionValues[index] === choice[index]))
}

/** Whether choosing `value` for the option, with the other choices as they are, leads to something to buy. */
export function valueState(product: Optioned, choice: Choice, option: number, value: string): ValueState {
  const fitting = product.skus.filter((sku) =>
    product.options.every((_, index) =>
      index === option
        ? sku.optionValues[index] === value
        : choice[index] === undefined || sku.optionValues[index] === choice[index],
    ),
  )
  if (fitting.length === 0) return 'impossible'
  return fitting.some((sku) => sku.available > 0) ? 'open' : 'gone'
}

/** Chooses a value, or takes it back when it is the chosen one. */
export function choose(choice: Choice, option: number, value: string): Choice {
  return choice.map((old, index) => (index === option ? (old === value ? undefined : value) : old))
}

/** Names of the options that still wait for a choice. */
export const openOptions = (product: Optioned, choice: Choice): string[] =>
  product.options.filter((_, index) => choice[index] === undefined).map((option) => option.name)

/** Lowest and highest price among the SKUs that a choice leaves. */
export function priceRange(product: Optioned, choice: Choice): { minFen: number; maxFen: number } {
  const fitting = product.skus.filter((sku) =>
    product.options.every((_, index) => choice[index] === undefined || sku.optionValues[index] === choice[index]),
  )
  const prices = (fitting.length > 0 ? fitting : product.skus).map((sku) => sku.priceFen)
  return { minFen: Math.min(...prices), maxFen: Math.max(...prices) }
}
