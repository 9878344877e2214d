import { AFTERSALE_TYPES, type MerchantOrder } from '@zhanggui/contract'
import { Card } from 'antd'
import { Link } from 'react-router'
import { useShop } from '../../app/session.tsx'
import { say, t } from '../../i18n/index.ts'
import { useRead } from '../../kit/api.ts'
import { Money } from '../../kit/money.tsx'
import { CaseLeft, CaseState } from './columns.tsx'

/** What is asked for of an order, on its page; nothing while nothing is. */
export function AftersaleCard({ order }: { order: MerchantOrder }) {
  const { shop, shopId } = useShop()
  const read = useRead('console.aftersales', { params: { shopId }, query: { orderId: order.id, limit: 50 } })
  const cases = read.data?.items ?? []
  if (cases.length === 0) return null
  return (
    <Card title={t('aftersale.ofOrder')} data-testid="order-aftersale">
      <div className="stack-s">
        {cases.map((row) => (
          <Link key={row.id} to={`/s/${shop.slug}/aftersale/${row.id}`}>
            <CaseState row={row} /> {say(AFTERSALE_TYPES[row.type])} · {row.reason}{' '}
            {row.type !== 'exchange' && <Money fen={row.amountFen} />} <CaseLeft row={row} />
          </Link>
        ))}
      </div>
    </Card>
  )
}
