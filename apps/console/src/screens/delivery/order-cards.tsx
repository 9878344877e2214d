import {
  DELIVERY_METHODS,
  EXCEPTION_KINDS,
  type MerchantFollowUp,
  type MerchantOrder,
  type OrderException,
  ROUTES,
  TRACK_STATES,
} from '@zhanggui/contract'
import { Button, Card, DatePicker, Form, Input, InputNumber, Select, Tag, Timeline } from 'antd'
import { useState } from 'react'
import { useShop } from '../../app/session.tsx'
import { say, t } from '../../i18n/index.ts'
import { useRead, useWrite } from '../../kit/api.ts'
import { useFeedback } from '../../kit/feedback.tsx'
import { FormDialog } from '../../kit/form-dialog.tsx'
import { InstantText } from '../../kit/instant.tsx'
import { EXCEPTION_STALE, History } from '../exceptions/board.tsx'
import { DeliveryStateTag } from './local-orders.tsx'

/** How the order is on its way, and what stands in it: beside the order. */
export function FollowUpCards({ order }: { order: MerchantOrder }) {
  const { shopId } = useShop()
  const read = useRead('console.orderFollowUp', { params: { shopId, orderId: order.id } })
  const exceptions = useRead('console.exceptions', { params: { shopId }, query: { orderId: order.id, limit: 50 } })
  const followUp = read.data
  return (
    <>
      {followUp?.delivery && <DeliveryCard delivery={followUp.delivery} />}
      {followUp && followUp.parcels.length > 0 && <TracksCard parcels={followUp.parcels} />}
      <ExceptionsCard order={order} exceptions={exceptions.data?.items ?? []} />
    </>
  )
}

const DeliveryCard = ({ delivery }: { delivery: NonNullable<MerchantFollowUp['delivery']> }) => (
  <Card title={say(DELIVERY_METHODS[delivery.method])} extra={<DeliveryStateTag state={delivery.state} />}>
    <div className="stack-s">
      {delivery.promisedAt && (
        <span>
          {t('local.promised')} <InstantText at={delivery.promisedAt} />{' '}
          {delivery.late && <Tag color="red">{t('local.late')}</Tag>}
        </span>
      )}
      {delivery.point && (
        <span>
          {delivery.point.name} <span className="faint">{delivery.point.address}</span>
        </span>
      )}
      {delivery.rider && <span>{`${t('local.rider')} ${delivery.rider.name} ${delivery.rider.phone}`}</span>}
      {delivery.keepUntil && (
        <span>
          {t('local.keepUntil')} <InstantText at={delivery.keepUntil} />
        </span>
      )}
    </div>
  </Card>
)

function TracksCard({ parcels }: { parcels: MerchantFollowUp['parcels'] }) {
  const { shopId } = useShop()
  const { failed } = useFeedback()
  const refresh = useWrite('console.refreshParcel', ['console.orderFollowUp'])
  return (
    <Card title={t('track.title')} data-testid="order-tracks">
      <div className="stack-l">
        {parcels.map((parcel) => (
          <div key={parcel.shipmentId} className="stack-s">
            <span className="row-tight">
              <span className="strong num">{parcel.trackingNo}</span>
              <Tag color={parcel.state === 'problem' || parcel.state === 'returned' ? 'red' : 'blue'}>
                {say(TRACK_STATES[parcel.state])}
              </Tag>
              {parcel.following !== 'off' && parcel.following !== 'unsupported' && (
                <Button
                  type="link"
                  size="small"
                  loading={refresh.isPending}
                  onClick={() =>
                    void refresh.mutateAsync({ params: { shopId, shipmentId: parcel.shipmentId } }).catch(failed)
                  }
                >
                  {t('track.refresh')}
                </Button>
              )}
            </span>
            {parcel.events.length === 0 ? (
              <span className="faint">
                {parcel.following === 'off'
                  ? t('track.off')
                  : parcel.following === 'unsupported'
                    ? t('track.unsupported')
                    : t('track.nothing')}
              </span>
            ) : (
              <Timeline
                items={parcel.events.slice(0, 8).map((event) => ({
                  key: event.at + event.text,
                  content: (
                    <span>
                      {event.text}{' '}
                      <span className="faint small">
                        <InstantText at={event.at} />
                      </span>
                    </span>
                  ),
                }))}
              />
            )}
          </div>
        ))}
      </div>
    </Card>
  )
}

function ExceptionsCard({ order, exceptions }: { order: MerchantOrder; exceptions: OrderException[] }) {
  const { may } = useShop()
  const [asking, setAsking] = useState<'hold' | 'shortage'>()
  const open = order.state === 'awaiting-shipment'
  if (!open && exceptions.length === 0) return null
  return (
    <Card
      title={t('exception.ofOrder')}
      data-testid="order-exceptions"
      extra={
        open && (
          <span className="row-actions">
            {may('orders.write') && (
              <Button size="small" onClick={() => setAsking('hold')}>
                {t('exception.hold')}
              </Button>
            )}
            {may('orders.ship') && (
              <Button size="small" onClick={() => setAsking('shortage')}>
                {t('exception.shortage')}
              </Button>
            )}
          </span>
        )
      }
    >
      {exceptions.length === 0 ? (
        <span className="faint">{t('exception.none')}</span>
      ) : (
        <div className="stack-l">
          {exceptions.map((exception) => (
            <div key={exception.id} className="stack-s">
              <span>
                <Tag color={exception.state === 'resolved' ? 'default' : 'orange'}>
                  {say(EXCEPTION_KINDS[exception.kind])}
                </Tag>
                {exception.title} <span className="faint">{exception.detail}</span>
              </span>
              <History exception={exception} />
            </div>
          ))}
        </div>
      )}
      {asking === 'hold' && <HoldDialog order={order} onClose={() => setAsking(undefined)} />}
      {asking === 'shortage' && <ShortageDialog order={order} onClose={() => setAsking(undefined)} />}
    </Card>
  )
}

function HoldDialog({ order, onClose }: { order: MerchantOrder; onClose: () => void }) {
  const { shopId } = useShop()
  const { done } = useFeedback()
  const hold = useWrite('console.holdOrder', EXCEPTION_STALE)
  return (
    <FormDialog
      title={t('exception.hold')}
      schema={ROUTES['console.holdOrder'].body}
      initial={{ reason: '', until: null as { toISOString(): string } | null }}
      toInput={({ reason, until }) => ({ reason, until: until?.toISOString() ?? null })}
      submit={(body) => hold.mutateAsync({ params: { shopId, orderId: order.id }, body })}
      onDone={() => done(t('exception.held'))}
      onClose={onClose}
    >
      <Form.Item name="reason" label={t('exception.holdReason')}>
        <Input maxLength={100} autoFocus />
      </Form.Item>
      <Form.Item name="until" label={t('exception.until')} extra={t('exception.untilHint')}>
        <DatePicker showTime={{ format: 'HH:mm' }} format="YYYY-MM-DD HH:mm" className="wide" />
      </Form.Item>
    </FormDialog>
  )
}

function ShortageDialog({ order, onClose }: { order: MerchantOrder; onClose: () => void }) {
  const { shopId } = useShop()
  const { done } = useFeedback()
  const report = useWrite('console.reportShortage', EXCEPTION_STALE)
  const open = order.lines.filter((line) => line.quantity > line.shippedQuantity)
  return (
    <FormDialog
      title={t('exception.shortage')}
      schema={ROUTES['console.reportShortage'].body}
      initial={{ skuId: open[0]?.skuId ?? '', quantity: 1, note: '' }}
      submit={(body) => report.mutateAsync({ params: { shopId, orderId: order.id }, body })}
      onDone={() => done(t('exception.reported'))}
      onClose={onClose}
    >
      <Form.Item name="skuId" label={t('exception.shortageOf')}>
        <Select options={open.map((line) => ({ value: line.skuId, label: `${line.title} ${line.options}` }))} />
      </Form.Item>
      <Form.Item name="quantity" label={t('exception.quantity')}>
        <InputNumber className="wide" min={1} max={9999} precision={0} />
      </Form.Item>
      <Form.Item name="note" label={t('exception.note')}>
        <Input maxLength={200} />
      </Form.Item>
    </FormDialog>
  )
}
