import { type Parcel, WAVE_STATES } from '@zhanggui/contract'
import { Tag } from 'antd'
import { Link, useNavigate, useParams } from 'react-router'
import { Page } from '../../app/page.tsx'
import { useShop } from '../../app/session.tsx'
import { say, t } from '../../i18n/index.ts'
import { useRead, useWrite } from '../../kit/api.ts'
import { useFeedback } from '../../kit/feedback.tsx'
import { type Column, ResourceTable } from '../../kit/resource-table.tsx'
import { ParcelStateTag } from './order-card.tsx'
import { WAVE_COLOURS } from './waves.tsx'

const STALE = ['console.wave', 'console.waves', 'console.parcels'] as const

const columns = (slug: string): Column<Parcel>[] => [
  {
    key: 'parcel',
    field: 'code',
    title: t('parcel.parcel'),
    role: 'title',
    render: (row) => <span className="num">{row.code}</span>,
  },
  { key: 'state', title: t('parcel.state'), render: (row) => <ParcelStateTag parcel={row} /> },
  {
    key: 'order',
    field: 'orders.orderNo',
    title: t('order.order'),
    render: (row) =>
      row.orders.map((order) => (
        <Link key={order.id} className="num" to={`/s/${slug}/orders/${order.id}`}>
          {order.orderNo}{' '}
        </Link>
      )),
  },
  {
    key: 'goods',
    field: [
      { field: 'lines.title', title: t('parcel.goods') },
      { field: 'lines.quantity', title: t('order.quantity') },
    ],
    title: t('parcel.goods'),
    render: (row) => row.lines.map((line) => `${line.title} ${line.options} ×${line.quantity}`).join('；'),
  },
  { key: 'carrier', field: 'carrierName', title: t('parcel.carrier'), render: (row) => row.carrierName },
  {
    key: 'tracking',
    field: 'trackingNo',
    title: t('order.trackingNo'),
    render: (row) => row.trackingNo && <span className="num">{row.trackingNo}</span>,
  },
]

/** One wave and its parcels. */
export default function WavePage() {
  const { shop, shopId, may } = useShop()
  const { waveId = '' } = useParams()
  const navigate = useNavigate()
  const { done, failed } = useFeedback()
  const read = useRead('console.wave', { params: { shopId, waveId } })
  const leave = useWrite('console.leaveWave', STALE)
  const handOver = useWrite('console.handOverParcels', STALE)
  const print = (kind: string, rows: Parcel[]) =>
    void navigate(`/s/${shop.slug}/print?kind=${kind}&parcels=${rows.map((row) => row.id).join(',')}`)
  const takeOut = async (rows: Parcel[]) => {
    try {
      const body = { parcelIds: rows.map((row) => row.id) }
      const wave = await leave.mutateAsync({ params: { shopId, waveId }, body })
      done(wave ? t('wave.left') : t('wave.gone'))
      if (!wave) void navigate(`/s/${shop.slug}/waves`)
    } catch (error) {
      failed(error)
    }
  }
  const hand = async (rows: Parcel[]) => {
    const body = { parcelIds: rows.map((row) => row.id) }
    const answer = await handOver.mutateAsync({ params: { shopId }, body })
    if (answer.failed.length > 0) failed(new Error(answer.failed[0]!.reason))
    else done(t('parcel.handedOver', { count: answer.done }))
  }
  return (
    <Page
      title={read.data?.code ?? t('wave.wave')}
      back={`/s/${shop.slug}/waves`}
      mark={read.data && <Tag color={WAVE_COLOURS[read.data.state]}>{say(WAVE_STATES[read.data.state])}</Tag>}
      hint={read.data && `${read.data.warehouseName} · ${read.data.name}`}
    >
      <ResourceTable
        name="wave-parcels"
        route="console.parcels"
        input={() => ({ params: { shopId }, query: { waveId } })}
        rowKey={(row) => row.id}
        columns={columns(shop.slug)}
        limit={50}
        bulk={
          may('orders.ship')
            ? [
                { key: 'slip', label: t('parcel.printSlip'), run: (rows) => print('slip', rows) },
                { key: 'label', label: t('parcel.printLabel'), run: (rows) => print('label', rows) },
                { key: 'hand', label: t('parcel.handOver'), run: hand },
                { key: 'leave', label: t('wave.leave'), danger: true, run: takeOut },
              ]
            : []
        }
        empty={{ title: t('parcel.none') }}
      />
    </Page>
  )
}
