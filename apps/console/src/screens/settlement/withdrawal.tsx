import { Button, Card, Descriptions } from 'antd'
import { useParams } from 'react-router'
import { Page } from '../../app/page.tsx'
import { useShop } from '../../app/session.tsx'
import { t } from '../../i18n/index.ts'
import { useRead, useWrite } from '../../kit/api.ts'
import { Loaded, useFeedback } from '../../kit/feedback.tsx'
import { InstantText } from '../../kit/instant.tsx'
import { Money } from '../../kit/money.tsx'
import { Movements } from './movements.tsx'
import { MONEY_STALE } from './withdrawal-dialogs.tsx'
import { StateTag } from './withdrawals.tsx'

/** One withdrawal and the ledger's transfers behind it. */
export default function WithdrawalPage() {
  const { shop, shopId, may } = useShop()
  const { withdrawalId = '' } = useParams()
  const { confirm, done } = useFeedback()
  const params = { shopId, withdrawalId }
  const read = useRead('console.withdrawal', { params })
  const cancel = useWrite('console.cancelWithdrawal', MONEY_STALE)
  const ask = () =>
    confirm({
      title: t('settle.cancelAsk'),
      okText: t('settle.cancel'),
      danger: true,
      run: async () => {
        await cancel.mutateAsync({ params })
        done(t('settle.cancelled'))
      },
    })
  return (
    <Page
      title={t('settle.withdrawal')}
      mark={read.data && <StateTag state={read.data.state} />}
      back={`/s/${shop.slug}/withdrawals`}
      actions={
        may('money.write') &&
        read.data?.state === 'waiting' && (
          <Button danger onClick={ask}>
            {t('settle.cancel')}
          </Button>
        )
      }
    >
      <Loaded query={read}>
        {(row) => (
          <div className="stack-l">
            <Card>
              <Descriptions
                column={{ xs: 1, md: 2 }}
                items={[
                  { key: 'number', label: t('settle.number'), children: <span className="num">{row.number}</span> },
                  { key: 'amount', label: t('settle.amount'), children: <Money fen={row.amountFen} strong /> },
                  { key: 'fee', label: t('settle.fee'), children: <Money fen={row.feeFen} /> },
                  { key: 'owner', label: t('settle.owner'), children: row.ownerName },
                  { key: 'receiver', label: t('settle.receiver'), children: row.realNameMasked || row.ownerName },
                  {
                    key: 'bill',
                    label: t('settle.billNo'),
                    children: <span className="num">{row.transferBillNo ?? '—'}</span>,
                  },
                  { key: 'by', label: t('settle.requestedBy'), children: row.requestedBy },
                  { key: 'at', label: t('settle.requestedAt'), children: <InstantText at={row.createdAt} /> },
                  { key: 'before', label: t('settle.confirmBefore'), children: <InstantText at={row.confirmBefore} /> },
                  {
                    key: 'finished',
                    label: t('settle.finishedAt'),
                    children: <InstantText at={row.finishedAt} />,
                  },
                  ...(row.lastError ? [{ key: 'error', label: t('settle.why'), children: row.lastError }] : []),
                ]}
              />
            </Card>
            <Card title={t('settle.movements')}>
              <Movements movements={row.movements} />
            </Card>
          </div>
        )}
      </Loaded>
    </Page>
  )
}
