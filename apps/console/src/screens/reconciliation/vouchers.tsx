import type { BillLine } from '@zhanggui/contract'
import { type MessageKey, t } from '../../i18n/index.ts'
import { InstantText } from '../../kit/instant.tsx'
import { Money } from '../../kit/money.tsx'
import { SmallTable } from '../../kit/small-table.tsx'

/** Lines of bills: the vouchers of what moved at the channel. */
export function Vouchers({ lines, none }: { lines: readonly BillLine[]; none: MessageKey }) {
  if (lines.length === 0) return <p className="soft">{t(none)}</p>
  return (
    <SmallTable
      rows={lines}
      rowKey={(line) => `${line.day}${line.bill}${line.kind}${line.channelId}${line.amountFen}`}
      columns={[
        { title: t('reconcile.at'), render: (line) => <InstantText at={line.happenedAt} /> },
        { title: t('reconcile.bill'), render: (line) => t(`reconcile.bill.${line.bill}`) },
        { title: t('reconcile.number'), render: (line) => <span className="num">{line.number}</span> },
        { title: t('reconcile.channelId'), render: (line) => <span className="num">{line.channelId}</span> },
        { title: t('reconcile.state'), render: (line) => line.state },
        { title: t('reconcile.amount'), align: 'right', render: (line) => <Money fen={line.amountFen} /> },
        { title: t('reconcile.fee'), align: 'right', render: (line) => <Money fen={line.feeFen} faint /> },
      ]}
    />
  )
}
