import type { MerchantOrderRow, Permission, ProductRow, StockRow } from '@zhanggui/contract'
import { withDataScopes } from './kernel/data-scope.ts'
import type { Db, Tx } from './kernel/db.ts'
import { type StaffCaller, scopesFor } from './kernel/http/caller.ts'
import type { ListCall, ListReader } from './kernel/http/lists.ts'
import type { PreviewList } from './modules/identity/index.ts'

const SAMPLES = 3

/** A list that can be looked at as somebody sees it. */
export interface Preview {
  key: string
  permission: Permission
  route: string
  /** How many may be seen, under the data scopes in force. */
  count(tx: Tx, shopId: string): Promise<number>
  sample(row: Record<string, unknown>): PreviewList['samples'][number]
}

/**
 * What a member of staff sees of each list, beside how many there are; only of lists that the viewer sees whole, so
 * that nobody looks through somebody else's eyes at more than they see themselves.
 */
export function createPreviews(parts: { db: Db; lists(): ListReader; previews(): readonly Preview[] }) {
  return async (call: ListCall, viewer: StaffCaller): Promise<PreviewList[]> => {
    const { shopId, caller } = call
    const shown = parts
      .previews()
      .filter(
        ({ permission }) =>
          caller.permissions.has(permission) &&
          viewer.permissions.has(permission) &&
          scopesFor(viewer, permission) === null,
      )
    const lists: PreviewList[] = []
    for (const { key, permission, route, count, sample } of shown) {
      const counted = (as: ReturnType<typeof scopesFor>) =>
        withDataScopes(as, () => parts.db.read({ shopId }, (tx) => count(tx, shopId)))
      const visible = await counted(scopesFor(caller, permission))
      const { items } = await parts.lists().page(route, call, undefined, SAMPLES)
      // The list of stock names goods that have none in sight.
      const samples = visible === 0 ? [] : items.slice(0, SAMPLES).map(sample)
      lists.push({ key, permission, visible, total: await counted(null), samples })
    }
    return lists
  }
}

interface Counters {
  orders: { countOrders: Preview['count'] }
  fulfilment: { countParcels: Preview['count'] }
  catalog: { countAll: Preview['count'] }
  stock: { countPlaces: Preview['count'] }
  reviews: { countReviews: Preview['count'] }
}

/** The lists that say most about what somebody sees. */
export const consolePreviews = ({ orders, fulfilment, catalog, stock, reviews }: Counters): Preview[] => [
  {
    ...{ key: 'orders', permission: 'orders.read', route: 'console.orders', count: orders.countOrders },
    sample: (row) => {
      const { id, orderNo, lines } = row as unknown as MerchantOrderRow
      return { title: `${orderNo} ${lines[0]?.title ?? ''}`, to: `orders/${id}` }
    },
  },
  {
    ...{ key: 'parcels', permission: 'orders.read', route: 'console.parcels', count: fulfilment.countParcels },
    sample: (row) => ({ title: String(row.code), to: 'parcels' }),
  },
  {
    ...{ key: 'products', permission: 'catalog.read', route: 'console.products', count: catalog.countAll },
    sample: (row) => {
      const { id, title } = row as unknown as ProductRow
      return { title, to: `products/${id}` }
    },
  },
  {
    ...{ key: 'stock', permission: 'stock.read', route: 'console.stock', count: stock.countPlaces },
    sample: (row) => {
      const { skuCode, title } = row as unknown as StockRow
      return { title: `${skuCode} ${title}`, to: `stock?q=${encodeURIComponent(skuCode)}` }
    },
  },
  {
    ...{ key: 'reviews', permission: 'reviews.read', route: 'console.reviews', count: reviews.countReviews },
    sample: (row) => ({ title: String(row.title), to: 'reviews' }),
  },
]
