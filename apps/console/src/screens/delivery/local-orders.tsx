import { DELIVERY_METHODS, DELIVERY_STATES, type DeliveryState, type LocalOrderRow, ROUTES } from '@zhanggui/contract'
import { Form, Input, Tag } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import { Page } from '../../app/page.tsx'
import { useShop } from '../../app/session.tsx'
import { say, t } from '../../i18n/index.ts'
import { useWrite } from '../../kit/api.ts'
import { useFeedback } from '../../kit/feedback.tsx'
import { FormDialog } from '../../kit/form-dialog.tsx'
import { InstantText } from '../../kit/instant.tsx'
import { LabelledSwitch } from '../../kit/labelled-switch.tsx'
import { type Column, ResourceTable, type RowAction } from '../../kit/resource-table.tsx'

export const LOCAL_STALE = ['console.localOrders', 'console.order', 'console.orders', 'console.orderFollowUp'] as const
const COLORS: Partial<Record<DeliveryState, string>> = {
  preparing: 'orange',
  ready: 'blue',
  'on-the-way': 'blue',
  done: 'green',
  expired: 'red',
}

export const DeliveryStateTag = ({ state }: { state: DeliveryState }) => (
  <Tag color={COLORS[state]}>{say(DELIVERY_STATES[state])}</Tag>
)

const columns = (slug: string): Column<LocalOrderRow>[] => [
  {
    key: 'order',
    field: 'orderNo',
    title: t('order.order'),
    role: 'title',
    render: (row) => (
      <span className="cell-text">
        <Link className="num cell-title" to={`/s/${slug}/orders/${row.orderId}`}>
          {row.orderNo}
        </Link>
        <span className="faint">
          {say(DELIVERY_METHODS[row.method])} · {t('local.items', { count: row.itemCount })}
        </span>
      </span>
    ),
  },
  { key: 'state', title: t('order.state'), width: 110, render: (row) => <DeliveryStateTag state={row.state} /> },
  {
    key: 'promised',
    field: 'promisedAt',
    title: t('local.promised'),
    width: 170,
    render: (row) => (
      <span>
        <InstantText at={row.promisedAt} /> {row.late && <Tag color="red">{t('local.late')}</Tag>}
      </span>
    ),
  },
  {
    key: 'receiver',
    title: t('order.receiver'),
    render: (row) => (
      <span className="cell-text">
        <span>{`${row.receiver} ${row.receiverPhone}`}</span>
        <span className="faint">{row.pointName || row.region}</span>
      </span>
    ),
  },
  {
    key: 'rider',
    field: [
      { field: 'rider.name', title: t('local.rider') },
      { field: 'rider.phone', title: t('local.riderPhone') },
    ],
    title: t('local.rider'),
    render: (row) => (row.rider ? `${row.rider.name} ${row.rider.phone}` : '—'),
  },
  {
    key: 'keep',
    field: 'keepUntil',
    title: t('local.keepUntil'),
    width: 150,
    render: (row) => <InstantText at={row.keepUntil} />,
  },
]

/** Orders that are brought within hours or fetched, the most urgent first. */
export default function LocalOrdersPage() {
  const { shop, shopId, may } = useShop()
  const { done, failed } = useFeedback()
  const [dispatched, setDispatched] = useState<LocalOrderRow>()
  const ready = useWrite('console.readyForPickUp', LOCAL_STALE)
  const delivered = useWrite('console.deliveredOrder', LOCAL_STALE)
  const run = (work: Promise<unknown>, text: string) => void work.then(() => done(text), failed)
  const actions = ({ orderId, method, state, ...row }: LocalOrderRow): RowAction[] => {
    if (!may('orders.ship')) return []
    const params = { shopId, orderId }
    if (method === 'pick-up' && state === 'preparing')
      return [
        {
          ...{ key: 'ready', label: t('local.ready'), main: true },
          run: () => run(ready.mutateAsync({ params }), t('local.readyDone')),
        },
      ]
    if (method === 'same-city' && state === 'preparing')
      return [
        {
          ...{ key: 'dispatch', label: t('local.dispatch'), main: true },
          run: () => setDispatched({ ...row, orderId, method, state }),
        },
      ]
    if (state === 'on-the-way')
      return [
        {
          ...{ key: 'delivered', label: t('local.delivered'), main: true },
          run: () => run(delivered.mutateAsync({ params }), t('local.delivered')),
        },
      ]
    return []
  }
  const methods = (['same-city', 'pick-up'] as const).map((value) => ({ value, label: say(DELIVERY_METHODS[value]) }))
  const states = (Object.keys(DELIVERY_STATES) as DeliveryState[]).filter((state) => state !== 'awaiting-payment')
  return (
    <Page title={t('nav.local')}>
      <ResourceTable
        name="local-orders"
        route="console.localOrders"
        input={(values) => ({
          params: { shopId },
          query: {
            method: values.method as LocalOrderRow['method'] | undefined,
            state: values.state as DeliveryState | undefined,
            ...(values.late ? { late: 'true' } : {}),
          },
        })}
        rowKey={(row) => row.orderId}
        columns={columns(shop.slug)}
        filters={[
          { kind: 'choice', name: 'method', label: t('local.method'), options: methods },
          {
            ...{ kind: 'choice', name: 'state', label: t('order.state') },
            options: states.map((value) => ({ value, label: say(DELIVERY_STATES[value]) })),
          },
          {
            ...{ kind: 'custom', name: 'late' },
            render: (value, set) => (
              <LabelledSwitch
                text={t('local.onlyLate')}
                checked={value !== undefined}
                onChange={(on) => set(on ? '1' : undefined)}
              />
            ),
          },
        ]}
        actions={actions}
        empty={{ title: t('local.none'), hint: t('local.noneHint') }}
      />
      {dispatched && <DispatchDialog order={dispatched} onClose={() => setDispatched(undefined)} />}
    </Page>
  )
}

function DispatchDialog({ order, onClose }: { order: LocalOrderRow; onClose: () => void }) {
  const { shopId } = useShop()
  const { done } = useFeedback()
  const dispatch = useWrite('console.dispatchOrder', LOCAL_STALE)
  return (
    <FormDialog
      title={`${t('local.dispatch')} · ${order.orderNo}`}
      schema={ROUTES['console.dispatchOrder'].body}
      initial={{ riderName: '', riderPhone: '' }}
      submit={(body, idempotencyKey) =>
        dispatch.mutateAsync({ params: { shopId, orderId: order.orderId }, body, idempotencyKey })
      }
      onDone={() => done(t('local.dispatched'))}
      onClose={onClose}
      okText={t('local.dispatch')}
    >
      <div className="pair">
        <Form.Item name="riderName" label={t('local.rider')}>
          <Input maxLength={20} autoFocus />
        </Form.Item>
        <Form.Item name="riderPhone" label={t('local.riderPhone')}>
          <Input maxLength={11} inputMode="tel" className="num" />
        </Form.Item>
      </div>
    </FormDialog>
  )
}
