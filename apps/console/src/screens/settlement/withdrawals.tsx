import { WITHDRAWAL_STATES, type Withdrawal, type WithdrawalState } from '@zhanggui/contract'
import { Alert, Button, Card, Tag } from 'antd'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import { Page } from '../../app/page.tsx'
import { useShop } from '../../app/session.tsx'
import { say, sayEach, t } from '../../i18n/index.ts'
import { type Output, useRead } from '../../kit/api.ts'
import { rangeFromText, rangeInstants } from '../../kit/days.ts'
import { Loaded } from '../../kit/feedback.tsx'
import { InstantText } from '../../kit/instant.tsx'
import { Money } from '../../kit/money.tsx'
import { type Column, ResourceTable } from '../../kit/resource-table.tsx'
import { AccountDialog, WithdrawDialog } from './withdrawal-dialogs.tsx'

const COLOURS: Record<WithdrawalState, string> = {
  created: 'gold',
  processing: 'blue',
  waiting: 'orange',
  cancelling: 'gold',
  paid: 'success',
  failed: 'red',
  cancelled: 'default',
}

export const StateTag = ({ state }: { state: WithdrawalState }) => (
  <Tag color={COLOURS[state]}>{say(WITHDRAWAL_STATES[state])}</Tag>
)

const columns = (): Column<Withdrawal>[] => [
  {
    key: 'number',
    title: t('settle.number'),
    role: 'title',
    field: 'number',
    render: (row) => (
      <span className="cell-text">
        <span className="num strong">{row.number}</span>
        <span className="faint">{[row.ownerName, row.realNameMasked].filter(Boolean).join(' → ')}</span>
      </span>
    ),
  },
  {
    key: 'state',
    title: t('settle.state'),
    width: 150,
    field: 'state',
    labels: sayEach(WITHDRAWAL_STATES),
    render: (row) => (
      <span className="cell-text">
        <StateTag state={row.state} />
        {row.lastError && row.state !== 'cancelled' && <span className="faint small">{row.lastError}</span>}
      </span>
    ),
  },
  {
    key: 'amount',
    title: t('settle.amount'),
    align: 'right',
    field: 'amountFen',
    render: (row) => <Money fen={row.amountFen} strong />,
  },
  {
    key: 'fee',
    title: t('settle.fee'),
    align: 'right',
    field: 'feeFen',
    render: (row) => <Money fen={row.feeFen} faint />,
  },
  { key: 'requestedBy', title: t('settle.requestedBy'), render: (row) => row.requestedBy },
  { key: 'createdAt', title: t('settle.requestedAt'), render: (row) => <InstantText at={row.createdAt} /> },
  { key: 'finishedAt', title: t('settle.finishedAt'), render: (row) => <InstantText at={row.finishedAt} /> },
]

/** Withdrawals of the shop and its parties, and what may be withdrawn now. */
export default function WithdrawalsPage() {
  const { shop, shopId, may } = useShop()
  const navigate = useNavigate()
  const [dialog, setDialog] = useState<'withdraw' | 'account'>()
  const read = useRead('console.payoutAccount', { params: { shopId } })
  const writable = may('money.write')
  return (
    <Page
      title={t('nav.withdrawals')}
      actions={
        writable && (
          <>
            <Button onClick={() => setDialog('account')}>{t('settle.account')}</Button>
            <Button
              type="primary"
              disabled={!read.data?.account || read.data.limits.mostFen === 0}
              onClick={() => setDialog('withdraw')}
            >
              {t('settle.withdraw')}
            </Button>
          </>
        )
      }
    >
      <div className="stack-l">
        <Loaded query={read} rows={2}>
          {(answer) => <Now answer={answer} />}
        </Loaded>
        <ResourceTable
          name="withdrawals"
          route="console.withdrawals"
          input={({ state, owner, q, period }) => {
            const range = rangeFromText(period)
            return {
              params: { shopId },
              query: {
                q,
                state: state as WithdrawalState | undefined,
                ownerKind: owner as 'shop' | 'party' | undefined,
                ...(range ? rangeInstants(range) : {}),
              },
            }
          }}
          rowKey={(row) => row.id}
          columns={columns()}
          filters={[
            { kind: 'search', name: 'q', label: t('settle.searchWithdrawal') },
            {
              kind: 'choice',
              name: 'state',
              label: t('settle.state'),
              options: Object.entries(WITHDRAWAL_STATES).map(([value, words]) => ({ value, label: say(words) })),
            },
            {
              kind: 'choice',
              name: 'owner',
              label: t('settle.owner'),
              options: (['shop', 'party'] as const).map((value) => ({ value, label: t(`settle.owner.${value}`) })),
            },
            { kind: 'period', name: 'period', label: t('settle.requestedAt') },
          ]}
          onRow={(row) => void navigate(`/s/${shop.slug}/withdrawals/${row.id}`)}
          empty={{ title: t('settle.withdrawalsNone'), hint: t('settle.withdrawalsNoneHint') }}
        />
      </div>
      {dialog === 'withdraw' && read.data && (
        <WithdrawDialog limits={read.data.limits} onClose={() => setDialog(undefined)} />
      )}
      {dialog === 'account' && (
        <AccountDialog account={read.data?.account ?? null} onClose={() => setDialog(undefined)} />
      )}
    </Page>
  )
}

function Now({ answer: { account, limits } }: { answer: Output<'console.payoutAccount'> }) {
  return (
    <Card title={t('settle.now')}>
      <div className="stack-s">
        {!account && <Alert type="info" showIcon title={t('settle.accountNone')} />}
        {limits.depositMissingFen > 0 && (
          <Alert
            type="warning"
            showIcon
            title={
              <>
                {t('settle.depositMissing')} <Money fen={limits.depositMissingFen} strong />
              </>
            }
          />
        )}
        {limits.owedFen > 0 && (
          <Alert
            type="error"
            showIcon
            title={
              <>
                {t('settle.owedFirst')} <Money fen={limits.owedFen} strong />
              </>
            }
          />
        )}
        <p>
          {t('settle.available')} <Money fen={limits.availableFen} strong /> · {t('settle.mostNow')}{' '}
          <Money fen={limits.mostFen} strong /> · {t('settle.usedToday')} <Money fen={limits.usedTodayFen} /> /{' '}
          <Money fen={limits.dayFen} />
        </p>
        {account && (
          <p className="soft">
            {t('settle.accountTo', { name: account.nickname, real: account.realNameMasked })}
            {account.usableFrom > new Date().toISOString() && (
              <>
                {' '}
                · {t('settle.usableFrom')} <InstantText at={account.usableFrom} />
              </>
            )}
          </p>
        )}
      </div>
    </Card>
  )
}
