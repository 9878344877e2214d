import { CHANNELS, type LedgerCheck, REVENUE_STEPS, type RevenueRow, RevenueStep } from '@zhanggui/contract'
import { Card, Tag } from 'antd'
import { Link } from 'react-router'
import { Page } from '../../app/page.tsx'
import { useShop } from '../../app/session.tsx'
import { say, sayEach, t } from '../../i18n/index.ts'
import { useRead } from '../../kit/api.ts'
import { rangeFromText, rangeText } from '../../kit/days.ts'
import { Money } from '../../kit/money.tsx'
import { type Column, ResourceTable } from '../../kit/resource-table.tsx'
import { SmallTable } from '../../kit/small-table.tsx'
import { useFilters } from '../../kit/use-list.ts'
import { BookTabs, behind, madeChoice, monthText, periodFilter } from './tabs.tsx'

const STEPS = RevenueStep.options
/** The usual one first. */
const STEPS_SHOWN = ['month', ...STEPS.filter((each) => each !== 'month')] as const
const MONEY = [
  ['goodsFen', 'goodsFen'],
  ['merchantDiscountFen', 'merchantDiscount'],
  ['platformDiscountFen', 'platformDiscount'],
  ['creatorDiscountFen', 'creatorDiscount'],
  ['freightFen', 'freight'],
  ['paidFen', 'paid'],
  ['refundedFen', 'refunded'],
  ['netFen', 'net'],
  ['taxFen', 'taxFen'],
  ['beforeTaxFen', 'beforeTax'],
  ['feeFen', 'fee'],
  ['sharesFen', 'shares'],
] as const
/** What kind of transfers is behind an amount. */
const BEHIND = { paidFen: 'sale', refundedFen: 'refund', feeFen: 'fee', sharesFen: 'share' } as const
const RARE: readonly string[] = ['platformDiscountFen', 'creatorDiscountFen']

/** An amount, which leads to the transfers behind it where it is made of such. */
function Amount({ row, name, slug }: { row: RevenueRow; name: (typeof MONEY)[number][0]; slug: string }) {
  const fen = row[name]
  const kind = name in BEHIND ? BEHIND[name as keyof typeof BEHIND] : undefined
  if (fen === 0 || kind === undefined) return <Money fen={fen} faint={fen === 0} strong={name === 'netFen'} />
  const to = behind(slug, 'entries', {
    ...{ period: rangeText({ from: row.firstDay, to: row.lastDay }), kind },
    ...{ rate: row.rateBp === null ? undefined : String(row.rateBp), channel: row.channel ?? undefined },
    account: row.channel === null ? undefined : (row.accountId ?? 'direct'),
  })
  return (
    <Link to={to}>
      <Money fen={fen} />
    </Link>
  )
}

/** What a period of the book is called. */
function periodWords({ period, firstDay, lastDay }: RevenueRow, step: RevenueStep): string {
  if (period === null) return t('books.sums')
  if (step === 'day') return period
  if (step === 'month') return period.slice(0, 7)
  if (step === 'year') return period.slice(0, 4)
  return `${firstDay} – ${lastDay.slice(5)}`
}

/** The channel and the account that a row is of; nothing for the sums. */
const sourceOf = ({ channel, accountName }: RevenueRow): string[] =>
  channel === null ? [] : [say(CHANNELS[channel]), accountName || t('books.direct')]

const columns = (slug: string, step: RevenueStep): Column<RevenueRow>[] => [
  {
    ...{ key: 'period', title: t('books.when'), role: 'title', field: 'period' },
    render: (row) => <span className="num strong">{periodWords(row, step)}</span>,
    onCard: (row) => <span className="num strong">{[periodWords(row, step), ...sourceOf(row)].join(' · ')}</span>,
  },
  {
    ...{ key: 'rate', title: t('books.rate'), align: 'right' },
    render: (row) => row.rate !== '' && <span className="num">{row.rate}</span>,
  },
  {
    ...{ key: 'channel', title: t('books.channel'), field: 'channel' },
    labels: sayEach(CHANNELS),
    render: (row) => {
      const [channel, account] = sourceOf(row)
      return (
        channel !== undefined && (
          <span className="cell-text">
            <span>{channel}</span>
            <span className="faint small">{account}</span>
          </span>
        )
      )
    },
    onCard: () => null,
  },
  { key: 'accountName', title: t('books.account'), role: 'hidden', render: (row) => row.accountName },
  {
    key: 'orders',
    title: t('books.orders'),
    align: 'right',
    render: (row) => <span className="num">{row.orders}</span>,
  },
  ...MONEY.map(
    ([name, words]): Column<RevenueRow> => ({
      ...{ key: name, title: t(`books.${words}`), align: 'right' },
      ...(RARE.includes(name) ? { role: 'hidden' as const } : {}),
      render: (row) => <Amount row={row} name={name} slug={slug} />,
      onCard: (row) => row[name] !== 0 && <Amount row={row} name={name} slug={slug} />,
    }),
  ),
]

/** Revenue by period, tax rate and channel, beside what the ledger says. */
export default function RevenueBookPage() {
  const { shop, shopId } = useShop()
  const { filters } = useFilters()
  const step = STEPS.find((each) => each === filters.step) ?? 'month'
  const channel = (Object.keys(CHANNELS) as (keyof typeof CHANNELS)[]).find((each) => each === filters.channel)
  const query = { ...rangeFromText(filters.period ?? monthText()), step, channel }
  const totals = useRead('console.revenueBookTotals', { params: { shopId }, query }).data
  const nothing = { period: null, rateBp: null, rate: '', channel: null, accountId: null, accountName: '' }
  return (
    <Page title={t('nav.books')} actions={<BookTabs />}>
      <ResourceTable
        name="revenue-book"
        route="console.revenueBook"
        input={() => ({ params: { shopId }, query })}
        exportQuery={{ totalRow: true }}
        sums={totals && { ...totals, ...nothing, firstDay: totals.from, lastDay: totals.to }}
        rowKey={(row) => [row.period, row.rateBp, row.channel, row.accountId].join(' ')}
        columns={columns(shop.slug, step)}
        filters={[
          periodFilter(),
          madeChoice(
            'step',
            t('books.step'),
            STEPS_SHOWN.map((value) => ({ value, label: say(REVENUE_STEPS[value]) })),
          ),
          {
            ...{ kind: 'choice', name: 'channel', label: t('books.channel') },
            options: Object.entries(CHANNELS).map(([value, words]) => ({ value, label: say(words) })),
          },
        ]}
        empty={{ title: t('books.revenueNone'), hint: t('books.revenueNoneHint') }}
      />
      {totals?.ledger && <Check lines={totals.ledger} />}
    </Page>
  )
}

function Check({ lines }: { lines: readonly LedgerCheck[] }) {
  return (
    <Card className="gap-top" title={t('books.check')} data-testid="ledger-check">
      <p className="soft small">{t('books.checkHint')}</p>
      <SmallTable
        rows={lines}
        rowKey={(row) => row.what}
        columns={[
          { title: t('books.what'), render: (row) => t(`books.what.${row.what}`) },
          { title: t('books.ledger'), align: 'right', render: (row) => <Money fen={row.ledgerFen} /> },
          { title: t('books.book'), align: 'right', render: (row) => <Money fen={row.bookFen} /> },
          {
            title: t('books.other'),
            align: 'right',
            render: (row) => (
              <span title={t('books.otherHint')}>
                <Money fen={row.otherFen} faint />
              </span>
            ),
          },
          {
            title: t('books.difference'),
            align: 'right',
            render: (row) =>
              row.differenceFen === 0 ? (
                <Tag color="success">
                  <Money fen={0} />
                </Tag>
              ) : (
                <Money fen={row.differenceFen} strong />
              ),
          },
        ]}
      />
    </Card>
  )
}
