import type { MerchantOrder } from '@zhanggui/contract'
import { Card, Table } from 'antd'
import { Link } from 'react-router'
import { useShop } from '../../app/session.tsx'
import { t } from '../../i18n/index.ts'
import { Money } from '../../kit/money.tsx'
import { Thumb } from '../../kit/picture.tsx'

type Line = MerchantOrder['lines'][number]

/** The goods with the share of each unit, the discounts with who bears them, and the sums. */
export function GoodsCard({ order }: { order: MerchantOrder }) {
  const { shop } = useShop()
  return (
    <Card title={t('order.goodsTitle')}>
      <Table
        size="small"
        rowKey="line"
        pagination={false}
        dataSource={order.lines}
        scroll={{ x: 'max-content' }}
        {...(order.lines.some((line) => sharesOf(order, line).length > 0)
          ? {
              expandable: {
                expandedRowRender: (line: Line) => <LineShares order={order} line={line} />,
                rowExpandable: (line: Line) => sharesOf(order, line).length > 0,
              },
            }
          : {})}
        columns={[
          {
            title: t('product.title'),
            render: (_, line) => (
              <span className="cell-media">
                <Thumb picture={line.picture} />
                <span className="cell-text">
                  <Link to={`/s/${shop.slug}/products/${line.productId}`} className="cell-title">
                    {line.title}
                  </Link>
                  <span className="faint">{line.options}</span>
                </span>
              </span>
            ),
          },
          {
            title: t('order.unitPrice'),
            align: 'right',
            responsive: ['sm'],
            render: (_, line) => <Money fen={line.unitPriceFen} />,
          },
          {
            title: t('order.quantity'),
            align: 'right',
            render: (_, line) => <span className="num">×{line.quantity}</span>,
          },
          { title: t('order.payTotal'), align: 'right', render: (_, line) => <Money fen={line.payTotalFen} strong /> },
          {
            title: t('order.shippedQuantity'),
            align: 'right',
            responsive: ['sm'],
            render: (_, line) => <span className="num">{`${line.shippedQuantity} / ${line.quantity}`}</span>,
          },
        ]}
      />
      <Sums order={order} />
    </Card>
  )
}

const sharesOf = (order: MerchantOrder, line: Line) => order.adjustments.filter((each) => each.line === line.line)

/** What each unit of a line got of each discount; refunds and settlement read the same shares. */
function LineShares({ order, line }: { order: MerchantOrder; line: Line }) {
  return (
    <ul className="plain">
      {sharesOf(order, line).map((each) => (
        <li key={`${each.source}-${each.label}`}>
          {each.label}（{t(`payer.${each.payer}`)}） <Money fen={each.fen} />
          <span className="faint"> {t('order.unitShares')} </span>
          {each.unitFen.map((fen, unit) => (
            // Units have no identity but their place.
            // biome-ignore lint/suspicious/noArrayIndexKey: see above
            <span key={unit} className="faint">
              <Money fen={fen} />{' '}
            </span>
          ))}
        </li>
      ))}
    </ul>
  )
}

function Sums({ order }: { order: MerchantOrder }) {
  const rows: [string, number, boolean?][] = [
    [t('order.goodsTotal'), order.goodsFen],
    [t('order.discount'), order.discountFen === 0 ? 0 : -Math.abs(order.discountFen)],
    [t('order.freight'), order.freightFen],
    [t('order.total'), order.totalFen, true],
    ...(order.paidFen > 0 ? ([[t('order.paid'), order.paidFen]] as [string, number][]) : []),
    ...(order.refundedFen > 0 ? ([[t('order.refunded'), -order.refundedFen]] as [string, number][]) : []),
  ]
  const freightDiscounts = order.adjustments.filter((each) => each.line === null)
  return (
    <dl className="sums">
      {rows.map(([label, fen, strong]) => (
        <div key={label} className={strong ? 'strong' : ''}>
          <dt>{label}</dt>
          <dd>
            <Money fen={fen} strong={strong ?? false} />
          </dd>
        </div>
      ))}
      {freightDiscounts.map((each) => (
        <div key={each.source} className="faint">
          <dt>{`${each.label}（${t(`payer.${each.payer}`)}）`}</dt>
          <dd>
            <Money fen={each.fen} />
          </dd>
        </div>
      ))}
    </dl>
  )
}
