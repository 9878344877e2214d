import { FREEZE_CASES, FREEZE_STATES, type Freeze, type FreezeState } from '@zhanggui/contract'
import { Tag } from 'antd'
import { useNavigate } from 'react-router'
import { Page } from '../../app/page.tsx'
import { useShop } from '../../app/session.tsx'
import { say, sayEach, t } from '../../i18n/index.ts'
import { InstantText } from '../../kit/instant.tsx'
import { Money } from '../../kit/money.tsx'
import { type Column, ResourceTable } from '../../kit/resource-table.tsx'

export const FreezeTag = ({ state }: { state: FreezeState }) => (
  <Tag color={state === 'active' ? 'red' : 'default'}>{say(FREEZE_STATES[state])}</Tag>
)

export const freezeColumns = (): Column<Freeze>[] => [
  {
    key: 'number',
    title: t('settle.number'),
    role: 'title',
    field: 'number',
    render: (row) => (
      <span className="cell-text">
        <span className="strong num">{row.number}</span>
        <span className="faint">{row.reason}</span>
      </span>
    ),
  },
  {
    key: 'state',
    title: t('settle.state'),
    width: 140,
    field: 'state',
    labels: sayEach(FREEZE_STATES),
    render: (row) => (
      <span className="cell-text">
        <FreezeTag state={row.state} />
        {row.releasedAt !== null && (
          <span className="faint small">
            <InstantText at={row.releasedAt} />
          </span>
        )}
      </span>
    ),
  },
  {
    key: 'amount',
    title: t('settle.amount'),
    align: 'right',
    field: 'amountFen',
    render: (row) => <Money fen={row.amountFen} strong />,
  },
  {
    key: 'case',
    title: t('settle.case'),
    width: 110,
    field: 'caseKind',
    labels: sayEach(FREEZE_CASES),
    render: (row) => say(FREEZE_CASES[row.caseKind]),
  },
  { key: 'openedAt', title: t('settle.openedAt'), render: (row) => <InstantText at={row.openedAt} /> },
  { key: 'dueAt', title: t('settle.freezeDueAt'), render: (row) => <InstantText at={row.dueAt} /> },
]

export const freezeFilters = () =>
  [
    { kind: 'search', name: 'q', label: t('settle.searchFreeze') },
    {
      kind: 'choice',
      name: 'state',
      label: t('settle.state'),
      options: Object.entries(FREEZE_STATES).map(([value, words]) => ({ value, label: say(words) })),
    },
  ] as const

/** Frozen money of the shop: why, until when, and what papers are asked for. */
export default function FreezesPage() {
  const { shop, shopId } = useShop()
  const navigate = useNavigate()
  return (
    <Page title={t('nav.freezes')}>
      <ResourceTable
        name="freezes"
        route="console.freezes"
        input={({ state, q }) => ({ params: { shopId }, query: { q, state: state as FreezeState | undefined } })}
        rowKey={(row) => row.id}
        columns={freezeColumns()}
        filters={freezeFilters()}
        onRow={(row) => void navigate(`/s/${shop.slug}/freezes/${row.id}`)}
        empty={{ title: t('settle.freezesNone'), hint: t('settle.freezesNoneHint') }}
      />
    </Page>
  )
}
