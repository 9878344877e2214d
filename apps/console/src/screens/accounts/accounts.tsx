import { PlusOutlined } from '@ant-design/icons'
import type { AccountUsage, ChannelAccount } from '@zhanggui/contract'
import { formatMoney } from '@zhanggui/contract/money'
import { Alert, Button, Card, Descriptions, Empty, Progress, Tag } from 'antd'
import { useState } from 'react'
import { Page } from '../../app/page.tsx'
import { useShop } from '../../app/session.tsx'
import { t } from '../../i18n/index.ts'
import { useRead, useWrite } from '../../kit/api.ts'
import { Loaded, useFeedback } from '../../kit/feedback.tsx'
import { AccountDialog, ActionDialog } from './dialogs.tsx'

type Dialog = { kind: 'edit'; account?: ChannelAccount } | { kind: 'count'; account: ChannelAccount }

/** The accounts inside WeChat that the shop trades with, what each can do, and how close it is to its limits. */
export default function AccountsPage() {
  const { shopId, may } = useShop()
  const { confirm, done } = useFeedback()
  const read = useRead('console.channelAccounts', { params: { shopId } })
  const remove = useWrite('console.deleteChannelAccount', ['console.channelAccounts'])
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
    <Button type="primary" icon={<PlusOutlined />} onClick={() => setDialog({ kind: 'edit' })}>
      {t('accounts.add')}
    </Button>
  )
  return (
    <Page title={t('nav.accounts')} hint={t('accounts.hint')} actions={writable && add}>
      <Loaded query={read}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty description={t('accounts.none')}>{writable && add}</Empty>
          ) : (
            <div className="account-cards" data-testid="channel-accounts">
              {items.map((account) => (
                <AccountCard
                  key={account.id}
                  account={account}
                  {...(writable
                    ? {
                        edit: () => setDialog({ kind: 'edit', account }),
                        count: () => setDialog({ kind: 'count', account }),
                        remove: () => askRemove(account),
                      }
                    : {})}
                />
              ))}
            </div>
          )
        }
      </Loaded>
      {dialog?.kind === 'edit' && <AccountDialog account={dialog.account} onClose={close} />}
      {dialog?.kind === 'count' && <ActionDialog account={dialog.account} onClose={close} />}
    </Page>
  )
}

interface CardProps {
  account: ChannelAccount
  edit?: () => void
  count?: () => void
  remove?: () => void
}

function AccountCard({ account, edit, count, remove }: CardProps) {
  const { kind } = account
  return (
    <Card
      size="small"
      title={
        <>
          {account.name} <Tag>{t(`accounts.kind.${kind}`)}</Tag>
          {account.state === 'paused' && <Tag>{t('accounts.paused')}</Tag>}
        </>
      }
      actions={[
        ...(count && account.usage.length > 0
          ? [
              <Button key="count" type="link" onClick={count}>
                {t('accounts.count')}
              </Button>,
            ]
          : []),
        ...(edit
          ? [
              <Button key="edit" type="link" onClick={edit}>
                {t('action.edit')}
              </Button>,
            ]
          : []),
        ...(remove
          ? [
              <Button key="remove" type="link" danger onClick={remove}>
                {t('action.remove')}
              </Button>,
            ]
          : []),
      ]}
    >
      {account.positioning && <p className="soft">{account.positioning}</p>}
      <Warnings usage={account.usage} />
      {account.usage.map((each) => (
        <Usage key={each.what} usage={each} />
      ))}
      <Descriptions
        size="small"
        column={1}
        items={[
          ...(account.wechatId
            ? [{ key: 'id', label: t('accounts.wechatId'), children: <span className="num">{account.wechatId}</span> }]
            : []),
          ...(account.keeper ? [{ key: 'keeper', label: t('accounts.keeper'), children: account.keeper }] : []),
          { key: 'friends', label: t('accounts.friendCap'), children: t(`accounts.friendCap.${kind}`) },
          { key: 'pay', label: t('accounts.pay'), children: t(`accounts.pay.${kind}`) },
          { key: 'tools', label: t('accounts.tools'), children: t(`accounts.tools.${kind}`) },
        ]}
      />
    </Card>
  )
}

function Warnings({ usage }: { usage: AccountUsage[] }) {
  const worst = usage.find((each) => each.level === 'over') ?? usage.find((each) => each.level === 'near')
  if (!worst) return null
  return (
    <Alert
      type={worst.level === 'over' ? 'error' : 'warning'}
      showIcon
      title={t(worst.level === 'over' ? 'accounts.over' : 'accounts.near', { what: t(`accounts.what.${worst.what}`) })}
    />
  )
}

const COLORS = { fine: 'var(--zg-green)', near: '#d97706', over: '#dc2626' }

function Usage({ usage }: { usage: AccountUsage }) {
  const amount = (value: number) => (usage.what === 'receipt' ? formatMoney(value) : String(value))
  return (
    <div className="account-usage">
      <div className="row-between">
        <span className="soft">{t(`accounts.what.${usage.what}`)}</span>
        <span className="num">
          {amount(usage.total)} / {amount(usage.limit)}
        </span>
      </div>
      <Progress
        percent={Math.min(100, Math.round((usage.total * 100) / usage.limit))}
        strokeColor={COLORS[usage.level]}
        showInfo={false}
        size="small"
        aria-label={t(`accounts.what.${usage.what}`)}
      />
    </div>
  )
}
