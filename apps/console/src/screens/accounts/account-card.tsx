import { ACCOUNT_CREDENTIALS, type AccountFigures, type AccountUsage, type ChannelAccount } from '@zhanggui/contract'
import { formatMoney } from '@zhanggui/contract/money'
import { Alert, Badge, Button, Card, Descriptions, Progress, Tag } from 'antd'
import type { ReactNode } from 'react'
import { Link } from 'react-router'
import { useShop } from '../../app/session.tsx'
import { t } from '../../i18n/index.ts'
import { InstantText } from '../../kit/instant.tsx'
import { Money } from '../../kit/money.tsx'

interface Props {
  account: ChannelAccount
  /** Absent for those who may not see figures. */
  figures?: AccountFigures | undefined
  link: () => void
  edit?: () => void
  count?: () => void
  connect?: () => void
  remove?: () => void
}

/** One account: what it brought, how it is connected, how close it is to its limits, what it can do. */
export function AccountCard({ account, figures, link, edit, count, connect, remove }: Props) {
  const { kind } = account
  const button = (label: string, run: () => void, danger = false): ReactNode => (
    <Button key={label} type="link" danger={danger} onClick={run}>
      {label}
    </Button>
  )
  return (
    <Card
      size="small"
      data-testid={`account-${account.name}`}
      title={
        <>
          {account.name} <Tag>{t(`accounts.kind.${kind}`)}</Tag>
          {account.state === 'paused' && <Tag>{t('accounts.paused')}</Tag>}
        </>
      }
      actions={[
        button(t('accounts.link'), link),
        ...(count && account.usage.length > 0 ? [button(t('accounts.count'), count)] : []),
        ...(edit ? [button(t('action.edit'), edit)] : []),
        ...(remove ? [button(t('action.remove'), remove, true)] : []),
      ]}
    >
      {account.positioning && <p className="soft">{account.positioning}</p>}
      {figures && <Brought figures={figures} />}
      <Warnings usage={account.usage} />
      {account.usage.map((each) => (
        <Usage key={each.what} usage={each} />
      ))}
      {ACCOUNT_CREDENTIALS[kind].length > 0 && <Connection account={account} connect={connect} />}
      <Descriptions
        size="small"
        column={1}
        items={[
          ...(account.wechatId
            ? [{ key: 'id', label: t('accounts.wechatId'), children: <span className="num">{account.wechatId}</span> }]
            : []),
          ...(account.keeper ? [{ key: 'keeper', label: t('accounts.keeper'), children: account.keeper }] : []),
          ...(kind === 'personal' || kind === 'wecom'
            ? [{ key: 'friends', label: t('accounts.friendCap'), children: t(`accounts.friendCap.${kind}`) }]
            : []),
          { key: 'pay', label: t('accounts.pay'), children: t(`accounts.pay.${kind}`) },
          { key: 'tools', label: t('accounts.tools'), children: t(`accounts.tools.${kind}`) },
        ]}
      />
    </Card>
  )
}

function Brought({ figures }: { figures: AccountFigures }) {
  const { may } = useShop()
  const orders = <span className="num strong">{figures.orders}</span>
  return (
    <dl className="account-figures" data-testid="account-figures">
      <div>
        <dt>{t('accounts.visitors')}</dt>
        <dd className="num strong">{figures.visitors}</dd>
      </div>
      <div>
        <dt>{t('accounts.orders')}</dt>
        <dd>
          {may('orders.read') && figures.orders > 0 ? (
            <Link to={`../orders?channelAccount=${figures.accountId}`}>{orders}</Link>
          ) : (
            orders
          )}
        </dd>
      </div>
      <div>
        <dt>{t('accounts.gmv')}</dt>
        <dd>
          <Money fen={figures.paidFen} strong />
        </dd>
      </div>
    </dl>
  )
}

const STATES = { untested: 'default', ok: 'success', failed: 'error' } as const

function Connection({ account, connect }: { account: ChannelAccount; connect: (() => void) | undefined }) {
  const { connection } = account
  return (
    <div className="account-connection">
      <div className="row-between">
        <Badge
          status={STATES[connection.state]}
          text={t(
            account.credentials.length === 0 ? 'accounts.connection.none' : `accounts.connection.${connection.state}`,
          )}
        />
        {connect && (
          <Button size="small" onClick={connect}>
            {t('accounts.connect')}
          </Button>
        )}
      </div>
      {connection.state === 'failed' && <p className="red small">{connection.message}</p>}
      {connection.at !== null && (
        <p className="faint small">
          <InstantText at={connection.at} />
          {connection.state === 'ok' && ` · ${t('accounts.tookMs', { ms: connection.ms ?? 0 })}`}
        </p>
      )}
    </div>
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
