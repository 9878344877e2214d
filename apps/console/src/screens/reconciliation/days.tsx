import { DAY_STATES, type DaySide, type DayState, type ReconciliationDay } from '@zhanggui/contract'
import { Button, Tag } from 'antd'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import { Page } from '../../app/page.tsx'
import { useShop } from '../../app/session.tsx'
import { say, sayEach, t } from '../../i18n/index.ts'
import { useWrite } from '../../kit/api.ts'
import { DayInput } from '../../kit/day-input.tsx'
import { addDays, businessDay, rangeFromText } from '../../kit/days.ts'
import { useFeedback } from '../../kit/feedback.tsx'
import { InstantText } from '../../kit/instant.tsx'
import { Money } from '../../kit/money.tsx'
import { type Column, ResourceTable } from '../../kit/resource-table.tsx'
import { DIFFERENCE_STALE } from './dialogs.tsx'

const COLOURS: Record<DayState, string> = { waiting: 'gold', failed: 'red', done: 'success' }

/** Both sides of a sum, the second only where it differs. */
function Sides({ row, count, sum }: { row: ReconciliationDay; count: keyof DaySide; sum: keyof DaySide }) {
  const side = (of: DaySide | null) => of && `· ${t('reconcile.times', { count: Number(of[count]) })}`
  return (
    <span className="cell-text">
      <span>
        <Money fen={(row.there?.[sum] ?? 0) as number} /> <span className="faint num">{side(row.there)}</span>
      </span>
      <span className="faint">
        <Money fen={(row.here?.[sum] ?? 0) as number} faint /> <span className="num">{side(row.here)}</span>
      </span>
    </span>
  )
}

const columns = (): Column<ReconciliationDay>[] => [
  {
    key: 'day',
    title: t('reconcile.day'),
    role: 'title',
    field: 'day',
    render: (row) => <span className="num strong">{row.day}</span>,
  },
  {
    key: 'state',
    title: t('reconcile.state'),
    field: 'state',
    labels: sayEach(DAY_STATES),
    render: (row) => (
      <span className="cell-text">
        <Tag color={row.state === 'done' && row.open > 0 ? 'orange' : COLOURS[row.state]}>
          {row.state !== 'done'
            ? say(DAY_STATES[row.state])
            : t(row.open === 0 ? 'reconcile.clean' : 'reconcile.differs')}
        </Tag>
        {row.lastError && <span className="faint small">{row.lastError}</span>}
      </span>
    ),
  },
  {
    key: 'open',
    title: t('reconcile.open'),
    align: 'right',
    field: 'open',
    render: (row) => <span className={row.open > 0 ? 'num strong' : 'num faint'}>{row.open}</span>,
  },
  {
    key: 'closed',
    title: t('reconcile.closed'),
    align: 'right',
    field: 'closed',
    render: (row) => <span className="num faint">{row.closed}</span>,
  },
  {
    key: 'paid',
    title: t('reconcile.paid'),
    align: 'right',
    field: false,
    render: (row) => <Sides row={row} count="payments" sum="paidFen" />,
  },
  {
    key: 'refunded',
    title: t('reconcile.refunded'),
    align: 'right',
    field: false,
    render: (row) => <Sides row={row} count="refunds" sum="refundedFen" />,
  },
  {
    key: 'split',
    title: t('reconcile.split'),
    align: 'right',
    field: false,
    render: (row) => <Sides row={row} count="splits" sum="splitFen" />,
  },
  {
    key: 'fee',
    title: t('reconcile.fee'),
    align: 'right',
    field: false,
    render: (row) => <Money fen={(row.there?.feeFen ?? 0) as number} faint />,
  },
  { key: 'ranAt', title: t('reconcile.ranAt'), render: (row) => <InstantText at={row.ranAt} /> },
]

/** Days of bills: what the channel says, what stands here, and how many differences. */
export default function ReconciliationPage() {
  const { shop, shopId, may } = useShop()
  const navigate = useNavigate()
  const { done, warn } = useFeedback()
  const [day, setDay] = useState(() => addDays(businessDay(Date.now()), -1))
  const run = useWrite('console.reconcileDay', DIFFERENCE_STALE)
  const reconcile = async () => {
    const result = await run.mutateAsync({ params: { shopId }, body: { day } })
    if (result.state !== 'done') warn(result.lastError ?? say(DAY_STATES[result.state]))
    else if (result.open > 0) warn(t('reconcile.found', { count: result.open }))
    else done(t('reconcile.agrees'))
  }
  return (
    <Page
      title={t('nav.reconciliation')}
      hint={t('reconcile.hint')}
      actions={
        <>
          <Button onClick={() => void navigate(`/s/${shop.slug}/differences?state=open`)}>
            {t('nav.differences')}
          </Button>
          {may('money.write') && (
            <>
              <span className="labelled">
                <span className="soft">{t('reconcile.day')}</span>
                <DayInput
                  aria-label={t('reconcile.day')}
                  value={day}
                  max={addDays(businessDay(Date.now()), -1)}
                  onChange={setDay}
                />
              </span>
              <Button type="primary" loading={run.isPending} onClick={() => void reconcile()}>
                {t('reconcile.run')}
              </Button>
            </>
          )}
        </>
      }
    >
      <ResourceTable
        name="reconciliation"
        route="console.reconciliationDays"
        input={({ period }) => ({ params: { shopId }, query: rangeFromText(period) ?? {} })}
        rowKey={(row) => row.day}
        columns={columns()}
        filters={[{ kind: 'period', name: 'period', label: t('reconcile.day') }]}
        onRow={(row) => void navigate(`/s/${shop.slug}/differences?period=${row.day}~${row.day}`)}
        empty={{ title: t('reconcile.none'), hint: t('reconcile.noneHint') }}
      />
    </Page>
  )
}
