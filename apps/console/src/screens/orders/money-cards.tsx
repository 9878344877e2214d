import type { MerchantOrder, Shipment } from '@zhanggui/contract'
import { Card, Tag, Typography } from 'antd'
import { Link } from 'react-router'
import { useShop } from '../../app/session.tsx'
import { t } from '../../i18n/index.ts'
import { InstantText } from '../../kit/instant.tsx'
import { Money } from '../../kit/money.tsx'
import { SmallTable } from '../../kit/small-table.tsx'
import { CombinedNote } from '../payments/combined-note.tsx'
import './orders.css'

/** Payments and refunds with the numbers that WeChat knows them by. */
export function MoneyCards({ order }: { order: MerchantOrder }) {
  return (
    <>
      {order.payments.length > 0 && (
        <Card title={t('order.payments')} extra={<OrderMoneyLink orderId={order.id} />}>
          <SmallTable
            rows={order.payments}
            rowKey={(payment) => payment.id}
            columns={[
              { title: t('payment.method'), render: (payment) => t(`payment.method.${payment.method}`) },
              {
                title: t('payment.state'),
                render: (payment) => (
                  <Tag color={payment.state === 'paid' ? 'success' : 'default'}>
                    {t(`payment.state.${payment.state}`)}
                  </Tag>
                ),
              },
              { title: t('payment.amount'), align: 'right', render: (payment) => <Money fen={payment.amountFen} /> },
              {
                title: t('payment.number'),
                render: (payment) => (
                  <span className="cell-text">
                    <Numbers ours={payment.outTradeNo} theirs={payment.transactionId} />
                    <CombinedNote combined={payment.combined} />
                  </span>
                ),
              },
              { title: t('order.paidAt'), render: (payment) => <InstantText at={payment.paidAt} /> },
            ]}
          />
        </Card>
      )}
      {order.refunds.length > 0 && (
        <Card title={t('order.refunds')}>
          <SmallTable
            rows={order.refunds}
            rowKey={(refund) => refund.id}
            columns={[
              {
                title: t('payment.state'),
                render: (refund) => (
                  <span className="cell-text">
                    <Tag color={refund.state === 'succeeded' ? 'success' : refund.state === 'failed' ? 'red' : 'gold'}>
                      {t(`refund.state.${refund.state}`)}
                    </Tag>
                    {refund.lastError && (
                      <Typography.Text type="danger" className="small">
                        {refund.lastError}
                      </Typography.Text>
                    )}
                  </span>
                ),
              },
              { title: t('payment.amount'), align: 'right', render: (refund) => <Money fen={refund.amountFen} /> },
              { title: t('refund.by'), render: (refund) => t(`refund.by.${refund.requestedBy}`) },
              { title: t('refund.reason'), render: (refund) => refund.reason },
              { title: t('refund.number'), render: (refund) => <Numbers ours={refund.outRefundNo} theirs={null} /> },
              { title: t('refund.finishedAt'), render: (refund) => <InstantText at={refund.finishedAt} /> },
            ]}
          />
        </Card>
      )}
    </>
  )
}

function Numbers({ ours, theirs }: { ours: string; theirs: string | null }) {
  return (
    <span className="cell-text">
      <Typography.Text copyable className="num small">
        {ours}
      </Typography.Text>
      {theirs && (
        <Typography.Text copyable type="secondary" className="num small">
          {theirs}
        </Typography.Text>
      )}
    </span>
  )
}

const REPORT_COLOURS = { 'not-needed': 'default', pending: 'gold', accepted: 'success', failed: 'red' } as const

export function ReportTag({ shipment }: { shipment: Shipment }) {
  return (
    <Tag color={REPORT_COLOURS[shipment.reportedToWechat]}>{t(`shipment.reported.${shipment.reportedToWechat}`)}</Tag>
  )
}

/** The parcels of an order. */
export function ShipmentsCard({ order }: { order: MerchantOrder }) {
  if (order.shipments.length === 0) return null
  return (
    <Card title={t('order.shipments')} data-testid="order-shipments">
      <SmallTable
        rows={order.shipments}
        rowKey={(shipment) => shipment.id}
        columns={[
          { title: t('order.carrier'), render: (shipment) => shipment.carrierName },
          {
            title: t('order.trackingNo'),
            render: (shipment) => (
              <Typography.Text copyable className="num">
                {shipment.trackingNo}
              </Typography.Text>
            ),
          },
          { title: t('stock.warehouse'), render: (shipment) => shipment.warehouseName },
          { title: t('shipment.lines'), render: (shipment) => <ShipmentLines shipment={shipment} /> },
          { title: t('shipment.reported'), render: (shipment) => <ReportTag shipment={shipment} /> },
          { title: t('shipment.at'), render: (shipment) => <InstantText at={shipment.shippedAt} /> },
        ]}
      />
    </Card>
  )
}

export function ShipmentLines({ shipment }: { shipment: Shipment }) {
  return (
    <ul className="plain">
      {shipment.lines.map((line) => (
        <li key={line.skuId} className="shipped-line">
          <span
            className="shipped-goods"
            title={`${line.title} ${line.options}`}
          >{`${line.title} ${line.options}`}</span>
          <span className="num">×{line.quantity}</span>
        </li>
      ))}
    </ul>
  )
}

/** To every posting of the order, for those who may see money. */
function OrderMoneyLink({ orderId }: { orderId: string }) {
  const { shop, may } = useShop()
  if (!may('money.read')) return null
  return <Link to={`/s/${shop.slug}/orders/${orderId}/money`}>{t('ledger.orderMoney')}</Link>
}
