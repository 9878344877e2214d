import { MOMENT_KINDS, type MomentKind } from '@zhanggui/contract'
import { Button, Card, Select, Skeleton, Tag } from 'antd'
import { useState } from 'react'
import { useShop } from '../../app/session.tsx'
import { say, t } from '../../i18n/index.ts'
import { useRead } from '../../kit/api.ts'
import { cursorOf, FIRST_PAGE, nextPage, previousPage } from '../../kit/cursor-stack.ts'
import { Failure } from '../../kit/feedback.tsx'
import { Timeline, type TimelineEntry } from '../../kit/timeline.tsx'
import { foldMessages } from './fold-messages.ts'

const TONES: Partial<Record<MomentKind, NonNullable<TimelineEntry['tone']>>> = {
  order: 'good',
  payment: 'good',
  refund: 'warn',
  merged: 'warn',
}

/** For moments that say nothing more than what they are. */
function wordsOf(kind: MomentKind): string {
  if (kind === 'signed-in') return t('buyer.signedIn')
  return kind === 'registered' ? t('buyer.registeredHere') : ''
}

/** Everything that happened with a buyer, newest first, a page at a time. */
export function TimelineCard({ buyerId }: { buyerId: string }) {
  const { shop, shopId } = useShop()
  const [kind, setKind] = useState<MomentKind>()
  const [stack, setStack] = useState(FIRST_PAGE)
  const read = useRead(
    'console.buyerTimeline',
    { params: { shopId, buyerId }, query: { kind, cursor: cursorOf(stack) } },
    { keepPrevious: true },
  )
  const choice = (
    <Select
      aria-label={t('buyer.timelineKind')}
      className="filter-choice"
      allowClear
      placeholder={t('buyer.timelineAll')}
      value={kind ?? null}
      options={(Object.keys(MOMENT_KINDS) as MomentKind[]).map((value) => ({ value, label: say(MOMENT_KINDS[value]) }))}
      onChange={(next: MomentKind | null) => {
        setKind(next ?? undefined)
        setStack(FIRST_PAGE)
      }}
    />
  )
  return (
    <Card title={t('buyer.timeline')} extra={choice}>
      {read.isError && !read.data ? (
        <Failure error={read.error} retry={() => void read.refetch()} />
      ) : !read.data ? (
        <Skeleton active title={false} paragraph={{ rows: 6 }} />
      ) : (
        <>
          <Timeline
            label={t('buyer.timeline')}
            entries={foldMessages(read.data.items).map((moment) => ({
              key: moment.id,
              at: moment.at,
              tone: TONES[moment.kind] ?? 'plain',
              what: (
                <>
                  <Tag>{say(MOMENT_KINDS[moment.kind])}</Tag>
                  {moment.text || wordsOf(moment.kind)}
                </>
              ),
              ...(moment.also === undefined ? {} : { detail: <span className="faint small">{moment.also}</span> }),
              ...(moment.to === null ? {} : { to: `/s/${shop.slug}/${moment.to}` }),
            }))}
            empty={<p className="faint small">{t('buyer.timelineNone')}</p>}
          />
          {(stack.length > 0 || read.data.nextCursor !== null) && (
            <div className="row-end gap-top">
              <Button disabled={stack.length === 0} onClick={() => setStack(previousPage(stack))}>
                {t('list.previous')}
              </Button>
              <Button
                disabled={read.data.nextCursor === null}
                onClick={() => read.data.nextCursor && setStack(nextPage(stack, read.data.nextCursor))}
              >
                {t('list.next')}
              </Button>
            </div>
          )}
        </>
      )}
    </Card>
  )
}
