import { DIFFERENCE_PAIRS, sideState } from '@zhanggui/contract'
import { Button, Card, Descriptions, Select } from 'antd'
import { useState } from 'react'
import { Link, useParams } from 'react-router'
import { Page } from '../../app/page.tsx'
import { useShop } from '../../app/session.tsx'
import { say, t } from '../../i18n/index.ts'
import { type Output, useRead, useWrite } from '../../kit/api.ts'
import { Loaded, useFeedback } from '../../kit/feedback.tsx'
import { InstantText } from '../../kit/instant.tsx'
import { Money } from '../../kit/money.tsx'
import { Movements } from '../settlement/movements.tsx'
import { CloseDialog, DIFFERENCE_STALE } from './dialogs.tsx'
import { ClassTag, endText, whyText } from './differences.tsx'
import { Vouchers } from './vouchers.tsx'

type Row = Output<'console.difference'>

/** One difference: what it is about, whose it is, the bill lines and postings behind it, and how it ends. */
export default function DifferencePage() {
  const { shop, shopId, may } = useShop()
  const { differenceId = '' } = useParams()
  const { done, warn } = useFeedback()
  const [dialog, setDialog] = useState<'accept' | 'adjust'>()
  const params = { shopId, differenceId }
  const read = useRead('console.difference', { params })
  const ask = useWrite('console.askDifference', DIFFERENCE_STALE)
  const row = read.data
  const askWechat = async () => {
    const after = await ask.mutateAsync({ params })
    if (after.state === 'closed') done(t('reconcile.askedAgrees'))
    else warn(t('reconcile.askedDiffers'))
  }
  return (
    <Page
      title={row ? t('reconcile.differenceOf', { number: row.number }) : t('reconcile.difference')}
      mark={row && <ClassTag of={row.class} />}
      back={`/s/${shop.slug}/differences`}
      actions={
        may('money.write') &&
        row?.state === 'open' && (
          <>
            {row.mayAsk && (
              <Button loading={ask.isPending} onClick={() => void askWechat()}>
                {t('reconcile.ask')}
              </Button>
            )}
            <Button onClick={() => setDialog('accept')}>{t('reconcile.accept')}</Button>
            {row.adjustFen !== null && (
              <Button type="primary" onClick={() => setDialog('adjust')}>
                {t('reconcile.adjust')}
              </Button>
            )}
          </>
        )
      }
    >
      <Loaded query={read}>{(found) => <Body row={found} />}</Loaded>
      {dialog && row && <CloseDialog row={row} how={dialog} onClose={() => setDialog(undefined)} />}
    </Page>
  )
}

function Body({ row }: { row: Row }) {
  const { shop } = useShop()
  return (
    <div className="stack-l">
      <Card title={whyText(row)}>
        <Descriptions
          column={{ xs: 1, md: 2 }}
          items={[
            { key: 'day', label: t('reconcile.day'), children: <span className="num">{row.day}</span> },
            { key: 'pair', label: t('reconcile.pair'), children: say(DIFFERENCE_PAIRS[row.pair]) },
            {
              key: 'there',
              label: say(DIFFERENCE_PAIRS[row.pair].there),
              children: <Side fen={row.thereFen} state={row.thereState} />,
            },
            {
              key: 'here',
              label: say(DIFFERENCE_PAIRS[row.pair].here),
              children: <Side fen={row.hereFen} state={row.hereState} />,
            },
            ...(row.orderId
              ? [
                  {
                    ...{ key: 'order', label: t('ledger.order') },
                    children: <Link to={`/s/${shop.slug}/orders/${row.orderId}`}>{t('settle.openOrder')}</Link>,
                  },
                ]
              : []),
            { key: 'at', label: t('reconcile.at'), children: <InstantText at={row.happenedAt} /> },
            { key: 'owner', label: t('reconcile.owner'), children: <Owner row={row} /> },
            { key: 'end', label: t('reconcile.state'), children: endText(row) },
            ...(row.closedBy
              ? [
                  { key: 'by', label: t('reconcile.closedBy'), children: row.closedBy },
                  { key: 'reason', label: t('reconcile.reason'), children: row.closeReason },
                ]
              : []),
          ]}
        />
      </Card>
      <Card title={t('reconcile.vouchers')}>
        <Vouchers lines={row.vouchers} none="reconcile.vouchersNone" />
      </Card>
      <Card title={t('settle.movements')}>
        <Movements movements={row.movements} />
      </Card>
    </div>
  )
}

const Side = ({ fen, state }: { fen: number | null; state: string | null }) => (
  <span>
    {fen === null ? '—' : <Money fen={fen} strong />} {state && <span className="faint">{say(sideState(state))}</span>}
  </span>
)

function Owner({ row }: { row: Row }) {
  const { shopId, may } = useShop()
  const colleagues = useRead('console.colleagues', { params: { shopId } })
  const write = useWrite('console.setDifferenceOwner', DIFFERENCE_STALE)
  if (!may('money.write')) return <>{row.ownerName ?? '—'}</>
  return (
    <Select
      allowClear
      size="small"
      style={{ minWidth: 140 }}
      aria-label={t('reconcile.owner')}
      placeholder={t('reconcile.nobody')}
      value={row.ownerId ?? undefined}
      loading={write.isPending}
      options={(colleagues.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))}
      onChange={(staffId?: string) =>
        write.mutate({
          params: { shopId, differenceId: row.id },
          body: { staffId: staffId ?? null, version: row.version },
        })
      }
    />
  )
}
