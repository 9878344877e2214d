import { Card, Empty, Skeleton, Tag } from 'antd'
import type { ReactNode } from 'react'
import { useShop } from '../../app/session.tsx'
import { t } from '../../i18n/index.ts'
import { useRead } from '../../kit/api.ts'

const DAYS = 7

export const starsText = (tenths: number | null): string => (tenths === null ? '—' : (tenths / 10).toFixed(1))

/** How the shop is spoken of, above the queue. */
export function Board() {
  const { shopId } = useShop()
  const read = useRead('console.reviewBoard', { params: { shopId }, query: { days: DAYS } })
  const board = read.data
  if (!board) return read.isError ? null : <Skeleton active paragraph={{ rows: 3 }} />
  const { recent, before, days } = board
  const percent = board.goodRatioBp === null ? '—' : `${Math.round(board.goodRatioBp / 100)}%`
  return (
    <div className="stack-l" data-testid="review-board">
      <section className="figures" aria-label={t('review.board')}>
        <Figure label={t('review.average')} main>
          {starsText(board.averageTenths)}
          <Before label={t('review.recent', { days })} text={starsText(recent.averageTenths)} />
          <Before label={t('review.before', { days })} text={starsText(before.averageTenths)} />
        </Figure>
        <Figure label={t('review.count')}>
          {board.count}
          <Before label={t('review.recent', { days })} text={String(recent.count)} />
          <Before label={t('review.before', { days })} text={String(before.count)} />
        </Figure>
        <Figure label={t('review.good')}>{percent}</Figure>
        <Figure label={`${t('review.service')} / ${t('review.logistics')}`}>
          {starsText(board.serviceTenths)} / {starsText(board.logisticsTenths)}
        </Figure>
        <Figure label={t('review.unanswered')}>{board.unanswered}</Figure>
        <Figure label={t('review.lowLate')}>
          {board.lowLate} / {board.lowUnanswered}
        </Figure>
      </section>
      <div className="pair">
        <Card title={t('review.rising')} size="small">
          {board.rising.length === 0 && <Nothing text={t('review.risingNone', { days })} />}
          {board.rising.map(({ phrase, polarity, count, before: earlier }) => (
            <div className="related-row" key={phrase}>
              <Tag color={polarity < 0 ? 'red' : 'green'}>{phrase}</Tag>
              <span className="soft spring">{t('review.risingCount', { count, before: earlier })}</span>
            </div>
          ))}
        </Card>
        <Card title={t('review.worst')} size="small">
          {board.worst.length === 0 && <Nothing text={t('review.worstNone', { days })} />}
          {board.worst.map((each) => (
            <div className="related-row" key={each.productId}>
              <span className="spring">{each.title}</span>
              <span className="soft">{t('review.worstCount', { bad: each.badCount, count: each.count })}</span>
              <span className="num strong">{starsText(each.averageTenths)}</span>
            </div>
          ))}
        </Card>
      </div>
    </div>
  )
}

const Nothing = ({ text }: { text: string }) => <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={text} />

const Before = ({ label, text }: { label: string; text: string }) => (
  <span className="figure-before">
    {label} {text}
  </span>
)

function Figure({ label, main, children }: { label: string; main?: boolean; children: ReactNode }) {
  return (
    <div className={main ? 'figure main' : 'figure'}>
      <span className="figure-label">{label}</span>
      <span className="figure-value num">{children}</span>
    </div>
  )
}
