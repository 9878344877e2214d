import {
  type CarrierCode,
  DELIVERY_METHODS,
  type MerchantOrderRow,
  ORDER_STATES,
  type OrderState,
} from '@zhanggui/contract'
import { Tabs } from 'antd'
import { useState } from 'react'
import { Link, useNavigate } from 'react-router'
import { Page } from '../../app/page.tsx'
import { useShop } from '../../app/session.tsx'
import { say, sayEach, t } from '../../i18n/index.ts'
import { keyOf, queryClient } from '../../kit/api.ts'
import { rangeFromText, rangeInstants } from '../../kit/days.ts'
import type { Filter } from '../../kit/filters.tsx'
import { InstantText } from '../../kit/instant.tsx'
import { useLive } from '../../kit/live.ts'
import { Money } from '../../kit/money.tsx'
import { Thumb } from '../../kit/picture.tsx'
import { type Column, ResourceTable } from '../../kit/resource-table.tsx'
import { useThrottled } from '../../kit/throttle.ts'
import { useFilters } from '../../kit/use-list.ts'
import { onlyBuyer } from '../buyers/only-buyer.tsx'
import { AssignDialog, useFulfilmentFilters, useOrderBulk } from '../fulfilment/bulk.tsx'
import { useMoreFilters } from './more-filters.tsx'
import { ShipDialog } from './ship-dialog.tsx'
import { sourceText, useSourceFilters } from './source.tsx'
import { OrderStateTag } from './state-tag.tsx'

const REFRESH_MS = 2000

const columns = (): Column<MerchantOrderRow>[] => [
  { key: 'order', title: t('order.order'), role: 'title', field: 'orderNo', render: (row) => <OrderCell row={row} /> },
  {
    key: 'state',
    title: t('order.state'),
    labels: sayEach(ORDER_STATES),
    width: 100,
    render: (row) => <OrderStateTag state={row.state} />,
  },
  {
    key: 'total',
    field: 'totalFen',
    title: t('order.total'),
    align: 'right',
    width: 110,
    render: (row) => <Money fen={row.totalFen} strong />,
  },
  {
    key: 'receiver',
    field: 'receiverPhone',
    title: t('order.receiver'),
    render: (row) => (
      <span className="cell-text">
        <span>{`${row.receiver} ${row.receiverPhone}`}</span>
        <span className="faint">{row.region}</span>
      </span>
    ),
  },
  {
    key: 'leaves',
    field: [
      { field: 'fulfilment.warehouses', title: t('stock.warehouse') },
      { field: 'fulfilment.carriers', title: t('parcel.carrier') },
      { field: 'fulfilment.waves', title: t('wave.wave') },
    ],
    title: t('order.leaves'),
    render: (row) =>
      row.deliveryMethod !== 'courier' ? (
        say(DELIVERY_METHODS[row.deliveryMethod])
      ) : row.fulfilment === null ? null : (
        <span className="cell-text">
          <span>{[...row.fulfilment.warehouses, ...row.fulfilment.carriers].join(' · ')}</span>
          <span className="faint">
            {[row.fulfilment.prePack ? t('parcel.prePack') : '', ...row.fulfilment.waves].filter(Boolean).join(' ')}
          </span>
        </span>
      ),
  },
  {
    key: 'source',
    title: t('order.source'),
    role: 'hidden',
    field: 'source.name',
    render: (row) => sourceText(row.source),
  },
  { key: 'buyer', title: t('order.buyer'), role: 'hidden', field: 'buyerNickname', render: (row) => row.buyerNickname },
  {
    key: 'placed',
    title: t('order.placedAt'),
    sort: 'placed',
    field: 'placedAt',
    width: 150,
    render: (row) => <InstantText at={row.placedAt} />,
  },
  {
    key: 'paid',
    field: 'paidAt',
    title: t('order.paidAt'),
    width: 150,
    role: 'hidden',
    render: (row) => <InstantText at={row.paidAt} />,
  },
]

/** The shop's orders by state; found by number, parcel or phone. New ones appear by themselves. */
export default function OrdersPage() {
  const { shop, shopId, may } = useShop()
  const navigate = useNavigate()
  const { filters, setFilter } = useFilters()
  const [shipped, setShipped] = useState<string>()
  const [assigned, setAssigned] = useState<MerchantOrderRow[]>()
  const { main: fulfilmentFilters, more } = useFulfilmentFilters()
  const late: Filter = {
    kind: 'choice',
    name: 'late',
    label: t('order.late'),
    options: [{ value: 'true', label: t('order.late') }],
  }
  const moreFilters = useMoreFilters([...more, ...useSourceFilters(), late])
  const bulk = useOrderBulk(setAssigned)
  const refresh = useThrottled(
    () => void queryClient.invalidateQueries({ queryKey: keyOf('console.orders') }),
    REFRESH_MS,
  )
  useLive(`shop:${shopId}:orders`, { onEvent: refresh, onReset: refresh })
  const states = Object.keys(ORDER_STATES) as OrderState[]
  return (
    <Page title={t('nav.orders')}>
      <Tabs
        activeKey={filters.state ?? 'all'}
        onChange={(state) => setFilter('state', state === 'all' ? undefined : state)}
        items={[
          { key: 'all', label: t('order.all') },
          ...states.map((state) => ({ key: state, label: say(ORDER_STATES[state]) })),
        ]}
      />
      <ResourceTable
        name="orders"
        route="console.orders"
        input={(values) => {
          const range = rangeFromText(values.period)
          return {
            params: { shopId },
            query: {
              state: values.state as OrderState | undefined,
              q: values.q,
              buyerId: values.buyer,
              warehouseId: values.warehouseId,
              carrierCode: values.carrierCode as CarrierCode | undefined,
              prePack: values.prePack,
              ruleId: values.ruleId,
              channelAccount: values.channelAccount,
              waveId: values.waveId,
              late: values.late === 'true' ? 'true' : undefined,
              sort: values.sort as 'placed' | '-placed' | undefined,
              ...(range ? rangeInstants(range) : {}),
            },
          }
        }}
        rowKey={(row) => row.id}
        columns={columns()}
        filters={[
          { kind: 'search', name: 'q', label: t('order.search') },
          { kind: 'period', name: 'period', label: t('order.period') },
          onlyBuyer(),
          ...fulfilmentFilters,
          ...moreFilters,
        ]}
        bulk={bulk}
        onRow={(row) => void navigate(row.id)}
        actions={(row) =>
          row.state !== 'awaiting-shipment' || !may('orders.ship')
            ? []
            : row.deliveryMethod === 'courier'
              ? [{ key: 'ship', label: t('order.ship'), main: true, run: () => setShipped(row.id) }]
              : [
                  {
                    key: 'local',
                    label: t('order.handOver'),
                    run: () => void navigate(`/s/${shop.slug}/local?q=${row.orderNo}`),
                  },
                ]
        }
        empty={{ title: t('order.none'), hint: t('order.noneHint') }}
      />
      {assigned && <AssignDialog orders={assigned} onClose={() => setAssigned(undefined)} />}
      {shipped && <ShipDialog orderId={shipped} onClose={() => setShipped(undefined)} />}
    </Page>
  )
}

const SHOWN_PICTURES = 3

function OrderCell({ row }: { row: MerchantOrderRow }) {
  const first = row.lines[0]
  return (
    <span className="cell-media">
      <span className="thumb-stack">
        {row.lines.slice(0, SHOWN_PICTURES).map((line) => (
          <Thumb key={line.line} picture={line.picture} size={40} />
        ))}
      </span>
      <span className="cell-text">
        <Link to={row.id} className="cell-title num">
          {row.orderNo}
        </Link>
        <span className="faint cell-clip">
          {first && t('order.goods', { title: first.title, count: row.itemCount })}
        </span>
      </span>
    </span>
  )
}
