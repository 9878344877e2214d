import { AppError } from '../../kernel/errors.ts'
import { idBefore } from '../../kernel/ids.ts'
import type { Takers, TakersWanted } from '../stock/index.ts'
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
/** From this age on one of those who ask is sent to look again, so that the others need not wait for what they find. */
const LOOK_AGAIN_MS = 125
const MAX_KEPT = 10_000
/** SKUs of which it is known who took units; the one that was asked for least lately is let go. */
const MAX_TAKEN = 500
/** Reservations of a SKU, the latest, behind which nobody asks again under a key from then. */
export const MAX_TAKERS = 50_000
/** How far back reservations are read again: longer than any order is on its way between its id and its commit. */
const OVERLAP_MS = 60_000
const EVER = idBefore(0)

interface Gone {
  refusal: AppError
  readAt: number
  /** Who took units, read while it was gone: an order under an earlier key is one of theirs. */
  takers: ReadonlySet<string> | undefined
  /** Somebody asked for it after it was found to be gone. */
  isWanted: boolean
  /** Somebody is looking again. */
  isLooked: boolean
}

/**
 * SKUs of which the last reading found none. Who asks for them is refused without reading goods, prices and stock again,
 * and without any question to the database once it is known who has units of them: the same request may have been sent
 * before, and had the last one. Any stock that this process writes, an unpaid order that is cancelled say, makes them be
 * looked at anew.
 */
export class GoneGoods {
  /** One refusal for everybody who is late: making an error costs more than answering it. */
  readonly #gone = new Map<string, Gone>()
  readonly #taken = new Map<string, { buyerIds: Set<string>; version: string; readAt: number }>()
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
    if (writes !== this.#writes) return
    const key = keyOf(shopId, sku.skuId)
    this.#gone.delete(key)
    if (this.#gone.size >= MAX_KEPT) this.#gone.delete(this.#gone.keys().next().value!)
    this.#gone.set(key, {
      ...{ refusal: shortOf(sku, 0), readAt: performance.now() },
      ...{ takers: undefined, isWanted: false, isLooked: false },
    })
  }

  /** A reading found some of the SKU: another process gave them back. */
  forget(shopId: string, skuId: string): void {
    this.#gone.delete(keyOf(shopId, skuId))
  }

  /** Why these lines cannot be ordered, when one of them is known to be sold out and need not be looked at again yet. */
  refusalOf(shopId: string, lines: readonly WantedLine[]): AppError | undefined {
    if (this.#gone.size === 0) return undefined
    for (const { skuId } of lines) {
      const gone = this.#gone.get(keyOf(shopId, skuId))
      if (gone === undefined || performance.now() - gone.readAt >= LOOK_AGAIN_MS) continue
      gone.isWanted = true
      return gone.refusal
    }
    return undefined
  }

  /** The same, of a buyer who surely has no order for them, under whatever key. */
  finalRefusalOf(shopId: string, buyerId: string, lines: readonly WantedLine[]): AppError | undefined {
    if (this.#gone.size === 0) return undefined
    for (const { skuId } of lines) {
      const gone = this.#gone.get(keyOf(shopId, skuId))
      if (gone?.takers === undefined || gone.takers.has(buyerId)) continue
      const age = performance.now() - gone.readAt
      if (age < LOOK_AGAIN_MS || (gone.isLooked && age < MAX_AGE_MS)) return gone.refusal
      gone.isLooked = true
    }
    return undefined
  }

  /** Of which of these SKUs, gone and asked for again, it has to be read who took units. */
  takersWanted(asked: readonly { shopId: string; lines: readonly WantedLine[] }[]): TakersWanted[] {
    const wanted = new Map<string, TakersWanted>()
    for (const { shopId, lines } of asked)
      for (const { skuId } of lines) {
        const key = keyOf(shopId, skuId)
        const gone = this.#gone.get(key)
        const taken = this.#taken.get(key)
        if (gone === undefined || gone.takers !== undefined || !(gone.isWanted || taken)) continue
        const since = taken ? idBefore(taken.readAt - OVERLAP_MS) : EVER
        wanted.set(key, { shopId, skuId, since, version: taken?.version ?? null })
      }
    return [...wanted.values()]
  }

  /** What a reading found that began at `readAt` (by the machine's clock), when `writes` was this. */
  learnTakers(read: readonly Takers[], { readAt, writes }: { readAt: number; writes: number }): void {
    if (writes !== this.#writes) return
    for (const { shopId, skuId, version, buyerIds } of read) {
      const key = keyOf(shopId, skuId)
      const known = this.#taken.get(key)?.buyerIds ?? new Set()
      for (const buyerId of buyerIds) known.add(buyerId)
      this.#taken.delete(key)
      if (known.size <= 2 * MAX_TAKERS) this.#taken.set(key, { buyerIds: known, version, readAt })
      const gone = this.#gone.get(key)
      if (gone) gone.takers = known
    }
    while (this.#taken.size > MAX_TAKEN) this.#taken.delete(this.#taken.keys().next().value!)
  }
}

const keyOf = (shopId: string, skuId: string): string => `${shopId}/${skuId}`

/** There are fewer units than were wanted. */
export function shortOf({ skuId, title, options }: GoneSku, available: number): AppError {
  const name = options === '' ? title : `${title} ${options}`
  return new AppError('OUT_OF_STOCK', { values: { title: name, available }, data: { skuId, available } })
}
