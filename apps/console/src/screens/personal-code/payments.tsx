import {
  PERSONAL_PAYMENT_STATES,
  PERSONAL_SCHEMES,
  type PersonalDay,
  type PersonalPaymentRow,
  PersonalPaymentState,
} from '@zhanggui/contract'
import { Progress, Tabs, Tag } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import { Page } from '../../app/page.tsx'
import { useShop } from '../../app/session.tsx'
import { say, sayEach, t } from '../../i18n/index.ts'
import { useRead } from '../../kit/api.ts'
import { InstantText } from '../../kit/instant.tsx'
import { Money } from '../../kit/money.tsx'
import { PictureStrip } from '../../kit/picture-strip.tsx'
import { type Column, ResourceTable } from '../../kit/resource-table.tsx'
import { useFilters } from '../../kit/use-list.ts'
import { orderColumn } from '../payments/filters.tsx'
import { ConfirmDialog, RefuseDialog } from './dialogs.tsx'
import { HandRefunds } from './refunds.tsx'

const COLOURS = { open: 'default', waiting: 'orange', confirmed: 'success', refused: 'red', closed: 'default' } as const
const THUMB_PX = 40

export const Evidence = ({ files }: { files: readonly { fileId: string; url: string }[] }) => (
  <PictureStrip files={files} alt={t('personal.evidence')} size={THUMB_PX} />
)

/** Money by personal codes: what buyers say they paid, what goes back by hand, and the days. */
export default function PersonalPaymentsPage() {
  const { shop } = useShop()
  const { filters, setFilter } = useFilters()
  const tab = filters.tab ?? 'payments'
  return (
    <Page
      title={t('nav.personalPayments')}
      hint={<Link to={`/s/${shop.slug}/personal-codes`}>{t('personal.toCodes')}</Link>}
    >
      <DayMeter />
      <Tabs
        activeKey={tab}
        onChange={(key) => setFilter('tab', key === 'payments' ? undefined : key)}
        items={[
          { key: 'payments', label: t('personal.payments') },
          { key: 'refunds', label: t('personal.refunds') },
          { key: 'days', label: t('personal.days') },
        ]}
      />
      {tab === 'refunds' ? <HandRefunds /> : tab === 'days' ? <Days /> : <Payments />}
    </Page>
  )
}

/** How much of today's limit is used; beyond it buyers are not offered the way. */
export function DayMeter() {
  const { shopId } = useShop()
  const { data } = useRead('console.personalCodes', { params: { shopId } })
  if (!data) return null
  const { receivedFen, reservedFen, limitFen } = data.today
  const percent = Math.min(100, Math.round(((receivedFen + reservedFen) / limitFen) * 100))
  return (
    <div className="personal-day" data-testid="personal-day">
      <span>
        {t('personal.today')} <Money fen={receivedFen} strong />
        {reservedFen > 0 && (
          <span className="faint">
            {' '}
            + {t('personal.promised')} <Money fen={reservedFen} />
          </span>
        )}
        <span className="faint">
          {' '}
          / {t('personal.limit')} <Money fen={limitFen} />
        </span>
      </span>
      <Progress
        percent={percent}
        size="small"
        status={percent >= 100 ? 'exception' : 'normal'}
        aria-label={t('personal.today')}
      />
    </div>
  )
}

const columns = (slug: string): Column<PersonalPaymentRow>[] => [
  orderColumn(slug),
  {
    key: 'state',
    title: t('payment.state'),
    width: 150,
    field: 'state',
    labels: sayEach(PERSONAL_PAYMENT_STATES),
    render: (row) => (
      <span>
        <Tag color={COLOURS[row.state]}>{say(PERSONAL_PAYMENT_STATES[row.state])}</Tag>
        {row.taken === false && <Tag color="red">{t('personal.notTaken')}</Tag>}
      </span>
    ),
  },
  {
    key: 'amount',
    title: t('payment.amount'),
    align: 'right',
    field: 'amountFen',
    render: (row) => <Money fen={row.receivedFen ?? row.amountFen} strong />,
  },
  {
    key: 'code',
    field: 'codeLabel',
    title: t('personal.code'),
    render: (row) => (
      <span className="cell-text">
        <span>{row.codeLabel}</span>
        <span className="faint">{say(PERSONAL_SCHEMES[row.scheme])}</span>
      </span>
    ),
  },
  { key: 'evidence', field: false, title: t('personal.evidence'), render: (row) => <Evidence files={row.evidence} /> },
  { key: 'claimedAt', title: t('personal.claimedAt'), render: (row) => <InstantText at={row.claimedAt} /> },
  {
    key: 'checked',
    title: t('personal.checked'),
    field: 'transactionNo',
    render: (row) => (
      <span className="cell-text">
        <span className="num">{row.transactionNo ?? row.refuseReason}</span>
        <span className="faint">{row.checkedBy}</span>
      </span>
    ),
  },
]

function Payments() {
  const { shop, shopId, may } = useShop()
  const [dialog, setDialog] = useState<{ kind: 'confirm' | 'refuse'; row: PersonalPaymentRow }>()
  const close = () => setDialog(undefined)
  return (
    <>
      <ResourceTable
        name="personal-payments"
        route="console.personalPayments"
        input={({ state, day, q }) => ({
          params: { shopId },
          query: { state: state as PersonalPaymentState | undefined, day, q },
        })}
        rowKey={(row) => row.id}
        columns={columns(shop.slug)}
        filters={[
          { kind: 'search', name: 'q', label: t('personal.search') },
          {
            ...{ kind: 'choice', name: 'state', label: t('payment.state') },
            options: PersonalPaymentState.options.map((value) => ({
              value,
              label: say(PERSONAL_PAYMENT_STATES[value]),
            })),
          },
        ]}
        actions={(row) =>
          row.state === 'confirmed' || !may('money.write')
            ? []
            : [
                {
                  ...{ key: 'confirm', label: t('personal.confirm'), main: row.state === 'waiting' },
                  run: () => setDialog({ kind: 'confirm', row }),
                },
                ...(row.state === 'waiting'
                  ? [{ key: 'refuse', label: t('personal.refuse'), run: () => setDialog({ kind: 'refuse', row }) }]
                  : []),
              ]
        }
        empty={{ title: t('personal.none'), hint: t('personal.noneHint') }}
      />
      {dialog?.kind === 'confirm' && <ConfirmDialog row={dialog.row} onClose={close} />}
      {dialog?.kind === 'refuse' && <RefuseDialog row={dialog.row} onClose={close} />}
    </>
  )
}

const dayColumns = (): Column<PersonalDay>[] => [
  { key: 'day', title: t('personal.day'), role: 'title', field: 'day', render: (row) => <span>{row.day}</span> },
  { key: 'count', title: t('personal.count'), align: 'right', field: 'count', render: (row) => row.count },
  {
    key: 'received',
    title: t('personal.received'),
    align: 'right',
    field: 'receivedFen',
    render: (row) => <Money fen={row.receivedFen} strong />,
  },
  {
    key: 'refunded',
    title: t('personal.refunded'),
    align: 'right',
    field: 'refundedFen',
    render: (row) => <Money fen={row.refundedFen} />,
  },
  {
    key: 'ledger',
    title: t('personal.ledger'),
    field: 'ledgerFen',
    render: (row) => (
      <Tag color={row.ledgerFen === row.receivedFen ? 'success' : 'red'}>
        {row.ledgerFen === row.receivedFen ? t('personal.agrees') : t('personal.differs')}
      </Tag>
    ),
  },
  {
    key: 'by',
    field: [
      { field: 'by.name', title: t('personal.by') },
      { field: 'by.receivedFen', title: t('personal.received') },
    ],
    title: t('personal.by'),
    render: (row) => (
      <span className="cell-text">
        {row.by.map(({ name, count, receivedFen }) => (
          <span key={name}>
            {name} ×{count} <Money fen={receivedFen} />
          </span>
        ))}
      </span>
    ),
  },
]

/** To hold against the bill in the merchant's own WeChat, day by day. */
function Days() {
  const { shopId } = useShop()
  return (
    <ResourceTable
      name="personal-days"
      route="console.personalDays"
      input={() => ({ params: { shopId }, query: {} })}
      rowKey={(row) => row.day}
      columns={dayColumns()}
      empty={{ title: t('personal.noDays'), hint: t('personal.noDaysHint') }}
    />
  )
}
