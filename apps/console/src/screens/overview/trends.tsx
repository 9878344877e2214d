import { BarChartOutlined, TableOutlined } from '@ant-design/icons'
import type { Overview } from '@zhanggui/contract'
import { Button, Card, Segmented, Skeleton, Table } from 'antd'
import { lazy, Suspense, useMemo, useState } from 'react'
import { useShop } from '../../app/session.tsx'
import { t } from '../../i18n/index.ts'
import { useRead } from '../../kit/api.ts'
import { lastHour } from '../../kit/days.ts'
import { Failure } from '../../kit/feedback.tsx'
import { AnalyticsUnavailable, Funnel } from './analytics.tsx'
import { dayPoints, hourPoints, METRICS, type Metric, metricText, type TrendPoint } from './trend-points.ts'

const TrendChart = lazy(() => import('./trend-chart.tsx'))
const SPANS = ['hours', 'week', 'month'] as const
type Span = (typeof SPANS)[number]
const DAYS: Record<Exclude<Span, 'hours'>, number> = { week: 7, month: 30 }
const POLL_MS = 300_000

/** Money, orders, visitors and what they make of each other, by hour or by day; as a picture or as a table. */
export function Trends({ overview }: { overview: Overview }) {
  const [span, setSpan] = useState<Span>(overview.analytics.available ? 'hours' : 'month')
  const [metric, setMetric] = useState<Metric>('money')
  const [asTable, setAsTable] = useState(false)
  const { points, waiting, failure } = usePoints(span, overview)
  const choices = METRICS.map((value) => ({ value, label: t(`overview.metric.${value}`) }))
  const tableText = t(asTable ? 'overview.asChart' : 'overview.asTable')
  return (
    <Card
      className="trend-card"
      title={t('overview.trends')}
      extra={
        <span className="trend-tools">
          <Segmented
            aria-label={t('overview.span')}
            value={span}
            options={SPANS.map((value) => ({ value, label: t(`overview.span.${value}`) }))}
            onChange={setSpan}
          />
          <Button
            type="text"
            aria-pressed={asTable}
            icon={asTable ? <BarChartOutlined /> : <TableOutlined />}
            aria-label={tableText}
            title={tableText}
            onClick={() => setAsTable(!asTable)}
          />
        </span>
      }
    >
      {overview.analytics.available && span === 'hours' && <Funnel analytics={overview.analytics} />}
      {failure ??
        (span === 'hours' && !overview.analytics.available ? (
          <AnalyticsUnavailable reason={overview.analytics.reason} />
        ) : waiting ? (
          <Skeleton active title={false} paragraph={{ rows: 7 }} />
        ) : asTable ? (
          <PointsTable points={points} />
        ) : (
          <>
            <div className="metric-choice">
              <Segmented aria-label={t('overview.metric')} value={metric} options={choices} onChange={setMetric} />
            </div>
            <Suspense fallback={<div className="chart" />}>
              <TrendChart points={points} metric={metric} label={t(`overview.metric.${metric}`)} />
            </Suspense>
          </>
        ))}
    </Card>
  )
}

function usePoints(span: Span, overview: Overview) {
  const { shopId } = useShop()
  const days = span === 'hours' ? 7 : DAYS[span]
  const read = useRead(
    'console.trends',
    { params: { shopId }, query: { days } },
    { enabled: span !== 'hours', refetchMs: POLL_MS },
  )
  const points = useMemo(
    (): TrendPoint[] =>
      span === 'hours'
        ? hourPoints(overview.analytics.hours, lastHour(overview.day, Date.now()))
        : dayPoints(read.data?.days ?? []),
    [span, overview.analytics.hours, overview.day, read.data],
  )
  return {
    points,
    waiting: span !== 'hours' && !read.data,
    failure:
      span !== 'hours' && read.isError && !read.data ? (
        <Failure error={read.error} retry={() => void read.refetch()} />
      ) : undefined,
  }
}

function PointsTable({ points }: { points: TrendPoint[] }) {
  return (
    <Table
      size="small"
      rowKey="label"
      pagination={false}
      scroll={{ x: 'max-content', y: 320 }}
      dataSource={points}
      columns={[
        { title: t('overview.when'), dataIndex: 'label', className: 'num', fixed: 'left' },
        ...METRICS.map((metric) => ({
          key: metric,
          title: t(`overview.metric.${metric}`),
          align: 'right' as const,
          className: 'num',
          render: (_: unknown, point: TrendPoint) => metricText(metric, point[metric]),
        })),
      ]}
    />
  )
}
