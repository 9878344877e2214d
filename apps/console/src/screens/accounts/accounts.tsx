import { PlusOutlined } from '@ant-design/icons'
import type { AccountFigures, ChannelAccount } from '@zhanggui/contract'
import { Button, Tabs } from 'antd'
import { useState } from 'react'
import { Link, useSearchParams } from 'react-router'
import { Page } from '../../app/page.tsx'
import { useShop } from '../../app/session.tsx'
import { t } from '../../i18n/index.ts'
import { useRead, useWrite } from '../../kit/api.ts'
import { lastDays, rangeFromText, rangeText } from '../../kit/days.ts'
import { Loaded, useFeedback } from '../../kit/feedback.tsx'
import { Money } from '../../kit/money.tsx'
import { Nothing } from '../../kit/nothing.tsx'
import { Period } from '../../kit/period.tsx'
import { AccountCard } from './account-card.tsx'
import { ConnectDialog } from './connect-dialog.tsx'
import { AccountDialog, ActionDialog } from './dialogs.tsx'
import { LinkDialog } from './link-dialog.tsx'
import { Matrices } from './matrices.tsx'

const DAYS = 30

/** The accounts inside WeChat that the shop trades with: what each brings and may do, and how they stand side by side. */
export default function AccountsPage() {
  const [params, setParams] = useSearchParams()
  const tab = params.get('tab') === 'matrix' ? 'matrix' : 'accounts'
  return (
    <Page title={t('nav.accounts')} hint={t('accounts.hint')}>
      <Tabs
        activeKey={tab}
        onChange={(next) => setParams(next === 'matrix' ? { tab: next } : {})}
        items={[
          { key: 'accounts', label: t('accounts.tab'), children: <Accounts /> },
          { key: 'matrix', label: t('matrix.tab'), children: <Matrices /> },
        ]}
        destroyOnHidden
      />
    </Page>
  )
}

type Dialog = { kind: 'add' } | { kind: 'edit' | 'count' | 'connect' | 'link'; account: ChannelAccount }

function Accounts() {
  const { shopId, shop, may } = useShop()
  const { confirm, done } = useFeedback()
  const [params, setParams] = useSearchParams()
  const period = params.get('period') ?? undefined
  const range = rangeFromText(period) ?? lastDays(Date.now(), DAYS)
  const read = useRead('console.channelAccounts', { params: { shopId } })
  const figures = useRead(
    'console.accountFigures',
    { params: { shopId }, query: range },
    { enabled: may('analytics.read'), keepPrevious: true },
  )
  const remove = useWrite('console.deleteChannelAccount', ['console.channelAccounts', 'console.channelGroups'])
  const [dialog, setDialog] = useState<Dialog>()
  const writable = may('settings.write')
  const close = () => setDialog(undefined)
  const askRemove = (account: ChannelAccount) =>
    confirm({
      title: t('accounts.removeAsk', { name: account.name }),
      content: t('accounts.removeHint'),
      okText: t('action.remove'),
      danger: true,
      run: () =>
        remove
          .mutateAsync({ params: { shopId, accountId: account.id } })
          .then(() => done(t('accounts.removed', { name: account.name }))),
    })
  const add = (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => setDialog({ kind: 'add' })}>
      {t('accounts.add')}
    </Button>
  )
  return (
    <>
      <div className="row-between account-bar">
        <span className="actions">
          {may('analytics.read') && (
            <Period
              label={t('accounts.period')}
              value={period ?? rangeText(range)}
              onChange={(text) => setParams(text === undefined ? {} : { period: text })}
            />
          )}
          {may('settings.read') && (
            <Link to={`/s/${shop.slug}/settings?group=accounts`}>
              <Button tabIndex={-1}>{t('accounts.rules')}</Button>
            </Link>
          )}
        </span>
        {writable && (read.data?.items.length ?? 0) > 0 && add}
      </div>
      <Loaded query={read}>
        {({ items }) =>
          items.length === 0 ? (
            <div className="resource">
              <Nothing title={t('accounts.none')} hint={t('accounts.noneHint')} action={writable && add} />
            </div>
          ) : (
            <div className="stack-s">
              <Unattributed items={figures.data?.items} />
              <div className="account-cards" data-testid="channel-accounts">
                {items.map((account) => (
                  <AccountCard
                    key={account.id}
                    account={account}
                    figures={figures.data?.items.find((each) => each.accountId === account.id)}
                    link={() => setDialog({ kind: 'link', account })}
                    {...(writable
                      ? {
                          edit: () => setDialog({ kind: 'edit', account }),
                          count: () => setDialog({ kind: 'count', account }),
                          connect: () => setDialog({ kind: 'connect', account }),
                          remove: () => askRemove(account),
                        }
                      : {})}
                  />
                ))}
              </div>
            </div>
          )
        }
      </Loaded>
      {dialog?.kind === 'add' && <AccountDialog account={undefined} onClose={close} />}
      {dialog?.kind === 'edit' && <AccountDialog account={dialog.account} onClose={close} />}
      {dialog?.kind === 'count' && <ActionDialog account={dialog.account} onClose={close} />}
      {dialog?.kind === 'link' && <LinkDialog account={dialog.account} onClose={close} />}
      {dialog?.kind === 'connect' && <ConnectDialog accountId={dialog.account.id} onClose={close} />}
    </>
  )
}

/** How much of the period came by no account, so that nobody takes the accounts for the whole. */
function Unattributed({ items }: { items: AccountFigures[] | undefined }) {
  const none = items?.find((each) => each.accountId === null)
  if (!none) return null
  return (
    <p className="soft small">
      {t('accounts.noSource', { orders: none.orders })} <Money fen={none.paidFen} />
      {' · '}
      <Link to="../orders?channelAccount=none">{t('accounts.noSourceShow')}</Link>
    </p>
  )
}
