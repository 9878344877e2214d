import type { MerchantOrder } from '@zhanggui/contract'
import { Alert, Button, Card } from 'antd'
import { useState } from 'react'
import { useParams } from 'react-router'
import { Page } from '../../app/page.tsx'
import { useShop } from '../../app/session.tsx'
import { t } from '../../i18n/index.ts'
import { keyOf, queryClient, useRead } from '../../kit/api.ts'
import { Loaded } from '../../kit/feedback.tsx'
import { InstantText } from '../../kit/instant.tsx'
import { useLive } from '../../kit/live.ts'
import { useThrottled } from '../../kit/throttle.ts'
import { Timeline } from '../../kit/timeline.tsx'
import { AftersaleCard } from '../aftersale/order-card.tsx'
import { RefundUnitsDialog } from '../aftersale/refund-units-dialog.tsx'
import { FollowUpCards } from '../delivery/order-cards.tsx'
import { FulfilmentCard } from '../fulfilment/order-card.tsx'
import { OrderSharingCard } from '../sharing/order-sharing.tsx'
import { CancelDialog, RefundDialog } from './dialogs.tsx'
import { GoodsCard } from './goods-card.tsx'
import { MoneyCards, ShipmentsCard } from './money-cards.tsx'
import { NotesCard } from './notes-card.tsx'
import { orderEntries } from './order-timeline.ts'
import { AddressCard, NoteCard } from './people-cards.tsx'
import { ShipDialog } from './ship-dialog.tsx'
import { OrderStateTag } from './state-tag.tsx'

type Dialog = 'ship' | 'refund' | 'units' | 'cancel'
const REFRESH_MS = 2000

/** One order with everything that happened to it. */
export default function OrderPage() {
  const { shop, shopId, may } = useShop()
  const { orderId = '' } = useParams()
  const [dialog, setDialog] = useState<Dialog>()
  const read = useRead('console.order', { params: { shopId, orderId } })
  const refresh = useThrottled(() => {
    void queryClient.invalidateQueries({ queryKey: keyOf('console.order') })
    void queryClient.invalidateQueries({ queryKey: keyOf('console.orderFulfilment') })
    void queryClient.invalidateQueries({ queryKey: keyOf('console.orderFollowUp') })
    void queryClient.invalidateQueries({ queryKey: keyOf('console.notices') })
  }, REFRESH_MS)
  useLive(`shop:${shopId}:orders`, { onEvent: refresh, onReset: refresh })
  const order = read.data
  return (
    <Page
      title={order ? t('order.no', { orderNo: order.orderNo }) : t('order.order')}
      back={`/s/${shop.slug}/orders`}
      mark={order && <OrderStateTag state={order.state} />}
      actions={order && <OrderActions order={order} open={setDialog} />}
    >
      <Loaded query={read}>
        {(shown) => (
          <div className="editor">
            <div className="editor-main">
              <Deadline order={shown} />
              {shown.paidAt && <FulfilmentCard order={shown} />}
              <AftersaleCard order={shown} />
              <GoodsCard order={shown} />
              <MoneyCards order={shown} />
              {may('money.read') && shown.paidAt && <OrderSharingCard orderId={shown.id} />}
              <ShipmentsCard order={shown} />
              <FollowUpCards order={shown} />
            </div>
            <div className="editor-side">
              <AddressCard order={shown} />
              {shown.merchantNote !== '' && <NoteCard order={shown} />}
              <NotesCard entity="order" entityId={shown.id} writable={may('orders.write')} />
              <Card title={t('order.timeline')}>
                <OrderTimeline order={shown} />
              </Card>
            </div>
          </div>
        )}
      </Loaded>
      {order && dialog === 'ship' && <ShipDialog orderId={order.id} onClose={() => setDialog(undefined)} />}
      {order && dialog === 'refund' && <RefundDialog order={order} onClose={() => setDialog(undefined)} />}
      {order && dialog === 'units' && <RefundUnitsDialog order={order} onClose={() => setDialog(undefined)} />}
      {order && dialog === 'cancel' && <CancelDialog order={order} onClose={() => setDialog(undefined)} />}
    </Page>
  )
}

function OrderActions({ order, open }: { order: MerchantOrder; open: (dialog: Dialog) => void }) {
  const { may } = useShop()
  const refundable = order.state === 'awaiting-shipment' || order.state === 'shipped'
  return (
    <>
      {order.state === 'awaiting-payment' && may('orders.write') && (
        <Button danger onClick={() => open('cancel')}>
          {t('order.cancel')}
        </Button>
      )}
      {(refundable || order.state === 'completed') && may('orders.refund') && (
        <Button onClick={() => open('units')}>{t('refundUnits.button')}</Button>
      )}
      {refundable && may('orders.refund') && <Button onClick={() => open('refund')}>{t('order.refund')}</Button>}
      {order.state === 'awaiting-shipment' && may('orders.ship') && (
        <Button type="primary" onClick={() => open('ship')}>
          {t('order.ship')}
        </Button>
      )}
    </>
  )
}

/** What happens by itself, and when. */
function Deadline({ order }: { order: MerchantOrder }) {
  if (order.state === 'cancelled')
    return <Alert type="info" showIcon title={t('order.cancelledFor', { reason: order.cancelReason ?? '—' })} />
  if (order.state === 'awaiting-payment' && order.payBefore)
    return (
      <Alert
        type="warning"
        showIcon
        title={
          <>
            {t('order.payBefore')} <InstantText at={order.payBefore} />
          </>
        }
      />
    )
  if (order.state === 'shipped' && order.autoReceiveAt)
    return (
      <Alert
        type="info"
        showIcon
        title={
          <>
            {t('order.autoReceive')} <InstantText at={order.autoReceiveAt} />
          </>
        }
      />
    )
  return null
}

/** Steps, parcels and messages; the last two are read by themselves and join when they are there. */
function OrderTimeline({ order }: { order: MerchantOrder }) {
  const { shopId } = useShop()
  const followUp = useRead('console.orderFollowUp', { params: { shopId, orderId: order.id } })
  const sent = useRead('console.notices', { params: { shopId }, query: { q: order.orderNo, limit: 50 } })
  return <Timeline label={t('order.timeline')} entries={orderEntries(order, followUp.data, sent.data?.items ?? [])} />
}
