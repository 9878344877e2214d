import {
  AFTERSALE_STATES,
  AFTERSALE_TYPES,
  type AftersaleListRow,
  AftersaleState,
  AftersaleTurn,
  AftersaleType,
} from '@zhanggui/contract'
import { Tabs } from 'antd'
import { useNavigate } from 'react-router'
import { Page } from '../../app/page.tsx'
import { useShop } from '../../app/session.tsx'
import { say, t } from '../../i18n/index.ts'
import { useRead, useWrite } from '../../kit/api.ts'
import { useFeedback } from '../../kit/feedback.tsx'
import { ResourceTable } from '../../kit/resource-table.tsx'
import { useFilters } from '../../kit/use-list.ts'
import { CASE_STALE, caseColumns } from './columns.tsx'

const AT_ONCE = 100

/** Refunds, returns and exchanges, the least time left first. */
export default function AftersalePage() {
  const { shop, shopId, may } = useShop()
  const navigate = useNavigate()
  const { done, warn } = useFeedback()
  const { filters, setFilter } = useFilters()
  const counts = useRead('console.aftersaleCounts', { params: { shopId } })
  const approve = useWrite('console.approveAftersales', CASE_STALE)
  const approveAll = async (rows: AftersaleListRow[]) => {
    const body = { caseIds: rows.map(({ id }) => id) }
    const { approved, refused } = await approve.mutateAsync({ params: { shopId }, body })
    if (approved > 0) done(t('aftersale.approved', { count: approved }))
    if (refused.length > 0) warn(t('aftersale.refused', { count: refused.length, reason: refused[0]!.reason }))
  }
  const open = (row: AftersaleListRow) => void navigate(`/s/${shop.slug}/aftersale/${row.id}`)
  const countOf = (state: AftersaleState) => counts.data?.states.find((each) => each.state === state)?.count || ''
  return (
    <Page title={t('nav.aftersale')} hint={t('aftersale.hint')}>
      <Tabs
        activeKey={filters.state ?? 'all'}
        onChange={(state) => setFilter('state', state === 'all' ? undefined : state)}
        items={[
          { key: 'all', label: t('aftersale.all') },
          ...AftersaleState.options.map((state) => ({
            key: state,
            label: `${say(AFTERSALE_STATES[state])} ${countOf(state)}`,
          })),
        ]}
      />
      <ResourceTable
        name="aftersale"
        route="console.aftersales"
        input={(values) => ({
          params: { shopId },
          query: {
            state: values.state as AftersaleState | undefined,
            type: values.type as AftersaleType | undefined,
            turn: values.turn as AftersaleTurn | undefined,
            q: values.q,
            ...(values.overdue === undefined ? {} : { overdue: 'true' }),
            ...(values.toCount === undefined ? {} : { toCount: 'true' }),
            ...(values.quality === undefined ? {} : { quality: 'true' }),
          },
        })}
        rowKey={(row) => row.id}
        columns={caseColumns(false)}
        filters={[
          { kind: 'search', name: 'q', label: t('aftersale.search') },
          {
            ...{ kind: 'choice', name: 'type', label: t('aftersale.type') },
            options: AftersaleType.options.map((value) => ({ value, label: say(AFTERSALE_TYPES[value]) })),
          },
          {
            ...{ kind: 'choice', name: 'turn', label: t('aftersale.turn') },
            options: AftersaleTurn.options.map((value) => ({ value, label: t(`aftersale.turn.${value}`) })),
          },
          {
            ...{ kind: 'choice', name: 'overdue', label: t('aftersale.left') },
            options: [{ value: 'true', label: t('aftersale.onlyOverdue') }],
          },
          {
            ...{ kind: 'choice', name: 'toCount', label: t('aftersale.toCount') },
            options: [{ value: 'true', label: t('aftersale.onlyToCount') }],
          },
          {
            ...{ kind: 'choice', name: 'quality', label: t('aftersale.quality') },
            options: [{ value: 'true', label: t('aftersale.onlyQuality') }],
          },
        ]}
        onRow={open}
        {...(may('orders.refund')
          ? {
              bulk: [
                {
                  ...{ key: 'approve', label: t('aftersale.approve'), chunk: AT_ONCE, run: approveAll },
                  confirm: (rows: AftersaleListRow[]) => t('aftersale.approveAsk', { count: rows.length }),
                },
              ],
            }
          : {})}
        empty={{ title: t('aftersale.none'), hint: t('aftersale.noneHint') }}
      />
    </Page>
  )
}
