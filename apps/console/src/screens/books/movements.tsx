import { type BookMovement, MOVEMENT_REASONS, STOCK_BOOK_COLUMNS, StockBookColumn } from '@zhanggui/contract'
import { Tag } from 'antd'
import { Page } from '../../app/page.tsx'
import { useShop } from '../../app/session.tsx'
import { say, sayEach, t } from '../../i18n/index.ts'
import { rangeFromText } from '../../kit/days.ts'
import { InstantText } from '../../kit/instant.tsx'
import { type Column, ResourceTable } from '../../kit/resource-table.tsx'
import { useFilters } from '../../kit/use-list.ts'
import { MovedFor, MovedGoods, MovedQuantity } from '../stock/movement-cells.tsx'
import { monthText, narrowedTo, periodFilter } from './tabs.tsx'

const columns = (slug: string): Column<BookMovement>[] => [
  { key: 'at', title: t('movement.at'), width: 160, render: (row) => <InstantText at={row.at} /> },
  {
    key: 'title',
    title: t('books.goods'),
    role: 'title',
    field: 'title',
    render: (row) => <MovedGoods of={row} />,
  },
  { key: 'skuCode', title: t('books.code'), role: 'hidden', render: (row) => row.skuCode },
  { key: 'warehouseName', title: t('stock.warehouse'), render: (row) => row.warehouseName },
  {
    key: 'reason',
    title: t('stock.reason'),
    field: 'reason',
    labels: sayEach(MOVEMENT_REASONS),
    render: (row) => <Tag>{say(MOVEMENT_REASONS[row.reason])}</Tag>,
  },
  {
    key: 'quantity',
    title: t('movement.quantity'),
    align: 'right',
    render: (row) => <MovedQuantity of={row} />,
  },
  {
    key: 'cause',
    title: t('movement.cause'),
    field: 'orderNo',
    render: (row) => <MovedFor of={row} slug={slug} />,
  },
  { key: 'actorName', title: t('movement.actor'), render: (row) => row.actorName },
]

const COLUMNS = StockBookColumn.options
const NARROWED = ['sku', 'product', 'category', 'warehouse'] as const

/** The movements behind a number of the stock book. */
export default function BookMovementsPage() {
  const { shop, shopId } = useShop()
  const { filters } = useFilters()
  return (
    <Page title={t('books.movements')} back={`/s/${shop.slug}/books?period=${filters.period ?? monthText()}`}>
      <ResourceTable
        name="book-movements"
        route="console.bookMovements"
        input={({ period, warehouse, sku, product, category, column }) => ({
          params: { shopId },
          query: {
            ...rangeFromText(period ?? monthText()),
            ...{ warehouseId: warehouse, skuId: sku, productId: product, categoryId: category },
            column: COLUMNS.find((each) => each === column),
          },
        })}
        rowKey={(row) => row.id}
        columns={columns(shop.slug)}
        filters={[
          periodFilter(),
          {
            kind: 'choice',
            name: 'column',
            label: t('books.what'),
            options: COLUMNS.map((value) => ({ value, label: say(STOCK_BOOK_COLUMNS[value]) })),
          },
          ...NARROWED.map((name) => narrowedTo(name, () => t(`books.only.${name}`))),
        ]}
        empty={{ title: t('books.movementsNone') }}
      />
    </Page>
  )
}
