import { type MerchantOrder, PARCEL_STATES, type Parcel } from '@zhanggui/contract'
import { Alert, Button, Card, Collapse, Modal, Space, Tag } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import { useShop } from '../../app/session.tsx'
import { say, t } from '../../i18n/index.ts'
import { useRead, useWrite } from '../../kit/api.ts'
import { useFeedback } from '../../kit/feedback.tsx'
import { InstantText } from '../../kit/instant.tsx'
import { SplitDialog } from './split-dialog.tsx'
import './fulfilment.css'

const STALE = [
  'console.orderFulfilment',
  'console.order',
  'console.orders',
  'console.parcels',
  'console.waves',
] as const
const COLOURS = {
  awaiting: 'orange',
  picking: 'blue',
  packed: 'cyan',
  shipped: 'success',
  cancelled: 'default',
} as const

export function ParcelStateTag({ parcel }: { parcel: Pick<Parcel, 'state'> }) {
  return <Tag color={COLOURS[parcel.state]}>{say(PARCEL_STATES[parcel.state])}</Tag>
}

/** Where the order goes and why, its parcels, and what can be done with them. */
export function FulfilmentCard({ order: { id: orderId, state } }: { order: Pick<MerchantOrder, 'id' | 'state'> }) {
  const { shopId } = useShop()
  const read = useRead('console.orderFulfilment', { params: { shopId, orderId } })
  if (!read.data) return null
  const { routing, parcels, mergeable } = read.data
  const shown = parcels.filter((parcel) => parcel.state !== 'cancelled')
  return (
    <Card title={t('fulfilment.why')} data-testid="order-fulfilment">
      {routing ? (
        <ul className="plain stack-xs">
          {routing.sentences.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      ) : (
        <span className="faint">{t('fulfilment.noRouting')}</span>
      )}
      {routing && routing.rules.length > 0 && (
        <Collapse
          ghost
          size="small"
          items={[{ key: 'rules', label: t('fulfilment.rules'), children: <Traces rules={routing.rules} /> }]}
        />
      )}
      {shown.length === 0 && state === 'awaiting-shipment' && <p className="faint">{t('parcel.none')}</p>}
      {shown.map((parcel) => (
        <ParcelBox key={parcel.id} parcel={parcel} orderId={orderId} />
      ))}
      {mergeable.length > 0 && <Mergeable own={shown} others={mergeable} />}
    </Card>
  )
}

export function Traces({
  rules,
}: {
  rules: readonly { ruleId: string; name: string; outcome: string; because: string; overruled: string[] }[]
}) {
  return (
    <ul className="plain stack-xs">
      {rules.map((rule) => (
        <li key={rule.ruleId}>
          <Tag color={rule.outcome === 'matched' ? 'success' : 'default'}>
            {t(`routing.outcome.${rule.outcome as 'matched'}`)}
          </Tag>
          {rule.name} <span className="soft">{rule.because}</span>
          {rule.overruled.length > 0 && (
            <span className="faint"> {t('routing.overruled', { effects: rule.overruled.join(' / ') })}</span>
          )}
        </li>
      ))}
    </ul>
  )
}

function ParcelBox({ parcel, orderId }: { parcel: Parcel; orderId: string }) {
  const { shop, shopId, may } = useShop()
  const { done, failed } = useFeedback()
  const [split, setSplit] = useState(false)
  const unmerge = useWrite('console.unmergeParcel', STALE)
  const undo = useWrite('console.undoPack', STALE)
  const handOver = useWrite('console.handOverParcels', STALE)
  const params = { shopId, parcelId: parcel.id }
  const unpacked = parcel.state === 'awaiting' || parcel.state === 'picking'
  const run = (work: Promise<unknown>, text: string) => void work.then(() => done(text), failed)
  const others = parcel.orders.filter((order) => order.id !== orderId)
  return (
    <div className="parcel-box">
      <div className="row-between">
        <span>
          <span className="num strong">{parcel.code}</span> <ParcelStateTag parcel={parcel} />
          {parcel.prePack && <Tag color="gold">{t('parcel.prePack')}</Tag>}
          {parcel.waveCode && <Tag>{parcel.waveCode}</Tag>}
        </span>
        <span className="soft">{`${parcel.warehouseName} · ${parcel.carrierName}`}</span>
      </div>
      <span className="soft">
        {parcel.lines.map((line) => `${line.title} ${line.options} ×${line.quantity}`).join('；')}
      </span>
      {parcel.trackingNo && <span className="num">{parcel.trackingNo}</span>}
      {parcel.packingNote !== '' && <span>{t('print.packing', { note: parcel.packingNote })}</span>}
      {parcel.handOverAt && (
        <span className="soft">
          {t('parcel.handOverAt')} <InstantText at={parcel.handOverAt} />
        </span>
      )}
      {parcel.problem && <Alert type="error" showIcon title={parcel.problem} />}
      {others.length > 0 && (
        <span>
          {others.map((order) => (
            <Link key={order.id} className="num" to={`/s/${shop.slug}/orders/${order.id}`}>
              {order.orderNo}{' '}
            </Link>
          ))}
        </span>
      )}
      {may('orders.ship') && (
        <Space wrap size="small">
          {unpacked && parcel.units > 1 && (
            <Button size="small" onClick={() => setSplit(true)}>
              {t('parcel.split')}
            </Button>
          )}
          {unpacked && parcel.orders.length > 1 && (
            <Button size="small" onClick={() => run(unmerge.mutateAsync({ params }), t('parcel.unmerged'))}>
              {t('parcel.unmerge')}
            </Button>
          )}
          {parcel.state === 'packed' && (
            <>
              <Button size="small" danger onClick={() => run(undo.mutateAsync({ params }), t('parcel.undone'))}>
                {t('parcel.undo')}
              </Button>
              <Button
                size="small"
                onClick={() =>
                  run(
                    handOver.mutateAsync({ params: { shopId }, body: { parcelIds: [parcel.id] } }),
                    t('parcel.handedOver', { count: 1 }),
                  )
                }
              >
                {t('parcel.handOver')}
              </Button>
            </>
          )}
          <Link to={`/s/${shop.slug}/print?kind=slip&parcels=${parcel.id}`}>{t('parcel.printSlip')}</Link>
          <Link to={`/s/${shop.slug}/print?kind=label&parcels=${parcel.id}`}>{t('parcel.printLabel')}</Link>
        </Space>
      )}
      {split && <SplitDialog parcel={parcel} stale={STALE} onClose={() => setSplit(false)} />}
    </div>
  )
}

function Mergeable({ own, others }: { own: Parcel[]; others: Parcel[] }) {
  const { shopId, may } = useShop()
  const { done, failed } = useFeedback()
  const merge = useWrite('console.mergeParcels', STALE)
  const [asked, setAsked] = useState<Parcel>()
  const target = (other: Parcel) =>
    own.find((parcel) => parcel.warehouseId === other.warehouseId && parcel.waveId === other.waveId)
  const run = async (other: Parcel) => {
    try {
      const body = { parcelIds: [target(other)!.id, other.id] }
      const merged = await merge.mutateAsync({ params: { shopId }, body })
      done(t('parcel.merged', { code: merged.code }))
    } catch (error) {
      failed(error)
    }
    setAsked(undefined)
  }
  return (
    <div className="stack-xs gap-top">
      <span className="soft">{t('parcel.mergeable')}</span>
      {others.map((other) => (
        <span key={other.id}>
          <span className="num">{other.code}</span> {t('parcel.units', { count: other.units })}{' '}
          {may('orders.ship') && target(other) && (
            <Button size="small" type="link" onClick={() => setAsked(other)}>
              {t('parcel.merge')}
            </Button>
          )}
        </span>
      ))}
      <Modal
        open={asked !== undefined}
        title={t('parcel.merge')}
        okText={t('parcel.merge')}
        confirmLoading={merge.isPending}
        onOk={() => asked && void run(asked)}
        onCancel={() => setAsked(undefined)}
      >
        {asked && <p className="num">{`${target(asked)?.code ?? ''} + ${asked.code}`}</p>}
      </Modal>
    </div>
  )
}
