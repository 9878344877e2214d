import { type Earnings, type Party, type PartyShare, ROUTES } from '@zhanggui/contract'
import { Alert, Button, Card, Form, Input, Radio, Statistic } from 'antd'
import { useState } from 'react'
import { Link, useParams } from 'react-router'
import { Page } from '../../app/page.tsx'
import { useShop } from '../../app/session.tsx'
import { say, t } from '../../i18n/index.ts'
import { useRead, useWrite } from '../../kit/api.ts'
import { Loaded, useFeedback } from '../../kit/feedback.tsx'
import { FormDialog } from '../../kit/form-dialog.tsx'
import { Money } from '../../kit/money.tsx'
import { type Column, ResourceTable } from '../../kit/resource-table.tsx'
import { accountText, KindTag, PARTY_STALE, PartyDialog } from './parties.tsx'

type Dialog = 'edit' | 'account' | 'freeze' | 'release'
const EARNINGS_STALE = ['console.partyEarnings', 'console.partyShares', 'console.shares'] as const

/** One party: where it is paid, what it earns, and each of its shares with how it came about. */
export default function PartyPage() {
  const { shop, shopId, may } = useShop()
  const { partyId = '' } = useParams()
  const [dialog, setDialog] = useState<Dialog>()
  const read = useRead('console.party', { params: { shopId, partyId } })
  const party = read.data
  const close = () => setDialog(undefined)
  return (
    <Page
      title={party?.name ?? t('party.party')}
      back={`/s/${shop.slug}/parties`}
      mark={party && <KindTag kind={party.kind} />}
      actions={
        may('parties.write') && (
          <>
            <Button onClick={() => setDialog('account')}>{t('party.setAccount')}</Button>
            <Button type="primary" onClick={() => setDialog('edit')}>
              {t('action.edit')}
            </Button>
          </>
        )
      }
    >
      <Loaded query={read}>
        {(shown) => (
          <div className="stack-l">
            <Facts party={shown} />
            {may('money.read') && <EarningsCard party={shown} open={setDialog} />}
            {may('money.read') && <Shares party={shown} />}
          </div>
        )}
      </Loaded>
      {party && dialog === 'edit' && <PartyDialog party={party} onClose={close} />}
      {party && dialog === 'account' && <AccountDialog party={party} onClose={close} />}
      {party && (dialog === 'freeze' || dialog === 'release') && (
        <FreezeDialog party={party} kind={dialog} onClose={close} />
      )}
    </Page>
  )
}

function Facts({ party }: { party: Party }) {
  const { shop } = useShop()
  const facts = [
    [t('party.account'), accountText(party)],
    [t('party.realName'), party.realNameMasked],
    [t('party.phone'), party.phoneMasked],
    [t('party.idNumber'), party.idNumberMasked],
    [t('party.note'), party.note],
  ].filter(([, value]) => value !== '')
  return (
    <Card
      title={t('party.facts')}
      extra={
        <Link to={`/s/${shop.slug}/contracts?party=${party.id}`}>
          {t('party.toContracts', { count: party.activeContracts })}
        </Link>
      }
    >
      <dl className="share-facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt className="soft">{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </Card>
  )
}

const SUMS = ['pendingFen', 'payableFen', 'flyingFen', 'splitFen', 'withdrawnFen', 'frozenFen', 'negativeFen'] as const

function EarningsCard({ party, open }: { party: Party; open: (dialog: Dialog) => void }) {
  const { shopId, may } = useShop()
  const read = useRead('console.partyEarnings', { params: { shopId, partyId: party.id } })
  const action = (earnings: Earnings) =>
    earnings.freeze ? (
      <Button onClick={() => open('release')}>{t('share.release')}</Button>
    ) : (
      <Button danger onClick={() => open('freeze')}>
        {t('share.freeze')}
      </Button>
    )
  return (
    <Card title={t('share.earnings')} extra={read.data && may('money.write') && action(read.data)}>
      <Loaded query={read} rows={2}>
        {(earnings) => (
          <div className="stack-s">
            {earnings.freeze && (
              <Alert
                type="warning"
                showIcon
                title={t('share.frozenBy', { by: earnings.freeze.by, reason: earnings.freeze.reason })}
              />
            )}
            <div className="share-sums">
              {SUMS.map((sum) => (
                <Statistic
                  key={sum}
                  title={t(`share.sum.${sum}`)}
                  value={earnings[sum]}
                  formatter={() => <Money fen={sum === 'negativeFen' ? -earnings[sum] : earnings[sum]} strong />}
                />
              ))}
            </div>
          </div>
        )}
      </Loaded>
    </Card>
  )
}

const columns = (slug: string): Column<PartyShare>[] => [
  {
    key: 'orderNo',
    title: t('order.order'),
    role: 'title',
    render: (row) => (
      <Link className="num" to={`/s/${slug}/orders/${row.orderId}`}>
        {row.orderNo}
      </Link>
    ),
  },
  { key: 'nowFen', title: t('share.now'), align: 'right', render: (row) => <Money fen={row.nowFen} strong /> },
  { key: 'shareFen', title: t('share.frozen'), align: 'right', render: (row) => <Money fen={row.shareFen} /> },
  {
    key: 'pendingFen',
    title: t('share.sum.pendingFen'),
    align: 'right',
    render: (row) => <Money fen={row.pendingFen} />,
  },
  { key: 'dueFen', title: t('share.due'), align: 'right', render: (row) => <Money fen={row.dueFen} /> },
  { key: 'splitFen', title: t('share.sum.splitFen'), align: 'right', render: (row) => <Money fen={row.splitFen} /> },
  { key: 'repaidFen', title: t('share.repaid'), align: 'right', render: (row) => <Money fen={row.repaidFen} /> },
  { key: 'owedFen', title: t('share.owed'), align: 'right', render: (row) => <Money fen={row.owedFen} /> },
  { key: 'payBy', title: t('contract.payBy'), render: (row) => t(`contract.payBy.${row.payBy}`) },
  { key: 'note', title: t('share.note'), render: (row) => <span className="small">{row.note}</span> },
]

function Shares({ party }: { party: Party }) {
  const { shop, shopId } = useShop()
  return (
    <ResourceTable
      name="party-shares"
      route="console.partyShares"
      input={() => ({ params: { shopId, partyId: party.id } })}
      rowKey={(row) => row.orderId}
      columns={columns(shop.slug)}
      expand={(row) => (
        <ul className="share-words">
          {row.explained.map((each) => (
            <li key={each.zh}>{say(each)}</li>
          ))}
        </ul>
      )}
      empty={{ title: t('share.nonePaid'), hint: t('share.nonePaidHint') }}
    />
  )
}

function AccountDialog({ party, onClose }: { party: Party; onClose: () => void }) {
  const { shopId } = useShop()
  const { done } = useFeedback()
  const save = useWrite('console.setPartyAccount', PARTY_STALE)
  return (
    <FormDialog
      title={t('party.setAccount')}
      schema={ROUTES['console.setPartyAccount'].body}
      initial={{ kind: party.account?.kind ?? (party.legal === 'company' ? 'mchid' : 'openid'), value: '' }}
      toInput={({ kind, value }) => ({
        account: value.trim() === '' ? null : { kind, value: value.trim() },
        version: party.version,
      })}
      submit={(body) => save.mutateAsync({ params: { shopId, partyId: party.id }, body })}
      onDone={() => done(t('action.saved'))}
      onClose={onClose}
    >
      <Form.Item name="kind" label={t('party.accountKind')}>
        <Radio.Group
          options={[
            { value: 'openid', label: t('party.account.openid') },
            { value: 'mchid', label: t('party.account.mchid') },
          ]}
        />
      </Form.Item>
      <Form.Item name="value" label={t('party.accountValue')} extra={t('party.accountHint')}>
        <Input maxLength={64} placeholder={party.account?.masked ?? ''} autoComplete="off" />
      </Form.Item>
    </FormDialog>
  )
}

function FreezeDialog({ party, kind, onClose }: { party: Party; kind: 'freeze' | 'release'; onClose: () => void }) {
  const { shopId } = useShop()
  const { done } = useFeedback()
  const freeze = useWrite('console.freezeShares', EARNINGS_STALE)
  const release = useWrite('console.releaseShares', EARNINGS_STALE)
  const isFreeze = kind === 'freeze'
  return (
    <FormDialog
      title={isFreeze ? t('share.freezeAsk', { name: party.name }) : t('share.releaseAsk', { name: party.name })}
      schema={ROUTES['console.freezeShares'].body}
      initial={{ reason: '' }}
      danger={isFreeze}
      okText={isFreeze ? t('share.freeze') : t('share.release')}
      submit={(body) => {
        const input = { params: { shopId, partyId: party.id }, body }
        return isFreeze ? freeze.mutateAsync(input) : release.mutateAsync(input)
      }}
      onDone={() => done(t('action.saved'))}
      onClose={onClose}
    >
      <Form.Item name="reason" label={t('share.reason')} extra={isFreeze ? t('share.freezeHint') : undefined}>
        <Input.TextArea maxLength={200} rows={3} />
      </Form.Item>
    </FormDialog>
  )
}
