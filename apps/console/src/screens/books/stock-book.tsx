import {
  STOCK_BOOK_COLUMNS,
  STOCK_BOOK_GROUPS,
  type StockBookColumn,
  type StockBookGroup,
  type StockBookRow,
} from '@zhanggui/contract'
import { Alert, Tag } from 'antd'
import { Link, Navigate } from 'react-router'
import { Page } from '../../app/page.tsx'
import { useShop } from '../../app/session.tsx'
import { say, t } from '../../i18n/index.ts'
import { useRead } from '../../kit/api.ts'
import { rangeFromText } from '../../kit/days.ts'
import { Money } from '../../kit/money.tsx'
import { type Column, ResourceTable } from '../../kit/resource-table.tsx'
import { useFilters } from '../../kit/use-list.ts'
import { BookTabs, behind, madeChoice, monthText, periodFilter } from './tabs.tsx'

const GROUPS = Object.keys(STOCK_BOOK_GROUPS) as StockBookGroup[]
const COLUMNS = Object.keys(STOCK_BOOK_COLUMNS) as StockBookColumn[]
/** Beside the goods that the row stands for. */
const NAMES = { sku: 'sku', product: 'product', category: 'category', warehouse: 'warehouse' } as const

interface Place {
  slug: string
  period: string
  by: StockBookGroup
  warehouse: string | undefined
}

/** A number of pieces, which leads to the movements behind it. */
function Pieces({ row, column, place }: { row: StockBookRow; column: StockBookColumn; place: Place }) {
  const pieces = row[column]
  if (pieces === 0) return <span className="num faint">0</span>
  const isSums = row.id === null && row.title === t('books.sums')
  const what = isSums ? {} : { [NAMES[place.by]]: row.id ?? 'none' }
  const { period, warehouse } = place
  return (
    <Link className="num" to={behind(place.slug, 'movements', { period, warehouse, column, ...what })}>
      {pieces}
    </Link>
  )
}

const columns = (place: Place): Column<StockBookRow>[] => [
  {
    key: 'title',
    title: place.by === 'sku' || place.by === 'product' ? t('books.goods') : say(STOCK_BOOK_GROUPS[place.by]),
    role: 'title',
    field: [
      ...(place.by === 'sku' ? [{ field: 'code' as const, title: t('books.code') }] : []),
      { field: 'title', title: t('books.goods') },
      ...(place.by === 'sku' ? [{ field: 'options' as const, title: t('books.options') }] : []),
    ],
    render: (row) => (
      <span className="cell-text">
        <span className="cell-title">{row.title}</span>
        <span className="faint">{[row.code, row.options].filter(Boolean).join(' · ')}</span>
      </span>
    ),
  },
  { key: 'code', title: t('books.code'), role: 'hidden', render: (row) => row.code },
  { key: 'options', title: t('books.options'), role: 'hidden', render: (row) => row.options },
  { key: 'category', title: t('books.category'), role: 'hidden', render: (row) => row.category },
  {
    ...{ key: 'opening', title: t('books.opening'), align: 'right' },
    render: (row) => <Count of={row.opening} />,
    onCard: (row) => row.opening !== 0 && <Count of={row.opening} />,
  },
  ...COLUMNS.map(
    (column): Column<StockBookRow> => ({
      ...{ key: column, title: say(STOCK_BOOK_COLUMNS[column]), align: 'right' },
      render: (row) => <Pieces row={row} column={column} place={place} />,
      onCard: (row) => row[column] !== 0 && <Pieces row={row} column={column} place={place} />,
    }),
  ),
  {
    ...{ key: 'closing', title: t('books.closing'), align: 'right' },
    render: (row) => <span className="num strong">{row.closing}</span>,
  },
  ...(['openingCost', 'receivedCost', 'soldCost', 'closingCost'] as const).map(
    (name): Column<StockBookRow> => ({
      ...{ key: name, title: t(`books.${name}`), align: 'right', field: `${name}Fen` },
      ...(name === 'openingCost' || name === 'receivedCost' ? { role: 'hidden' as const } : {}),
      render: (row) =>
        row.withoutCost > 0 && row[`${name}Fen`] === 0 ? (
          <span className="faint">—</span>
        ) : (
          <Money fen={row[`${name}Fen`]} />
        ),
      onCard: (row) => row[`${name}Fen`] !== 0 && <Money fen={row[`${name}Fen`]} />,
    }),
  ),
]

const Count = ({ of }: { of: number }) => <span className={of === 0 ? 'num faint' : 'num'}>{of}</span>

/** Purchase, sale and stock of a period: what was there, what came, what left, what is left. */
export default function StockBookPage() {
  const { shop, shopId, may } = useShop()
  const { filters } = useFilters()
  const period = filters.period ?? monthText()
  const by = GROUPS.find((each) => each === filters.by) ?? 'sku'
  const query = { ...rangeFromText(period), warehouseId: filters.warehouse, q: filters.q }
  const isReader = may('stock.read')
  const totals = useRead('console.stockBookTotals', { params: { shopId }, query }, { enabled: isReader }).data
  const warehouses = useRead('console.warehouses', { params: { shopId } }, { enabled: isReader }).data?.items ?? []
  if (!isReader) return <Navigate to={`/s/${shop.slug}/books/revenue`} replace />
  return (
    <Page title={t('nav.books')} hint={t('books.atCost')} actions={<BookTabs />}>
      {totals && totals.withoutCost > 0 && (
        <Alert
          className="gap-bottom"
          type="info"
          showIcon
          title={t('books.withoutCost', { count: totals.withoutCost })}
        />
      )}
      <ResourceTable
        name="stock-book"
        route="console.stockBook"
        input={() => ({ params: { shopId }, query: { ...query, by } })}
        exportQuery={{ totalRow: true }}
        sums={totals && { ...totals, id: null, code: '', title: t('books.sums'), options: '', category: '' }}
        rowKey={(row) => row.id ?? row.title}
        columns={columns({ slug: shop.slug, period, by, warehouse: filters.warehouse })}
        filters={[
          { kind: 'search', name: 'q', label: t('books.search') },
          periodFilter(),
          madeChoice(
            'by',
            t('books.by'),
            GROUPS.map((value) => ({ value, label: say(STOCK_BOOK_GROUPS[value]) })),
          ),
          {
            kind: 'choice',
            name: 'warehouse',
            label: t('stock.warehouse'),
            options: warehouses.map(({ id, name }) => ({ value: id, label: name })),
          },
        ]}
        extra={totals && totals.skus > 0 && <Agreement differing={totals.differing} day={totals.to} />}
        empty={{ title: t('books.none'), hint: t('books.noneHint') }}
      />
    </Page>
  )
}

/** Whether the closing is what stock reports, where the period reaches into now. */
function Agreement({ differing, day }: { differing: number | null; day: string }) {
  if (differing === null) return <Tag>{t('books.past', { day })}</Tag>
  return differing === 0 ? (
    <Tag color="success">{t('books.agrees')}</Tag>
  ) : (
    <Tag color="error">{t('books.differs', { count: differing })}</Tag>
  )
}
