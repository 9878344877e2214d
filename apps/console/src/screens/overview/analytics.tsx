import type { Overview } from '@zhanggui/contract'
import { Card, Empty, Result, Table } from 'antd'
import { Link } from 'react-router'
import { t } from '../../i18n/index.ts'

type Analytics = Overview['analytics']

/** From visitor to payment, in numbers. */
export function Funnel({ analytics }: { analytics: Analytics }) {
  const steps: [string, number][] = [
    [t('overview.visitors'), analytics.visitors],
    [t('overview.pageViews'), analytics.pageViews],
    [t('overview.addedToCart'), analytics.addedToCart],
    [t('overview.ordersPlaced'), analytics.ordersPlaced],
    [t('overview.ordersPaid'), analytics.ordersPaid],
  ]
  return (
    <dl className="funnel">
      {steps.map(([label, count]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd className="num">{count}</dd>
        </div>
      ))}
    </dl>
  )
}

export function TopProducts({ products }: { products: Analytics['topProducts'] }) {
  return (
    <Card title={t('overview.top')}>
      {products.length === 0 ? (
        <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('overview.noVisits')} />
      ) : (
        <Table
          size="small"
          rowKey="productId"
          pagination={false}
          dataSource={products}
          scroll={{ x: 'max-content' }}
          columns={[
            {
              title: t('product.title'),
              render: (_, row) => (
                <Link className="cell-clip" to={`../products/${row.productId}`} relative="path">
                  {row.title}
                </Link>
              ),
            },
            { title: t('overview.views'), dataIndex: 'views', align: 'right', className: 'num' },
            { title: t('overview.addedToCart'), dataIndex: 'addedToCart', align: 'right', className: 'num' },
            { title: t('overview.soldUnits'), dataIndex: 'soldUnits', align: 'right', className: 'num' },
          ]}
        />
      )}
    </Card>
  )
}

/** The event store is not there: the shop runs on, and this says what to set. */
export function AnalyticsUnavailable({ reason }: { reason: string | null }) {
  return (
    <Result
      status="info"
      title={t('overview.unavailable')}
      subTitle={reason}
      extra={
        <p className="soft">
          {t('overview.unavailableHint')} <code>CLICKHOUSE_URL</code>
        </p>
      }
    />
  )
}
