import type { Shipment } from '@zhanggui/contract'
import { Typography } from 'antd'
import { Link } from 'react-router'
import { Page } from '../../app/page.tsx'
import { useShop } from '../../app/session.tsx'
import { messagesUnder, t } from '../../i18n/index.ts'
import { InstantText } from '../../kit/instant.tsx'
import { type Column, ResourceTable } from '../../kit/resource-table.tsx'
import { ReportTag, ShipmentLines } from './money-cards.tsx'

const columns = (slug: string): Column<Shipment>[] => [
  {
    key: 'tracking',
    field: [
      { field: 'trackingNo', title: t('order.trackingNo') },
      { field: 'carrierName', title: t('parcel.carrier') },
    ],
    title: t('order.trackingNo'),
    role: 'title',
    render: (row) => (
      <span className="cell-text">
        <Typography.Text copyable className="num strong">
          {row.trackingNo}
        </Typography.Text>
        <span className="faint">{row.carrierName}</span>
      </span>
    ),
  },
  {
    key: 'order',
    field: 'orderNo',
    title: t('order.order'),
    render: (row) => (
      <Link className="num" to={`/s/${slug}/orders/${row.orderId}`}>
        {row.orderNo}
      </Link>
    ),
  },
  {
    key: 'lines',
    field: [
      { field: 'lines.title', title: t('shipment.lines') },
      { field: 'lines.quantity', title: t('order.quantity') },
    ],
    title: t('shipment.lines'),
    render: (row) => <ShipmentLines shipment={row} />,
  },
  { key: 'warehouse', field: 'warehouseName', title: t('stock.warehouse'), render: (row) => row.warehouseName },
  {
    key: 'reported',
    field: 'reportedToWechat',
    labels: messagesUnder('shipment.reported.'),
    title: t('shipment.reported'),
    render: (row) => <ReportTag shipment={row} />,
  },
  {
    key: 'at',
    field: 'shippedAt',
    title: t('shipment.at'),
    width: 150,
    render: (row) => <InstantText at={row.shippedAt} />,
  },
]

/** Every parcel that left. */
export default function ShipmentsPage() {
  const { shop, shopId } = useShop()
  return (
    <Page title={t('nav.shipments')}>
      <ResourceTable
        name="shipments"
        route="console.shipments"
        input={(filters) => ({ params: { shopId }, query: { q: filters.q } })}
        rowKey={(row) => row.id}
        columns={columns(shop.slug)}
        filters={[{ kind: 'search', name: 'q', label: t('shipment.search') }]}
        empty={{ title: t('shipment.none'), hint: t('shipment.noneHint') }}
      />
    </Page>
  )
}
