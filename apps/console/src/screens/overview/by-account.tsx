import { Card } from 'antd'
import { Link } from 'react-router'
import { useShop } from '../../app/session.tsx'
import { t } from '../../i18n/index.ts'
import { useRead } from '../../kit/api.ts'
import { lastDays } from '../../kit/days.ts'
import { Money } from '../../kit/money.tsx'

const DAYS = 7
const SHOWN = 5

/** Which accounts brought the most in the last days; nothing for a shop that has not one order by an account. */
export function ByAccount() {
  const { shopId, may } = useShop()
  const read = useRead('console.accountFigures', { params: { shopId }, query: lastDays(Date.now(), DAYS) })
  const rows = (read.data?.items ?? [])
    .filter((each) => each.accountId !== null && (each.orders > 0 || each.visitors > 0))
    .sort((a, b) => b.paidFen - a.paidFen || b.visitors - a.visitors)
    .slice(0, SHOWN)
  if (rows.length === 0) return null
  return (
    <Card
      title={t('overview.byAccount', { days: DAYS })}
      extra={may('settings.read') && <Link to="../accounts">{t('overview.accounts')}</Link>}
    >
      <ul className="plain by-account" data-testid="by-account">
        {rows.map((row) => (
          <li key={row.accountId} className="row-between">
            <span className="cell-text">
              <span>{row.name}</span>
              <span className="faint small">
                {t('overview.accountLine', { visitors: row.visitors, orders: row.paidOrders })}
              </span>
            </span>
            <Money fen={row.paidFen} strong />
          </li>
        ))}
      </ul>
    </Card>
  )
}
