import { type Balances, MERCHANT_LEVELS } from '@zhanggui/contract'
import { Alert, Button, Card, Tag } from 'antd'
import type { ReactNode } from 'react'
import { Link } from 'react-router'
import { Page } from '../../app/page.tsx'
import { useShop } from '../../app/session.tsx'
import { say, t } from '../../i18n/index.ts'
import { useRead } from '../../kit/api.ts'
import { Loaded } from '../../kit/feedback.tsx'
import { InstantText } from '../../kit/instant.tsx'
import { Money } from '../../kit/money.tsx'
import { SmallTable } from '../../kit/small-table.tsx'

interface Place {
  label: string
  fen: number
  hint: string
  to?: string
  main?: boolean
}

const placesOf = (b: Balances): Place[] => [
  {
    label: t('settle.available'),
    fen: b.availableFen,
    hint: t(b.availableFen > 0 ? 'settle.availableHint' : 'settle.availableNone'),
    to: 'withdrawals',
    main: true,
  },
  {
    label: t('settle.pending'),
    fen: b.pendingFen,
    hint: t('settle.pendingHint'),
    to: 'settlement-items?state=waiting',
  },
  { label: t('settle.unsettled'), fen: b.unsettledFen, hint: t('settle.unsettledHint'), to: 'orders' },
  { label: t('settle.frozen'), fen: b.frozenFen, hint: t('settle.frozenHint'), to: 'freezes?state=active' },
  {
    label: t('settle.inFlight'),
    fen: b.withdrawalsInFlightFen + b.refundsInFlight.amountFen,
    hint:
      b.refundsInFlight.count === 0
        ? t('settle.inFlightHint')
        : t('settle.inFlightRefunds', { count: b.refundsInFlight.count }),
    to: 'withdrawals',
  },
  { label: t('settle.deposit'), fen: b.depositFen, hint: t('settle.depositHint'), to: 'deposits' },
]

interface Release {
  key: string
  when: ReactNode
  orders: number | null
  amountFen: number
}

/** What waits by the day it comes; what has none (received by the own code, frozen, or given back since) stands below. */
function releasesOf({ releases, pendingFen }: Balances): Release[] {
  const restFen = releases.reduce<number>((left, { amountFen }) => left - amountFen, pendingFen)
  return [
    ...releases.map(({ dueAt, orders, amountFen }) => ({
      key: dueAt,
      when: <InstantText at={dueAt} />,
      orders,
      amountFen,
    })),
    ...(restFen === 0
      ? []
      : [
          {
            key: 'rest',
            when: <span className="soft">{t(restFen > 0 ? 'settle.releasesRest' : 'settle.releasesLess')}</span>,
            orders: null,
            amountFen: restFen,
          },
        ]),
  ]
}

/** Where the shop's money is, and what moves it on. */
export default function BalancesPage() {
  const { shop, shopId, may } = useShop()
  const read = useRead('console.balances', { params: { shopId } })
  return (
    <Page
      title={t('nav.balances')}
      mark={
        read.data && (
          <Tag>
            {`${say(MERCHANT_LEVELS[read.data.level])} · ${t('settle.cycleIn', { days: read.data.cycleDays })}`}
          </Tag>
        )
      }
      actions={
        may('money.write') &&
        (read.data && read.data.availableFen <= 0 ? (
          <Button type="primary" disabled title={t('settle.availableNone')}>
            {t('settle.withdraw')}
          </Button>
        ) : (
          <Link to={`/s/${shop.slug}/withdrawals`}>
            <Button type="primary">{t('settle.withdraw')}</Button>
          </Link>
        ))
      }
    >
      <Loaded query={read}>{(balances) => <Content balances={balances} slug={shop.slug} />}</Loaded>
    </Page>
  )
}

function Content({ balances: b, slug }: { balances: Balances; slug: string }) {
  const releases = releasesOf(b)
  return (
    <div className="stack-l">
      {b.negativeFen > 0 && (
        <Alert
          type="error"
          showIcon
          title={t('settle.negativeTitle')}
          description={<NegativeText fen={b.negativeFen} />}
        />
      )}
      {b.depositFen < b.depositRequiredFen && <Alert type="warning" showIcon title={t('settle.depositShort')} />}
      <section className="figures" aria-label={t('nav.balances')}>
        {placesOf(b).map(({ label, fen, hint, to, main }) => (
          <div key={label} className={main ? 'figure main' : 'figure'}>
            <span className="figure-label">{to ? <Link to={`/s/${slug}/${to}`}>{label}</Link> : label}</span>
            <span className="figure-value">
              <Money fen={fen} />
            </span>
            <span className="faint small">{hint}</span>
          </div>
        ))}
      </section>
      <Card title={t('settle.releases')}>
        {releases.length === 0 ? (
          <p className="soft">{t('settle.releasesNone')}</p>
        ) : (
          <SmallTable
            rows={releases}
            rowKey={(row) => row.key}
            columns={[
              { title: t('settle.dueAt'), render: (row) => row.when },
              {
                ...{ title: t('settle.orders'), align: 'right' },
                render: (row) => <span className="num">{row.orders ?? '—'}</span>,
              },
              { title: t('settle.amount'), align: 'right', render: (row) => <Money fen={row.amountFen} strong /> },
            ]}
          />
        )}
      </Card>
      <Card title={t('settle.others')}>
        <SmallTable
          rows={[
            { label: t('settle.shares'), fen: b.sharesFen, hint: t('settle.sharesHint') },
            { label: t('settle.fees'), fen: b.feesFen, hint: t('settle.feesHint') },
            { label: t('settle.atWechat'), fen: b.atWechatFen, hint: t('settle.atWechatHint') },
            { label: t('settle.personalCode'), fen: b.personalCodeFen, hint: t('settle.personalCodeHint') },
          ]}
          rowKey={(row) => row.label}
          columns={[
            { title: t('settle.what'), render: (row) => row.label },
            { title: t('settle.amount'), align: 'right', render: (row) => <Money fen={row.fen} /> },
            { title: t('settle.meaning'), render: (row) => <span className="soft">{row.hint}</span> },
          ]}
        />
      </Card>
    </div>
  )
}

const NegativeText = ({ fen }: { fen: number }) => (
  <span>
    <Money fen={fen} strong /> {t('settle.negativeHint')}
  </span>
)
