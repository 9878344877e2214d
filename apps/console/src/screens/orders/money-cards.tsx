import type { MerchantOrder, Shipment } from '@zhanggui/contract'
import { Card, Table, Tag, Typography } from 'antd'
import { t } from '../../i18n/index.ts'
import { InstantText } from '../../kit/instant.tsx'
import { Money } from '../../kit/money.tsx'

/** Payments and refunds with the numbers that WeChat knows them by. */
export function MoneyCards({ order }: { order: MerchantOrder }) {
  return (
    <>
      {order.payments.length > 0 && (
        <Card title={t('order.payments')}>
          <Table
            size="small"
            rowKey="id"
            pagination={false}
            dataSource={order.payments}
            scroll={{ x: 'max-content' }}
            columns={[
              { title: t('payment.method'), render: (_, payment) => t(`payment.method.${payment.method}`) },
              {
                title: t('payment.state'),
                render: (_, payment) => (
                  <Tag color={payment.state === 'paid' ? 'success' : 'default'}>
                    {t(`payment.state.${payment.state}`)}
                  </Tag>
                ),
              },
              { title: t('payment.amount'), align: 'right', render: (_, payment) => <Money fen={payment.amountFen} /> },
              {
                title: t('payment.number'),
                render: (_, payment) => <Numbers ours={payment.outTradeNo} theirs={payment.transactionId} />,
              },
              { title: t('order.paidAt'), render: (_, payment) => <InstantText at={payment.paidAt} /> },
            ]}
          />
        </Card>
      )}
      {order.refunds.length > 0 && (
        <Card title={t('order.refunds')}>
          <Table
            size="small"
            rowKey="id"
            pagination={false}
            dataSource={order.refunds}
            scroll={{ x: 'max-content' }}
            columns={[
              {
                title: t('payment.state'),
                render: (_, refund) => (
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
              { title: t('payment.amount'), align: 'right', render: (_, refund) => <Money fen={refund.amountFen} /> },
              { title: t('refund.by'), render: (_, refund) => t(`refund.by.${refund.requestedBy}`) },
              { title: t('refund.reason'), dataIndex: 'reason' },
              { title: t('refund.number'), render: (_, refund) => <Numbers ours={refund.outRefundNo} theirs={null} /> },
              { title: t('refund.finishedAt'), render: (_, refund) => <InstantText at={refund.finishedAt} /> },
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
      <Table
        size="small"
        rowKey="id"
        pagination={false}
        dataSource={order.shipments}
        scroll={{ x: 'max-content' }}
        columns={[
          { title: t('order.carrier'), dataIndex: 'carrierName' },
          {
            title: t('order.trackingNo'),
            render: (_, shipment) => (
              <Typography.Text copyable className="num">
                {shipment.trackingNo}
              </Typography.Text>
            ),
          },
          { title: t('stock.warehouse'), dataIndex: 'warehouseName' },
          { title: t('shipment.lines'), render: (_, shipment) => <ShipmentLines shipment={shipment} /> },
          { title: t('shipment.reported'), render: (_, shipment) => <ReportTag shipment={shipment} /> },
          { title: t('shipment.at'), render: (_, shipment) => <InstantText at={shipment.shippedAt} /> },
        ]}
      />
    </Card>
  )
}

export function ShipmentLines({ shipment }: { shipment: Shipment }) {
  return (
    <ul className="plain">
      {shipment.lines.map((line) => (
        <li
          key={line.skuId}
          className="cell-clip"
          title={line.title}
        >{`${line.title} ${line.options} ×${line.quantity}`}</li>
      ))}
    </ul>
  )
}
