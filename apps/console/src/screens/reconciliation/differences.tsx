import { DownloadOutlined } from '@ant-design/icons'
import {
  CLOSE_HOWS,
  DIFFERENCE_CLASSES,
  DIFFERENCE_PAIRS,
  type Difference,
  type DifferenceClass,
  type DifferencePair,
  sideState,
} from '@zhanggui/contract'
import { Button, Tag } from 'antd'
import { Link, useNavigate } from 'react-router'
import { Page } from '../../app/page.tsx'
import { useShop } from '../../app/session.tsx'
import { say, sayEach, t } from '../../i18n/index.ts'
import { routeUrl, useRead } from '../../kit/api.ts'
import { rangeFromText } from '../../kit/days.ts'
import { Money } from '../../kit/money.tsx'
import { type Column, ResourceTable } from '../../kit/resource-table.tsx'
import { useFilters } from '../../kit/use-list.ts'

const COLOURS: Record<DifferenceClass, string> = {
  'missing-here': 'red',
  'missing-there': 'volcano',
  amount: 'orange',
  state: 'gold',
  'time-shift': 'blue',
}

export const ClassTag = ({ of }: { of: DifferenceClass }) => (
  <Tag color={COLOURS[of]}>{say(DIFFERENCE_CLASSES[of])}</Tag>
)
export const endText = ({ state, closedHow }: Pick<Difference, 'state' | 'closedHow'>): string =>
  state === 'open' || closedHow === null ? t('reconcile.isOpen') : say(CLOSE_HOWS[closedHow])

/** What does not agree, in a few words; the number and the amounts stand beside it. */
export function whyText({ class: kind, pair, thereState, hereState }: Difference): string {
  const { there, here } = DIFFERENCE_PAIRS[pair]
  return t(`reconcile.why.${kind}`, {
    there: say(there),
    here: say(here),
    thereState: say(sideState(thereState ?? '')),
    hereState: say(sideState(hereState ?? '')),
  })
}

const options = (words: Record<string, { zh: string; en: string }>) =>
  Object.entries(words).map(([value, each]) => ({ value, label: say(each) }))

const columns = (): Column<Difference>[] => [
  {
    key: 'explanation',
    title: t('reconcile.what'),
    role: 'title',
    field: false,
    render: (row) => (
      <span className="cell-text">
        <span>{whyText(row)}</span>
        <span className="faint num">{`${row.day} · ${row.number}`}</span>
      </span>
    ),
  },
  {
    key: 'class',
    title: t('reconcile.class'),
    width: 110,
    field: 'class',
    labels: sayEach(DIFFERENCE_CLASSES),
    render: (row) => <ClassTag of={row.class} />,
  },
  {
    key: 'pair',
    title: t('reconcile.pair'),
    field: 'pair',
    labels: sayEach(DIFFERENCE_PAIRS),
    render: (row) => <span className="soft">{say(DIFFERENCE_PAIRS[row.pair])}</span>,
  },
  {
    key: 'there',
    title: t('reconcile.there'),
    align: 'right',
    field: 'thereFen',
    render: (row) => (row.thereFen === null ? '—' : <Money fen={row.thereFen} />),
  },
  {
    key: 'here',
    title: t('reconcile.here'),
    align: 'right',
    field: 'hereFen',
    render: (row) => (row.hereFen === null ? '—' : <Money fen={row.hereFen} />),
  },
  {
    key: 'owner',
    field: 'ownerName',
    title: t('reconcile.owner'),
    render: (row) => row.ownerName ?? <span className="faint">—</span>,
  },
  {
    key: 'end',
    title: t('reconcile.state'),
    field: [
      {
        field: 'state',
        title: t('reconcile.state'),
        labels: { open: t('reconcile.isOpen'), closed: t('reconcile.closed') },
      },
      { field: 'closedHow', title: t('reconcile.closedHow'), labels: sayEach(CLOSE_HOWS) },
    ],
    render: (row) => <Tag color={row.state === 'open' ? 'orange' : 'default'}>{endText(row)}</Tag>,
  },
]

/** What does not agree, with filters by class, books, owner and day. */
export default function DifferencesPage() {
  const { shop, shopId } = useShop()
  const navigate = useNavigate()
  const { filters } = useFilters()
  const colleagues = useRead('console.colleagues', { params: { shopId } })
  const days = useRead('console.reconciliationDays', { params: { shopId }, query: { limit: 1 } })
  const query = (values: Record<string, string | undefined>) => ({
    state: values.state as 'open' | 'closed' | undefined,
    class: values.class as DifferenceClass | undefined,
    pair: values.pair as DifferencePair | undefined,
    owner: values.owner,
    q: values.q,
    ...(rangeFromText(values.period) ?? {}),
  })
  const file = routeUrl('console.differencesFile', { params: { shopId }, query: query(filters) })
  return (
    <Page title={t('nav.differences')} back={`/s/${shop.slug}/reconciliation`}>
      <ResourceTable
        name="differences"
        exportable={false}
        route="console.differences"
        input={(values) => ({ params: { shopId }, query: query(values) })}
        rowKey={(row) => row.id}
        columns={columns()}
        filters={[
          { kind: 'search', name: 'q', label: t('reconcile.search') },
          {
            ...{ kind: 'choice', name: 'state', label: t('reconcile.state') },
            options: [
              { value: 'open', label: t('reconcile.isOpen') },
              { value: 'closed', label: t('reconcile.isClosed') },
            ],
          },
          { kind: 'choice', name: 'class', label: t('reconcile.class'), options: options(DIFFERENCE_CLASSES) },
          { kind: 'choice', name: 'pair', label: t('reconcile.pair'), options: options(DIFFERENCE_PAIRS) },
          {
            ...{ kind: 'choice', name: 'owner', label: t('reconcile.owner') },
            options: [
              { value: 'none', label: t('reconcile.nobody') },
              ...(colleagues.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name })),
            ],
          },
          { kind: 'period', name: 'period', label: t('reconcile.day') },
        ]}
        onRow={(row) => void navigate(`/s/${shop.slug}/differences/${row.id}`)}
        extra={
          <Button
            type="text"
            icon={<DownloadOutlined />}
            href={file}
            aria-label={t('reconcile.download')}
            title={t('reconcile.download')}
          />
        }
        empty={
          days.data?.items.length === 0
            ? {
                title: t('reconcile.none'),
                hint: t('reconcile.differencesBefore'),
                action: (
                  <Link to={`/s/${shop.slug}/reconciliation`}>
                    <Button tabIndex={-1}>{t('reconcile.toDays')}</Button>
                  </Link>
                ),
              }
            : { title: t('reconcile.differencesNone'), hint: t('reconcile.differencesNoneHint') }
        }
      />
    </Page>
  )
}
