import { Button, Card } from 'antd'
import { Link, useParams } from 'react-router'
import { Page } from '../../app/page.tsx'
import { useShop } from '../../app/session.tsx'
import { t } from '../../i18n/index.ts'
import { useRead } from '../../kit/api.ts'
import { Loaded } from '../../kit/feedback.tsx'
import { Movements } from '../settlement/movements.tsx'
import { Vouchers } from './vouchers.tsx'

/** The money of one order: every posting in the ledger, and the lines of WeChat's bills about it. */
export default function OrderMoneyPage() {
  const { shop, shopId } = useShop()
  const { orderId = '' } = useParams()
  const read = useRead('console.orderMoney', { params: { shopId, orderId } })
  const back = `/s/${shop.slug}/orders/${orderId}`
  return (
    <Page
      title={t('ledger.orderMoney')}
      back={back}
      actions={
        <Link to={`/s/${shop.slug}/ledger`}>
          <Button>{t('nav.ledger')}</Button>
        </Link>
      }
    >
      <Loaded query={read}>
        {({ orderNo, movements, vouchers }) => (
          <div className="stack-l">
            <Card
              title={
                <>
                  {t('ledger.postingsOf')}{' '}
                  <Link className="num" to={back}>
                    {orderNo}
                  </Link>
                </>
              }
            >
              <Movements movements={movements} />
            </Card>
            <Card title={t('reconcile.vouchers')}>
              <Vouchers lines={vouchers} none="reconcile.orderNotBilled" />
            </Card>
          </div>
        )}
      </Loaded>
    </Page>
  )
}
