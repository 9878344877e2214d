import type { Overview } from '@zhanggui/contract'
import { useState } from 'react'
import { Page } from '../../app/page.tsx'
import { useShop } from '../../app/session.tsx'
import { t } from '../../i18n/index.ts'
import { keyOf, queryClient, useRead } from '../../kit/api.ts'
import { Loaded } from '../../kit/feedback.tsx'
import { useLive } from '../../kit/live.ts'
import { useThrottled } from '../../kit/throttle.ts'
import { TopProducts } from './analytics.tsx'
import { ByAccount } from './by-account.tsx'
import { entryFrom, type FeedEntry, merged } from './feed-entries.ts'
import { Figures } from './figures.tsx'
import { LiveFeed } from './live-feed.tsx'
import { Onboarding } from './onboarding.tsx'
import { Todo } from './todo.tsx'
import { Trends } from './trends.tsx'

const REFRESH_MS = 2000
/** The clock moves the figures of the day along even when nothing is ordered. */
const POLL_MS = 60_000
const KEPT_NEWS = 50

/** What happens in the shop, since the screen is open; figures and things to do follow it. */
function useNews(): { news: FeedEntry[]; live: boolean } {
  const { shopId, may } = useShop()
  const [news, setNews] = useState<FeedEntry[]>([])
  const refresh = useThrottled(() => {
    for (const id of ['console.overview', 'console.todo'] as const)
      void queryClient.invalidateQueries({ queryKey: keyOf(id) })
  }, REFRESH_MS)
  const onEvent = (data: unknown) => {
    const entry = entryFrom(data)
    if (entry) setNews((before) => [entry, ...before].slice(0, KEPT_NEWS))
    refresh()
  }
  const live = useLive(may('orders.read') ? `shop:${shopId}:orders` : undefined, { onEvent, onReset: refresh })
  return { news, live }
}

/** Today at a glance: money, what waits, what happens, how it goes. */
export default function OverviewPage() {
  const { shopId } = useShop()
  const read = useRead('console.overview', { params: { shopId } }, { refetchMs: POLL_MS })
  const { news, live } = useNews()
  return (
    <Page title={t('nav.overview')} mark={read.data && <span className="soft num">{read.data.day}</span>}>
      <div className="overview">
        <Onboarding />
        <Loaded query={read} rows={12}>
          {(overview) => <Today overview={overview} news={news} live={live} />}
        </Loaded>
      </div>
    </Page>
  )
}

function Today({ overview, news, live }: { overview: Overview; news: FeedEntry[]; live: boolean }) {
  return (
    <>
      <Figures overview={overview} />
      <Todo />
      <div className="overview-columns">
        <div className="stack-l">
          <Trends overview={overview} />
          <ByAccount />
          {overview.analytics.available && <TopProducts products={overview.analytics.topProducts} />}
        </div>
        <LiveFeed entries={merged(overview.feed, news)} live={live} />
      </div>
    </>
  )
}
