import { AppError } from '../../kernel/errors.ts'
import type { WantedLine } from './quote-order.ts'

/** What somebody who was too late is told of a SKU. */
export interface GoneSku {
  skuId: string
  title: string
  options: string
}

/**
 * How long a SKU counts as sold out when nobody said that stock was written: another process may have given some back.
 */
const MAX_AGE_MS = 250
const MAX_KEPT = 10_000

/**
 * SKUs of which the last reading found none. Who asks for them is refused without reading goods, prices and stock again;
 * any stock that this process writes, an unpaid order that is cancelled say, makes them be looked at anew.
 */
export class GoneGoods {
  /** One refusal for everybody who is late: making an error costs more than answering it. */
  readonly #gone = new Map<string, { refusal: AppError; readAt: number }>()
  /** Counts what was written, so that a reading from before is not remembered after. */
  #writes = 0

  get writes(): number {
    return this.#writes
  }

  /** Stock was written. */
  changed(): void {
    this.#writes++
    this.#gone.clear()
  }

  /** A reading that began when `writes` was this found none of the SKU. */
  remember(shopId: string, sku: GoneSku, writes: number): void {
    if (writes !== this.#writes || this.#gone.size >= MAX_KEPT) return
    this.#gone.set(`${shopId}/${sku.skuId}`, { refusal: shortOf(sku, 0), readAt: performance.now() })
  }

  /** Why these lines cannot be ordered, when one of them is known to be sold out. */
  refusalOf(shopId: string, lines: readonly WantedLine[]): AppError | undefined {
    if (this.#gone.size === 0) return undefined
    for (const { skuId } of lines) {
      const key = `${shopId}/${skuId}`
      const gone = this.#gone.get(key)
      if (!gone) continue
      if (performance.now() - gone.readAt < MAX_AGE_MS) return gone.refusal
      this.#gone.delete(key)
    }
    return undefined
  }
}

/** There are fewer units than were wanted. */
export function shortOf({ skuId, title, options }: GoneSku, available: number): AppError {
  const name = options === '' ? title : `${title} ${options}`
  return new AppError('OUT_OF_STOCK', { values: { title: name, available }, data: { skuId, available } })
}
