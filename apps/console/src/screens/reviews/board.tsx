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
        <Figure
          label={t('review.average')}
          main
          before={[
            [t('review.recent', { days }), starsText(recent.averageTenths)],
            [t('review.before', { days }), starsText(before.averageTenths)],
          ]}
        >
          {starsText(board.averageTenths)}
        </Figure>
        <Figure
          label={t('review.count')}
          before={[
            [t('review.recent', { days }), String(recent.count)],
            [t('review.before', { days }), String(before.count)],
          ]}
        >
          {board.count}
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
      <div className="two-cards">
        <Card title={t('review.rising', { days })}>
          {board.rising.length === 0 && <Nothing text={t('review.risingNone', { days })} />}
          {board.rising.map(({ phrase, polarity, count, before: earlier }) => (
            <div className="related-row" key={phrase}>
              <Tag color={polarity < 0 ? 'red' : 'success'}>{phrase}</Tag>
              <span className="soft spring">{t('review.risingCount', { count, before: earlier })}</span>
            </div>
          ))}
        </Card>
        <Card title={t('review.worst')}>
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

interface FigureProps {
  label: string
  main?: boolean
  /** What it was in which days. */
  before?: [label: string, text: string][]
  children: ReactNode
}

function Figure({ label, main, before, children }: FigureProps) {
  return (
    <div className={main ? 'figure main' : 'figure'}>
      <span className="figure-label">{label}</span>
      <span className="figure-value num">{children}</span>
      {before && (
        <div className="figure-before num">
          {before.map(([days, text]) => (
            <div key={days}>
              <span>{days}</span>
              <span>{text}</span>
            </div>
          ))}
        </div>
      )}
    </div>
  )
}
