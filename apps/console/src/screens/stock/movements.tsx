import { MOVEMENT_REASONS, type Movement, type MovementReason } from '@zhanggui/contract'
import { Tag } from 'antd'
import { Page } from '../../app/page.tsx'
import { useShop } from '../../app/session.tsx'
import { say, t } from '../../i18n/index.ts'
import { useRead } from '../../kit/api.ts'
import { InstantText } from '../../kit/instant.tsx'
import { type Column, ResourceTable } from '../../kit/resource-table.tsx'
import { MovedFor, MovedGoods, MovedQuantity } from './movement-cells.tsx'

const columns = (slug: string): Column<Movement>[] => [
  { key: 'at', title: t('movement.at'), width: 160, render: (row) => <InstantText at={row.at} /> },
  {
    key: 'sku',
    field: [
      { field: 'skuCode', title: t('sku.code') },
      { field: 'title', title: t('stock.sku') },
    ],
    title: t('stock.sku'),
    role: 'title',
    render: (row) => <MovedGoods of={row} />,
  },
  { key: 'warehouse', field: 'warehouseName', title: t('stock.warehouse'), render: (row) => row.warehouseName },
  { key: 'reason', title: t('stock.reason'), render: (row) => <Tag>{say(MOVEMENT_REASONS[row.reason])}</Tag> },
  {
    key: 'quantity',
    title: t('movement.quantity'),
    align: 'right',
    render: (row) => <MovedQuantity of={row} />,
  },
  {
    key: 'cause',
    field: [
      { field: 'orderNo', title: t('routing.orderNo') },
      { field: 'note', title: t('stock.note') },
    ],
    title: t('movement.cause'),
    render: (row) => <MovedFor of={row} slug={slug} />,
  },
  { key: 'actor', field: 'actorName', title: t('movement.actor'), render: (row) => row.actorName },
]

/** Every movement of stock, with its reason. */
export default function MovementsPage() {
  const { shop, shopId } = useShop()
  const warehouses = useRead('console.warehouses', { params: { shopId } }).data?.items ?? []
  return (
    <Page title={t('nav.movements')}>
      <ResourceTable
        name="movements"
        route="console.movements"
        input={(filters) => ({
          params: { shopId },
          query: {
            skuId: filters.sku,
            warehouseId: filters.warehouse,
            reason: filters.reason as MovementReason | undefined,
          },
        })}
        rowKey={(row) => row.id}
        columns={columns(shop.slug)}
        filters={[
          {
            kind: 'choice',
            name: 'warehouse',
            label: t('stock.warehouse'),
            options: warehouses.map((each) => ({ value: each.id, label: each.name })),
          },
          {
            kind: 'choice',
            name: 'reason',
            label: t('stock.reason'),
            options: (Object.keys(MOVEMENT_REASONS) as MovementReason[]).map((value) => ({
              value,
              label: say(MOVEMENT_REASONS[value]),
            })),
          },
          {
            kind: 'custom',
            name: 'sku',
            render: (value, set) =>
              value && (
                <Tag closable onClose={() => set(undefined)}>
                  {t('movement.oneSku')}
                </Tag>
              ),
          },
        ]}
        empty={{ title: t('movement.none'), hint: t('movement.noneHint') }}
      />
    </Page>
  )
}
