import { AFTERSALE_STATES, AFTERSALE_TYPES, type AftersaleListRow, type AftersaleRow } from '@zhanggui/contract'
import { Tag } from 'antd'
import { say, sayEach, t } from '../../i18n/index.ts'
import { InstantText } from '../../kit/instant.tsx'
import { Money } from '../../kit/money.tsx'
import { Thumb } from '../../kit/picture.tsx'
import type { Column } from '../../kit/resource-table.tsx'
import { leftOf } from '../exceptions/left-text.ts'

export const CASE_STALE = [
  'console.aftersales',
  'console.aftersaleCounts',
  'console.aftersale',
  'console.order',
  'console.orders',
  'platform.aftersales',
  'platform.aftersale',
] as const

const COLOURS: Record<AftersaleRow['turn'], string> = {
  merchant: 'orange',
  buyer: 'blue',
  platform: 'red',
  money: 'gold',
  nobody: 'default',
}

export const CaseState = ({ row }: { row: Pick<AftersaleRow, 'state' | 'turn'> }) => (
  <Tag color={row.state === 'done' ? 'success' : COLOURS[row.turn]}>{say(AFTERSALE_STATES[row.state])}</Tag>
)

/** What is left until something happens by itself, or since it should have been done. */
export function CaseLeft({ row }: { row: Pick<AftersaleRow, 'dueAt' | 'endedAt'> }) {
  if (row.endedAt !== null) return <span className="faint">—</span>
  if (row.dueAt === null) return <span className="faint">{t('aftersale.noClock')}</span>
  const { text, isOver } = leftOf(row.dueAt, Date.now())
  return isOver ? <Tag color="red">{t('aftersale.overdue', { time: text })}</Tag> : <span className="num">{text}</span>
}

/** The columns of lists of cases; the platform's shows whose shop it is. */
export const caseColumns = (isPlatform: boolean): Column<AftersaleListRow>[] => [
  {
    key: 'caseNo',
    title: t('aftersale.case'),
    role: 'title',
    render: (row) => (
      <span className="cell-media">
        <Thumb picture={row.lines[0]?.picture} />
        <span className="cell-text">
          <span className="cell-title">
            {say(AFTERSALE_TYPES[row.type])} · {row.lines[0]?.title ?? row.orderNo}
            {row.lines.length > 1 && ` +${row.lines.length - 1}`}
          </span>
          <span className="faint num">{row.caseNo}</span>
        </span>
      </span>
    ),
    onCard: (row) => (
      <span className="cell-media">
        <Thumb picture={row.lines[0]?.picture} />
        <span className="cell-text">
          <span className="strong clamp-1">{row.lines[0]?.title ?? row.orderNo}</span>
          <span className="faint num">
            <Tag>{say(AFTERSALE_TYPES[row.type])}</Tag>
            {row.caseNo}
          </span>
        </span>
      </span>
    ),
  },
  { key: 'dueAt', title: t('aftersale.left'), width: 128, render: (row) => <CaseLeft row={row} /> },
  {
    key: 'state',
    title: t('aftersale.state'),
    width: 136,
    labels: sayEach(AFTERSALE_STATES),
    render: (row) => (
      <span className="cell-text">
        <CaseState row={row} />
        {row.endedAt !== null && (
          <span className="faint small">
            <InstantText at={row.endedAt} />
          </span>
        )}
        {row.toCountAt !== null && <Tag color="gold">{t('aftersale.onlyToCount')}</Tag>}
      </span>
    ),
  },
  {
    key: 'reason',
    title: t('aftersale.reason'),
    width: 140,
    render: (row) => (
      <span>
        {row.reason} {row.quality && <Tag color="red">{t('aftersale.quality')}</Tag>}
      </span>
    ),
  },
  {
    key: 'amountFen',
    title: t('aftersale.amount'),
    width: 96,
    align: 'right',
    render: (row) => (row.type === 'exchange' ? <span className="faint">—</span> : <Money fen={row.amountFen} />),
  },
  isPlatform
    ? { key: 'shopName', title: t('aftersale.shop'), width: 140, render: (row) => row.shopName }
    : {
        ...{ key: 'buyerNickname', title: t('aftersale.buyer') },
        render: (row) => <span className="nowrap">{row.buyerNickname}</span>,
      },
  { key: 'openedAt', title: t('aftersale.openedAt'), width: 136, render: (row) => <InstantText at={row.openedAt} /> },
]
