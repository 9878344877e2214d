import { SwapOutlined } from '@ant-design/icons'
import type { StockRow, StockSort, Warehouse } from '@zhanggui/contract'
import { Button, Tooltip } from 'antd'
import { useState } from 'react'
import { Link, useNavigate } from 'react-router'
import { Page } from '../../app/page.tsx'
import { useShop } from '../../app/session.tsx'
import { t } from '../../i18n/index.ts'
import { useRead } from '../../kit/api.ts'
import { type BulkAction, type Column, ResourceTable } from '../../kit/resource-table.tsx'
import { AdjustDialog, TransferDialog } from './dialogs.tsx'
import { availableIn } from './lines.tsx'

const count = (value: number) => <span className={value === 0 ? 'num faint' : 'num'}>{value}</span>

const columns = (slug: string, warehouses: Warehouse[]): Column<StockRow>[] => [
  {
    key: 'sku',
    title: t('stock.sku'),
    role: 'title',
    sort: 'title',
    field: [
      { field: 'skuCode', title: t('books.code') },
      { field: 'title', title: t('books.goods') },
      { field: 'options', title: t('books.options') },
    ],
    render: (row) => (
      <span className="cell-text">
        <Link to={`/s/${slug}/products/${row.productId}`} className="cell-title">
          {row.title}
        </Link>
        <span className="faint">{`${row.skuCode} ${row.options}`}</span>
      </span>
    ),
  },
  {
    key: 'available',
    title: t('stock.available'),
    sort: 'available',
    align: 'right',
    width: 100,
    render: (row) => <span className={row.available > 0 ? 'num strong' : 'num strong red'}>{row.available}</span>,
  },
  ...warehouses.map((warehouse) => ({
    key: warehouse.id,
    field: [
      {
        field: 'byWarehouse.available' as const,
        title: warehouse.name,
        where: { field: 'warehouseId', is: warehouse.id },
      },
    ],
    title: warehouse.name,
    align: 'right' as const,
    width: 110,
    render: (row: StockRow) => <InWarehouse row={row} warehouse={warehouse} />,
  })),
  ...(['reserved', 'committed'] as const).map(
    (key): Column<StockRow> => ({
      key,
      title: t(`stock.${key}`),
      sort: key,
      align: 'right',
      width: 100,
      render: (row) => count(row[key]),
    }),
  ),
]

/** Stock of each SKU in each warehouse. */
export default function StockPage() {
  const { shop, shopId, may } = useShop()
  const navigate = useNavigate()
  const warehouses = useRead('console.warehouses', { params: { shopId } }).data?.items ?? []
  const [dialog, setDialog] = useState<{ kind: 'adjust' | 'transfer'; rows: StockRow[] }>()
  const open = (kind: 'adjust' | 'transfer', rows: StockRow[]) => setDialog({ kind, rows })
  const bulk: BulkAction<StockRow>[] = (['adjust', 'transfer'] as const).map((kind) => ({
    key: kind,
    label: t(`stock.${kind}`),
    run: (rows) => open(kind, rows),
  }))
  const actions = may('stock.write') && (
    <>
      <Button icon={<SwapOutlined />} onClick={() => open('transfer', [])}>
        {t('stock.transfer')}
      </Button>
      <Button type="primary" onClick={() => open('adjust', [])}>
        {t('stock.adjust')}
      </Button>
    </>
  )
  return (
    <Page title={t('nav.stock')} actions={actions}>
      <ResourceTable
        name="stock"
        route="console.stock"
        input={(filters) => ({
          params: { shopId },
          query: {
            q: filters.q,
            warehouseId: filters.warehouse,
            below: filters.below,
            low: filters.low === 'true' ? 'true' : undefined,
            sort: filters.sort as StockSort | undefined,
          },
        })}
        rowKey={(row) => row.skuId}
        columns={columns(shop.slug, warehouses)}
        filters={[
          { kind: 'search', name: 'q', label: t('stock.search') },
          { kind: 'choice', name: 'low', label: t('stock.low'), options: [{ value: 'true', label: t('stock.low') }] },
          {
            kind: 'choice',
            name: 'warehouse',
            label: t('stock.warehouse'),
            options: warehouses.map((each) => ({ value: each.id, label: each.name })),
          },
          { kind: 'number', name: 'below', label: t('stock.below') },
        ]}
        {...(may('stock.write') ? { bulk } : {})}
        actions={(row) => [
          ...(may('stock.write')
            ? [{ key: 'adjust', label: t('stock.adjustOne'), main: true, run: () => open('adjust', [row]) }]
            : []),
          {
            key: 'movements',
            label: t('nav.movements'),
            run: () => void navigate(`/s/${shop.slug}/movements?sku=${row.skuId}`),
          },
        ]}
        empty={{ title: t('stock.none'), hint: t('stock.noneHint') }}
      />
      {dialog?.kind === 'adjust' && <AdjustDialog rows={dialog.rows} onClose={() => setDialog(undefined)} />}
      {dialog?.kind === 'transfer' && <TransferDialog rows={dialog.rows} onClose={() => setDialog(undefined)} />}
    </Page>
  )
}

function InWarehouse({ row, warehouse }: { row: StockRow; warehouse: Warehouse }) {
  const held = row.byWarehouse.find((each) => each.warehouseId === warehouse.id)
  return (
    <Tooltip title={held && t('stock.held', { reserved: held.reserved, committed: held.committed })}>
      {count(availableIn(row, warehouse.id))}
    </Tooltip>
  )
}
