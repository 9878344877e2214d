import type { BuyerException, OrderException } from '@zhanggui/contract'
import type { Tx } from '../../kernel/db.ts'
import type { ExceptionDeps } from './deps.ts'
import { type ExceptionRow, historyOf } from './store.ts'

type Substitute = OrderException['substitute']

async function substitutesOf(
  tx: Tx,
  deps: ExceptionDeps,
  shopId: string,
  rows: readonly ExceptionRow[],
): Promise<Map<string, NonNullable<Substitute>>> {
  const offers = rows.flatMap((row) =>
    row.data.offer ? [{ id: row.id, quantity: row.data.quantity!, ...row.data.offer }] : [],
  )
  if (offers.length === 0) return new Map()
  const goods = await deps.catalog.skusForSale(
    tx,
    shopId,
    offers.map((offer) => offer.skuId),
  )
  const fileIds = [...goods.values()].flatMap((sku) => sku.pictureFileId ?? [])
  const pictures = await deps.files.pictures(tx, shopId, [...new Set(fileIds)])
  return new Map(
    offers.flatMap(({ id, skuId, quantity, unitPriceFen, refundFen }) => {
      const sku = goods.get(skuId)
      if (sku === undefined) return []
      const picture = sku.pictureFileId === null ? null : (pictures.get(sku.pictureFileId) ?? null)
      const { productId, title, options } = sku
      const money = { unitPriceFen, refundFen } as Pick<NonNullable<Substitute>, 'unitPriceFen' | 'refundFen'>
      return [[id, { skuId, productId, title, options, picture, quantity, ...money }] as const]
    }),
  )
}

/** Exceptions of one shop as the board shows them. */
export async function boardViews(
  tx: Tx,
  deps: ExceptionDeps,
  shopId: string,
  rows: readonly ExceptionRow[],
): Promise<OrderException[]> {
  const substitutes = await substitutesOf(tx, deps, shopId, rows)
  const history = await historyOf(
    tx,
    shopId,
    rows.map((row) => row.id),
  )
  return rows.map(({ data: _data, shopId: _shop, buyerId: _buyer, subject: _subject, ...row }) => ({
    ...row,
    substitute: substitutes.get(row.id) ?? null,
    history: (history.get(row.id) ?? []).slice(0, 100).map(({ at, text, actor }) => ({ at, text, actor })),
  }))
}

/** What a buyer is shown of the exceptions of an order: what is open, and what was decided over goods. */
export async function buyerViews(
  tx: Tx,
  deps: ExceptionDeps,
  shopId: string,
  rows: readonly ExceptionRow[],
): Promise<BuyerException[]> {
  const shown = rows.filter((row) => BUYER_KINDS.has(row.kind))
  const substitutes = await substitutesOf(tx, deps, shopId, shown)
  return shown.map((row) => {
    const substitute = substitutes.get(row.id) ?? null
    const asks = row.kind === 'shortage' && row.state === 'waiting-buyer'
    const choices: BuyerException['choices'] = asks
      ? [...(substitute ? (['substitute'] as const) : []), 'refund', 'wait']
      : []
    return {
      ...{ id: row.id, kind: row.kind, state: row.state, dueAt: asks ? row.dueAt : null, choices, substitute },
      refundFen: (asks ? row.data.refundFen! : null) as BuyerException['refundFen'],
      ...wordsFor(row),
    }
  })
}

/** Holds, late shipments and promises at risk are the shop's own affair until they are told otherwise. */
const BUYER_KINDS: ReadonlySet<string> = new Set(['stalled-parcel', 'problem-parcel', 'shortage', 'address-change'])

function wordsFor(row: ExceptionRow): { title: string; text: string } {
  if (row.state === 'resolved') return { title: row.title, text: row.resolution }
  switch (row.kind) {
    case 'shortage':
      return row.state === 'waiting-buyer'
        ? { title: row.title, text: '很抱歉，这件商品暂时没有货。你希望怎么处理？' }
        : { title: row.title, text: row.data.choice === 'wait' ? '你选择了等货，到货后马上发出' : '商家正在处理' }
    case 'stalled-parcel':
      return { title: row.title, text: '我们正在催促快递核实，有进展会马上告诉你' }
    case 'address-change':
      return { title: '改地址申请', text: `${row.detail}，等待商家确认` }
    default:
      return { title: row.title, text: '商家正在联系快递处理' }
  }
}
