import type { Overview } from '@zhanggui/contract'
import { Card } from 'antd'
import { lazy, Suspense } from 'react'
import { Link } from 'react-router'
import { Page } from '../../app/page.tsx'
import { useShop } from '../../app/session.tsx'
import { t } from '../../i18n/index.ts'
import { keyOf, queryClient, useRead } from '../../kit/api.ts'
import { Loaded } from '../../kit/feedback.tsx'
import { useLive } from '../../kit/live.ts'
import { Money } from '../../kit/money.tsx'
import { useThrottled } from '../../kit/throttle.ts'
import { AnalyticsUnavailable, Funnel, TopProducts } from './analytics.tsx'
import { ComparedNumber } from './compared.tsx'
import { LiveOrders } from './live-orders.tsx'

const HoursChart = lazy(() => import('./hours-chart.tsx'))
const REFRESH_MS = 2000
/** The clock moves the figures of the day along even when nothing is ordered. */
const POLL_MS = 60_000

/** Today at a glance; orders appear as they are placed. */
export default function OverviewPage() {
  const { shopId, may } = useShop()
  const read = useRead('console.overview', { params: { shopId } }, { refetchMs: POLL_MS })
  const refresh = useThrottled(
    () => void queryClient.invalidateQueries({ queryKey: keyOf('console.overview') }),
    REFRESH_MS,
  )
  const live = useLive(may('orders.read') ? `shop:${shopId}:orders` : undefined, { onEvent: refresh, onReset: refresh })
  return (
    <Page title={t('nav.overview')} mark={read.data && <span className="soft num">{read.data.day}</span>}>
      <Loaded query={read} rows={12}>
        {(overview) => (
          <div className="overview">
            <Figures overview={overview} />
            <Todo todo={overview.todo} />
            <div className="overview-columns">
              <div className="stack-l">
                <Card title={t('overview.hours')} className="chart-card">
                  {overview.analytics.available ? (
                    <>
                      <Funnel analytics={overview.analytics} />
                      <Suspense fallback={<div className="chart" />}>
                        <HoursChart hours={overview.analytics.hours} day={overview.day} />
                      </Suspense>
                    </>
                  ) : (
                    <AnalyticsUnavailable reason={overview.analytics.reason} />
                  )}
                </Card>
                {overview.analytics.available && <TopProducts products={overview.analytics.topProducts} />}
              </div>
              <LiveOrders orders={overview.recentOrders} live={live} />
            </div>
          </div>
        )}
      </Loaded>
    </Page>
  )
}

function Figures({ overview: { today, yesterday } }: { overview: Overview }) {
  return (
    <section className="figures" aria-label={t('overview.today')}>
      <ComparedNumber
        label={t('overview.paid')}
        now={today.paidFen}
        before={yesterday.paidFen}
        show={(fen) => <Money fen={fen} />}
        main
      />
      <ComparedNumber label={t('overview.orders')} now={today.paidOrders} before={yesterday.paidOrders} />
      <ComparedNumber label={t('overview.buyers')} now={today.buyers} before={yesterday.buyers} />
      <ComparedNumber
        label={t('overview.refunded')}
        now={today.refundedFen}
        before={yesterday.refundedFen}
        show={(fen) => <Money fen={fen} />}
        lessIsBetter
      />
    </section>
  )
}

/** What waits for somebody, each leading to the list where it is done. */
function Todo({ todo }: { todo: Overview['todo'] }) {
  const tiles: [string, number, string, boolean][] = [
    [t('overview.awaitingShipment'), todo.awaitingShipment, '../orders?state=awaiting-shipment', true],
    [t('overview.refunding'), todo.refunding, '../orders?state=refunding', true],
    [t('overview.awaitingPayment'), todo.awaitingPayment, '../orders?state=awaiting-payment', false],
    [t('overview.soldOut'), todo.soldOutSkus, '../stock?below=1', true],
    [t('overview.drafts'), todo.draftProducts, '../products?state=draft', false],
  ]
  return (
    <section className="todo" aria-label={t('overview.todo')}>
      {tiles.map(([label, count, to, urgent]) => (
        <Link key={to} to={to} relative="path" className={count > 0 && urgent ? 'todo-tile urgent' : 'todo-tile'}>
          <span className="todo-count num">{count}</span>
          <span>{label}</span>
        </Link>
      ))}
    </section>
  )
}
