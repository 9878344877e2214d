import type { MoneyMovement } from '@zhanggui/contract'
import { Typography } from 'antd'
import { hasMessage, t } from '../../i18n/index.ts'
import { InstantText } from '../../kit/instant.tsx'
import { Money } from '../../kit/money.tsx'
import { SmallTable } from '../../kit/small-table.tsx'

/** What an account of the ledger is called; its code where it has no name here. */
export function accountName(code: string): string {
  const key = `ledgerAccount.${code}`
  return hasMessage(key) ? t(key) : code
}

/** What a transfer of the ledger is called; its code where it has no name here. */
export function transferName(code: string): string {
  const key = `move.${code}`
  return hasMessage(key) ? t(key) : code
}

/** The ledger's transfers behind an amount. */
export function Movements({ movements }: { movements: readonly MoneyMovement[] }) {
  if (movements.length === 0) return <p className="soft">{t('settle.movementsNone')}</p>
  return (
    <SmallTable
      rows={movements}
      rowKey={(row) => row.id}
      columns={[
        { title: t('settle.at'), render: (row) => <InstantText at={row.at} /> },
        { title: t('settle.from'), render: (row) => accountName(row.fromAccount) },
        { title: t('settle.to'), render: (row) => accountName(row.toAccount) },
        { title: t('settle.amount'), align: 'right', render: (row) => <Money fen={row.amountFen} /> },
        {
          title: t('settle.transfer'),
          render: (row) => (
            // Whoever looks for it in the books copies its number.
            <Typography.Text copyable={{ text: row.id }}>{transferName(row.code)}</Typography.Text>
          ),
        },
      ]}
    />
  )
}
