import type { OrderSharing } from '@zhanggui/contract'
import { Button, Card, Tag, Typography } from 'antd'
import { useShop } from '../../app/session.tsx'
import { say, t } from '../../i18n/index.ts'
import { useRead, useWrite } from '../../kit/api.ts'
import { Loaded, useFeedback } from '../../kit/feedback.tsx'
import { InstantText } from '../../kit/instant.tsx'
import { Money } from '../../kit/money.tsx'
import { SmallTable } from '../../kit/small-table.tsx'
import { MoneyStateTag } from './shares.tsx'

const STALE = ['console.orderShares', 'console.shares'] as const
const RESULT_COLOURS = { pending: 'gold', success: 'success', failed: 'red' } as const

/** What of an order is whose, why, and what WeChat has done with it; nothing while nothing is shared. */
export function OrderSharingCard({ orderId }: { orderId: string }) {
  const { shopId, may } = useShop()
  const { done } = useFeedback()
  const read = useRead('console.orderShares', { params: { shopId, orderId } })
  const retry = useWrite('console.retrySplit', STALE)
  const sharing = read.data
  if (sharing?.money === null) return null
  const failed = sharing?.parties.some((each) => each.payBy === 'split' && each.dueFen > 0 && each.note !== '')
  const again = async () => {
    await retry.mutateAsync({ params: { shopId, orderId } })
    done(t('share.retried'))
  }
  return (
    <Card
      title={t('share.card')}
      extra={
        <span className="row-tight">
          {sharing?.money && <MoneyStateTag state={sharing.money.state} />}
          {failed && may('money.write') && (
            <Button size="small" loading={retry.isPending} onClick={() => void again()}>
              {t('share.retry')}
            </Button>
          )}
        </span>
      }
    >
      <Loaded query={read} rows={2}>
        {(shown) => (
          <div className="stack-l">
            {shown.parties.length === 0 ? <Whole sharing={shown} /> : <Parties sharing={shown} />}
            <Splits sharing={shown} />
            <Returns sharing={shown} />
          </div>
        )}
      </Loaded>
    </Card>
  )
}

function Whole({ sharing: { money } }: { sharing: OrderSharing }) {
  return (
    <span className="soft">
      {t('share.wholeMerchant')} <Money fen={money?.merchantFen} strong /> · {t('share.fee')}{' '}
      <Money fen={money?.feeFen} />
    </span>
  )
}

function Parties({ sharing }: { sharing: OrderSharing }) {
  const words = (partyId: string) => sharing.shares.filter((each) => each.partyId === partyId)
  return (
    <SmallTable
      rows={sharing.parties}
      rowKey={(row) => row.partyId}
      columns={[
        {
          title: t('party.party'),
          render: (row) => (
            <span className="cell-text">
              <span className="row-tight">
                <span className="strong">{row.partyName}</span>
                <Tag>{t(`contract.payBy.${row.payBy}`)}</Tag>
              </span>
              {words(row.partyId).map((each) => (
                <span key={`${each.line} ${each.contractId}`} className="soft small share-why">
                  {each.title}：{say({ zh: each.explained, en: each.explainedEn })}
                </span>
              ))}
              {row.note !== '' && (
                <Typography.Text type="danger" className="small share-why">
                  {row.note}
                </Typography.Text>
              )}
            </span>
          ),
        },
        {
          title: t('share.now'),
          align: 'right',
          render: (row) => <Money fen={sharing.money?.state === 'frozen' ? row.shareFen : row.nowFen} strong />,
        },
        { title: t('share.sum.pendingFen'), align: 'right', render: (row) => <Money fen={row.pendingFen} /> },
        { title: t('share.due'), align: 'right', render: (row) => <Money fen={row.dueFen + row.flyingFen} /> },
        { title: t('share.sum.splitFen'), align: 'right', render: (row) => <Money fen={row.splitFen} /> },
        { title: t('share.owed'), align: 'right', render: (row) => <Money fen={row.owedFen} /> },
      ]}
    />
  )
}

function Splits({ sharing }: { sharing: OrderSharing }) {
  type Split = OrderSharing['splits'][number]
  const rows = sharing.splits.flatMap((split): { split: Split; receiver: Split['receivers'][number] | undefined }[] =>
    split.kind === 'unfreeze'
      ? [{ split, receiver: undefined }]
      : split.receivers.map((receiver) => ({ split, receiver })),
  )
  if (rows.length === 0) return null
  return (
    <SmallTable
      rows={rows}
      rowKey={({ split, receiver }) => `${split.id} ${receiver?.partyId ?? ''}`}
      columns={[
        {
          title: t('share.split'),
          render: ({ split }) => (
            <span className="cell-text">
              <span>{t(`share.kind.${split.kind}`)}</span>
              <Typography.Text copyable className="num small" type="secondary">
                {split.outOrderNo}
              </Typography.Text>
            </span>
          ),
        },
        {
          title: t('share.receiver'),
          render: ({ receiver }) =>
            receiver ? (
              <span className="cell-text">
                {receiver.partyName}
                <span className="num faint small">{receiver.accountMasked}</span>
              </span>
            ) : (
              t('share.merchant')
            ),
        },
        { title: t('payment.amount'), align: 'right', render: ({ receiver }) => <Money fen={receiver?.amountFen} /> },
        {
          title: t('share.result'),
          render: ({ split, receiver }) => {
            const result = receiver?.state ?? (split.state === 'finished' ? 'success' : 'pending')
            const why = receiver?.failReason ?? split.lastError
            return (
              <span className="cell-text">
                <Tag color={RESULT_COLOURS[result]}>{t(`share.result.${result}`)}</Tag>
                {why && <span className="soft small share-why">{why}</span>}
              </span>
            )
          },
        },
        {
          title: t('share.at'),
          render: ({ split, receiver }) => (
            <InstantText at={receiver?.finishedAt ?? split.finishedAt ?? split.createdAt} />
          ),
        },
      ]}
    />
  )
}

function Returns({ sharing }: { sharing: OrderSharing }) {
  if (sharing.returns.length === 0) return null
  return (
    <SmallTable
      rows={sharing.returns}
      rowKey={(row) => row.id}
      columns={[
        {
          title: t('share.return'),
          render: (row) => (
            <Typography.Text copyable className="num small">
              {row.outReturnNo}
            </Typography.Text>
          ),
        },
        { title: t('share.receiver'), render: (row) => row.partyName },
        { title: t('payment.amount'), align: 'right', render: (row) => <Money fen={row.amountFen} /> },
        {
          title: t('share.result'),
          render: (row) => {
            const result = row.state === 'succeeded' ? 'success' : row.state === 'failed' ? 'failed' : 'pending'
            return (
              <span className="cell-text">
                <Tag color={RESULT_COLOURS[result]}>{t(`share.result.${result}`)}</Tag>
                {row.lastError && <span className="soft small share-why">{row.lastError}</span>}
              </span>
            )
          },
        },
        { title: t('share.at'), render: (row) => <InstantText at={row.finishedAt ?? row.createdAt} /> },
      ]}
    />
  )
}
