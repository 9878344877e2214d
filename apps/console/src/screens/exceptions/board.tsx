import {
  EXCEPTION_KINDS,
  EXCEPTION_STATES,
  type ExceptionKind,
  type ExceptionState,
  type OrderException,
  ROUTES,
} from '@zhanggui/contract'
import { Form, Input, Tabs, Tag, Timeline } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import { Page } from '../../app/page.tsx'
import { useShop } from '../../app/session.tsx'
import { say, t } from '../../i18n/index.ts'
import { useRead, useWrite } from '../../kit/api.ts'
import { useFeedback } from '../../kit/feedback.tsx'
import { FormDialog } from '../../kit/form-dialog.tsx'
import { InstantText } from '../../kit/instant.tsx'
import { type Column, ResourceTable, type RowAction } from '../../kit/resource-table.tsx'
import { useFilters } from '../../kit/use-list.ts'
import { leftOf } from './left-text.ts'

export const EXCEPTION_STALE = [
  'console.exceptions',
  'console.exceptionCounts',
  'console.order',
  'console.orderFollowUp',
] as const

const STATE_COLOURS: Record<ExceptionState, string> = { open: 'orange', 'waiting-buyer': 'blue', resolved: 'success' }

/** What a row says below its title: how it ended, or what is wrong. */
const reasonOf = ({ state, resolution, detail }: OrderException): string => (state === 'resolved' ? resolution : detail)

const columns = (slug: string): Column<OrderException>[] => [
  {
    key: 'what',
    field: 'title',
    title: t('exception.what'),
    role: 'title',
    render: (row) => (
      <span className="cell-text">
        <span className="cell-title">
          <Tag color={row.state === 'resolved' ? 'default' : 'orange'}>{say(EXCEPTION_KINDS[row.kind])}</Tag>
          {row.title !== say(EXCEPTION_KINDS[row.kind]) && row.title}
        </span>
        <span className="faint">{reasonOf(row)}</span>
      </span>
    ),
  },
  { key: 'left', field: 'dueAt', title: t('exception.left'), width: 130, render: (row) => <Left exception={row} /> },
  {
    key: 'order',
    field: 'orderNo',
    title: t('order.order'),
    render: (row) => (
      <Link className="num" to={`/s/${slug}/orders/${row.orderId}`}>
        {row.orderNo}
      </Link>
    ),
  },
  {
    key: 'state',
    title: t('exception.state'),
    width: 140,
    render: (row) => (
      <span className="cell-text">
        <Tag color={STATE_COLOURS[row.state]}>{say(EXCEPTION_STATES[row.state])}</Tag>
        {row.resolvedAt !== null && (
          <span className="faint small">
            <InstantText at={row.resolvedAt} />
          </span>
        )}
      </span>
    ),
  },
  {
    key: 'owner',
    field: 'ownerName',
    title: t('exception.owner'),
    width: 100,
    render: (row) => row.ownerName || (row.state === 'resolved' ? '—' : t('exception.nobody')),
  },
]

function Left({ exception }: { exception: OrderException }) {
  const { state, dueAt } = exception
  if (state === 'resolved') return <span className="faint">—</span>
  if (dueAt === null) return <span className="faint">{t('exception.noClock')}</span>
  const { text, isOver } = leftOf(dueAt, Date.now())
  return isOver ? <Tag color="red">{t('exception.overdue', { time: text })}</Tag> : <span className="num">{text}</span>
}

/** What has gone wrong with orders, the least time left first. */
export default function ExceptionsPage() {
  const { shop, shopId, may } = useShop()
  const { done, failed } = useFeedback()
  const { filters, setFilter } = useFilters()
  const counts = useRead('console.exceptionCounts', { params: { shopId } })
  const take = useWrite('console.takeExceptions', EXCEPTION_STALE)
  const [resolved, setResolved] = useState<OrderException[]>()
  const [refused, setRefused] = useState<OrderException>()
  const decide = useWrite('console.decideAddressChange', EXCEPTION_STALE)
  const { confirm } = useFeedback()
  const writable = may('orders.write')
  const takeAll = (rows: OrderException[]) =>
    take
      .mutateAsync({ params: { shopId }, body: { exceptionIds: rows.map((row) => row.id) } })
      .then(({ taken }) => done(t('exception.taken', { count: taken })), failed)
  const actions = (row: OrderException): RowAction[] => {
    if (!writable || row.state === 'resolved') return []
    const accept = () =>
      confirm({
        ...{ title: t('exception.acceptAsk'), content: row.detail, okText: t('exception.accept') },
        run: () => decide.mutateAsync({ params: { shopId, exceptionId: row.id }, body: { accept: true } }),
      })
    if (row.kind === 'address-change')
      return [
        { key: 'accept', label: t('exception.accept'), main: true, run: accept },
        { key: 'refuse', label: t('exception.refuse'), danger: true, run: () => setRefused(row) },
      ]
    return [
      { key: 'take', label: t('exception.take'), run: () => void takeAll([row]) },
      ...(row.state === 'open'
        ? [{ key: 'resolve', label: t('exception.resolve'), main: true, run: () => setResolved([row]) }]
        : []),
    ]
  }
  const countOf = (kind: string) => counts.data?.kinds.find((each) => each.kind === kind)?.count ?? 0
  const kinds = Object.keys(EXCEPTION_KINDS) as ExceptionKind[]
  return (
    <Page title={t('nav.exceptions')} hint={t('exception.hint')}>
      <Tabs
        activeKey={filters.kind ?? 'all'}
        onChange={(kind) => setFilter('kind', kind === 'all' ? undefined : kind)}
        items={[
          { key: 'all', label: t('exception.all', { count: counts.data?.open ?? 0 }) },
          ...kinds.map((kind) => ({ key: kind, label: `${say(EXCEPTION_KINDS[kind])} ${countOf(kind) || ''}` })),
        ]}
      />
      <ResourceTable
        name="exceptions"
        route="console.exceptions"
        input={(values) => ({
          params: { shopId },
          query: {
            kind: values.kind as ExceptionKind | undefined,
            state: values.state as ExceptionState | undefined,
            q: values.q,
            ...(values.owner === 'mine' ? { mine: 'true' } : {}),
          },
        })}
        rowKey={(row) => row.id}
        columns={columns(shop.slug)}
        filters={[
          { kind: 'search', name: 'q', label: t('exception.search') },
          {
            ...{ kind: 'choice', name: 'state', label: t('exception.state') },
            options: (Object.keys(EXCEPTION_STATES) as ExceptionState[]).map((value) => ({
              value,
              label: say(EXCEPTION_STATES[value]),
            })),
          },
          {
            ...{ kind: 'choice', name: 'owner', label: t('exception.owner') },
            options: [{ value: 'mine', label: t('exception.mine') }],
          },
        ]}
        actions={actions}
        {...(writable
          ? {
              bulk: [
                { key: 'take', label: t('exception.take'), run: takeAll },
                { key: 'resolve', label: t('exception.resolve'), run: (rows: OrderException[]) => setResolved(rows) },
              ],
            }
          : {})}
        expand={(row) => {
          // What the row says already is not said again.
          const history = row.history.filter(({ text }) => !reasonOf(row).includes(text))
          return history.length === 0 && row.substitute === null ? null : <History exception={{ ...row, history }} />
        }}
        empty={{ title: t('exception.none'), hint: t('exception.noneHint') }}
      />
      {resolved && <ResolveDialog exceptions={resolved} onClose={() => setResolved(undefined)} />}
      {refused && <RefuseDialog exception={refused} onClose={() => setRefused(undefined)} />}
    </Page>
  )
}

export const History = ({ exception }: { exception: OrderException }) => (
  <div className="stack-s">
    {exception.substitute && (
      <span>
        {t('exception.substitute')}：{exception.substitute.title} {exception.substitute.options} ×
        {exception.substitute.quantity}
      </span>
    )}
    <Timeline
      items={exception.history.map((entry, index) => ({
        key: index,
        content: (
          <span>
            {entry.text}{' '}
            <span className="faint small">
              <InstantText at={entry.at} /> · {entry.actor}
            </span>
          </span>
        ),
      }))}
    />
  </div>
)

function ResolveDialog({ exceptions, onClose }: { exceptions: OrderException[]; onClose: () => void }) {
  const { shopId } = useShop()
  const { done, warn } = useFeedback()
  const resolve = useWrite('console.resolveExceptions', EXCEPTION_STALE)
  return (
    <FormDialog
      title={t('exception.resolve')}
      schema={ROUTES['console.resolveExceptions'].body}
      initial={{ resolution: '' }}
      toInput={({ resolution }) => ({ resolution, exceptionIds: exceptions.map((row) => row.id) })}
      submit={async (body) => {
        const { resolved, refused } = await resolve.mutateAsync({ params: { shopId }, body })
        if (resolved > 0) done(t('exception.resolved', { count: resolved }))
        if (refused.length > 0) warn(t('exception.refused', { count: refused.length, reason: refused[0]!.reason }))
      }}
      onClose={onClose}
      okText={t('exception.resolve')}
    >
      <Form.Item name="resolution" label={t('exception.resolution')}>
        <Input.TextArea rows={3} maxLength={200} autoFocus />
      </Form.Item>
    </FormDialog>
  )
}

function RefuseDialog({ exception, onClose }: { exception: OrderException; onClose: () => void }) {
  const { shopId } = useShop()
  const decide = useWrite('console.decideAddressChange', EXCEPTION_STALE)
  return (
    <FormDialog
      title={t('exception.refuse')}
      schema={ROUTES['console.decideAddressChange'].body}
      initial={{ reason: '' }}
      toInput={({ reason }) => ({ accept: false, reason })}
      submit={(body) => decide.mutateAsync({ params: { shopId, exceptionId: exception.id }, body })}
      onClose={onClose}
      okText={t('exception.refuse')}
      danger
    >
      <Form.Item name="reason" label={t('exception.reason')}>
        <Input maxLength={100} autoFocus />
      </Form.Item>
    </FormDialog>
  )
}
