import { BUYER_CHANNELS, type BuyerChannel, type BuyerRow, type BuyerSort } from '@zhanggui/contract'
import { Tag } from 'antd'
import { useNavigate } from 'react-router'
import { Page } from '../../app/page.tsx'
import { useShop } from '../../app/session.tsx'
import { say, sayEach, t } from '../../i18n/index.ts'
import { useRead } from '../../kit/api.ts'
import { rangeFromText, rangeInstants } from '../../kit/days.ts'
import { InstantText } from '../../kit/instant.tsx'
import { Money } from '../../kit/money.tsx'
import { type Column, ResourceTable } from '../../kit/resource-table.tsx'
import { Face } from './face.tsx'

const ORDERS = ['none', 'once', 'more'] as const

const channels = () => sayEach(BUYER_CHANNELS)

const columns = (): Column<BuyerRow>[] => [
  {
    key: 'buyer',
    title: t('buyer.buyer'),
    role: 'title',
    field: 'nickname',
    render: (row) => (
      <span className="buyer-cell">
        <Face url={row.avatarUrl} nickname={row.nickname} />
        <span className="cell-text">
          <span className="strong">{row.nickname}</span>
          <span className="faint num">{row.phoneMasked ?? t('buyer.noPhone')}</span>
        </span>
        {row.state !== 'active' && (
          <Tag color={row.state === 'leaving' ? 'orange' : undefined}>{t(`buyer.state.${row.state}`)}</Tag>
        )}
      </span>
    ),
  },
  { key: 'phone', title: t('buyer.phone'), role: 'hidden', field: 'phoneMasked', render: (row) => row.phoneMasked },
  {
    key: 'level',
    title: t('buyer.level'),
    field: 'levelName',
    width: 110,
    render: (row) => (row.levelName === null ? <span className="faint">—</span> : <Tag>{row.levelName}</Tag>),
  },
  {
    key: 'orders',
    title: t('buyer.orders'),
    field: 'orderCount',
    sort: 'orders',
    align: 'right',
    width: 100,
    render: (row) => <span className="num">{row.orderCount}</span>,
  },
  {
    key: 'paid',
    title: t('buyer.paid'),
    field: 'paidFen',
    sort: 'paid',
    align: 'right',
    width: 120,
    render: (row) => <Money fen={row.paidFen} strong />,
  },
  {
    key: 'lastOrder',
    title: t('buyer.lastOrder'),
    field: 'lastOrderAt',
    sort: 'last-order',
    width: 150,
    render: (row) => (row.lastOrderAt ? <InstantText at={row.lastOrderAt} /> : <span className="faint">—</span>),
  },
  {
    key: 'channel',
    title: t('buyer.channel'),
    field: 'channel',
    labels: channels(),
    width: 110,
    render: (row) => say(BUYER_CHANNELS[row.channel]),
  },
  {
    key: 'since',
    title: t('buyer.since'),
    field: 'since',
    sort: 'since',
    width: 150,
    render: (row) => <InstantText at={row.since} />,
  },
]

/** Everybody who has bought, liked, looked or agreed here; found by phone, order number or nickname. */
export default function BuyersPage() {
  const { shop, shopId, may } = useShop()
  const navigate = useNavigate()
  const levels = useRead('console.memberLevels', { params: { shopId } }, { enabled: may('catalog.read') })
  return (
    <Page title={t('nav.buyers')}>
      <ResourceTable
        name="buyers"
        route="console.buyers"
        input={(values) => {
          const range = rangeFromText(values.period)
          return {
            params: { shopId },
            query: {
              q: values.q,
              levelId: values.level,
              channel: values.channel as BuyerChannel | undefined,
              orders: ORDERS.find((each) => each === values.orders),
              sort: values.sort as BuyerSort | undefined,
              ...(range ? rangeInstants(range) : {}),
            },
          }
        }}
        rowKey={(row) => row.id}
        columns={columns()}
        filters={[
          { kind: 'search', name: 'q', label: t('buyer.search') },
          {
            kind: 'choice',
            name: 'level',
            label: t('buyer.level'),
            options: (levels.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name })),
          },
          {
            kind: 'choice',
            name: 'orders',
            label: t('buyer.bought'),
            options: ORDERS.map((each) => ({ value: each, label: t(`buyer.bought.${each}`) })),
          },
          {
            kind: 'choice',
            name: 'channel',
            label: t('buyer.channel'),
            options: Object.entries(channels()).map(([value, label]) => ({ value, label })),
          },
          { kind: 'period', name: 'period', label: t('buyer.since') },
        ]}
        onRow={(row) => void navigate(`/s/${shop.slug}/buyers/${row.id}`)}
        empty={{ title: t('buyer.none'), hint: t('buyer.noneHint') }}
      />
    </Page>
  )
}
