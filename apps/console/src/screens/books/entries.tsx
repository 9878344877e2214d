import { CHANNELS, REVENUE_ENTRIES, type RevenueEntry, RevenueEntryKind } from '@zhanggui/contract'
import { Tag } from 'antd'
import { Link } from 'react-router'
import { Page } from '../../app/page.tsx'
import { useShop } from '../../app/session.tsx'
import { say, sayEach, t } from '../../i18n/index.ts'
import { rangeFromText } from '../../kit/days.ts'
import { InstantText } from '../../kit/instant.tsx'
import { Money } from '../../kit/money.tsx'
import { percentText } from '../../kit/percent-text.ts'
import { type Column, ResourceTable } from '../../kit/resource-table.tsx'
import { useFilters } from '../../kit/use-list.ts'
import { monthText, narrowedTo, periodFilter } from './tabs.tsx'

const KINDS = RevenueEntryKind.options
const COLOURS = { sale: 'success', refund: 'red', fee: 'default', share: 'blue' } as const
const channelOf = (text: string | undefined) =>
  (Object.keys(CHANNELS) as (keyof typeof CHANNELS)[]).find((each) => each === text)

/** What came in is above zero, what went out of it below. */
const signOf = ({ kind }: RevenueEntry): 1 | -1 => (kind === 'sale' ? 1 : -1)

const columns = (slug: string): Column<RevenueEntry>[] => [
  { key: 'at', title: t('books.at'), width: 160, render: (row) => <InstantText at={row.at} /> },
  {
    ...{ key: 'orderNo', title: t('books.order'), role: 'title', field: 'orderNo' },
    render: (row) => <Link to={`/s/${slug}/orders/${row.orderId}/money`}>{row.orderNo}</Link>,
  },
  {
    ...{ key: 'kind', title: t('books.kind'), field: 'kind' },
    labels: sayEach(REVENUE_ENTRIES),
    render: (row) => <Tag color={COLOURS[row.kind]}>{say(REVENUE_ENTRIES[row.kind])}</Tag>,
  },
  {
    ...{ key: 'channel', title: t('books.channel'), field: 'channel' },
    labels: sayEach(CHANNELS),
    render: (row) => say(CHANNELS[row.channel]),
  },
  {
    ...{ key: 'wholeFen', title: t('books.whole'), align: 'right' },
    render: (row) => <Money fen={signOf(row) * row.wholeFen} faint signed />,
  },
  {
    ...{ key: 'amountFen', title: t('books.amount'), align: 'right' },
    render: (row) => <Money fen={signOf(row) * row.amountFen} strong signed />,
  },
]

/** The payments, refunds, fees and shares behind a number of the revenue book. */
export default function RevenueEntriesPage() {
  const { shop, shopId } = useShop()
  const { filters } = useFilters()
  return (
    <Page title={t('books.entries')} back={`/s/${shop.slug}/books/revenue?period=${filters.period ?? monthText()}`}>
      <ResourceTable
        name="revenue-entries"
        route="console.revenueEntries"
        input={({ period, kind, rate, channel, account }) => ({
          params: { shopId },
          query: {
            ...rangeFromText(period ?? monthText()),
            ...{ kind: KINDS.find((each) => each === kind), rateBp: rate, channel: channelOf(channel) },
            ...(account === 'direct' ? { direct: 'true' } : { accountId: account }),
          },
        })}
        rowKey={(row) => row.id}
        columns={columns(shop.slug)}
        filters={[
          periodFilter(),
          {
            ...{ kind: 'choice', name: 'kind', label: t('books.kind') },
            options: KINDS.map((value) => ({ value, label: say(REVENUE_ENTRIES[value]) })),
          },
          narrowedTo('rate', (rate) => `${t('books.rate')} ${percentText(Number(rate))}`),
          narrowedTo('channel', (text) => say(CHANNELS[channelOf(text) ?? 'h5'])),
          narrowedTo('account', (account) => t(account === 'direct' ? 'books.direct' : 'books.only.account')),
        ]}
        empty={{ title: t('books.entriesNone') }}
      />
    </Page>
  )
}
