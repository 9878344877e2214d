import { WAVE_STATES, type Wave } from '@zhanggui/contract'
import { Tag } from 'antd'
import { Link, useNavigate } from 'react-router'
import { Page } from '../../app/page.tsx'
import { useShop } from '../../app/session.tsx'
import { say, t } from '../../i18n/index.ts'
import { useWrite } from '../../kit/api.ts'
import { useFeedback } from '../../kit/feedback.tsx'
import { InstantText } from '../../kit/instant.tsx'
import { type Column, ResourceTable } from '../../kit/resource-table.tsx'

/** What a wave has come to, in a colour. */
export const WAVE_COLOURS = { awaiting: 'orange', picking: 'blue', packed: 'cyan', shipped: 'success' } as const

const columns = (): Column<Wave>[] => [
  {
    key: 'wave',
    field: 'code',
    title: t('wave.wave'),
    role: 'title',
    render: (row) => (
      <span className="cell-text">
        <Link to={row.id} className="num strong">
          {row.code}
        </Link>
        <span className="faint">{row.name}</span>
      </span>
    ),
  },
  {
    key: 'state',
    title: t('parcel.state'),
    width: 100,
    render: (row) => <Tag color={WAVE_COLOURS[row.state]}>{say(WAVE_STATES[row.state])}</Tag>,
  },
  { key: 'warehouse', field: 'warehouseName', title: t('filter.warehouse'), render: (row) => row.warehouseName },
  {
    key: 'progress',
    field: [
      { field: 'parcels', title: t('wave.parcels') },
      { field: 'packed', title: t('wave.packed') },
      { field: 'shipped', title: t('wave.shipped') },
    ],
    title: t('wave.progress'),
    render: (row) => t('wave.progressText', { packed: row.packed, shipped: row.shipped, parcels: row.parcels }),
  },
  { key: 'units', title: t('wave.units'), align: 'right', render: (row) => <span className="num">{row.units}</span> },
  { key: 'by', field: 'createdBy', title: t('wave.createdBy'), render: (row) => row.createdBy },
  {
    key: 'at',
    field: 'createdAt',
    title: t('wave.createdAt'),
    width: 150,
    render: (row) => <InstantText at={row.createdAt} />,
  },
]

/** Sets of parcels that are picked together. */
export default function WavesPage() {
  const { shop, shopId, may } = useShop()
  const navigate = useNavigate()
  const { failed } = useFeedback()
  const start = useWrite('console.startWave', ['console.waves', 'console.parcels'])
  return (
    <Page title={t('nav.waves')} actions={<Link to={`/s/${shop.slug}/prints`}>{t('prints.title')}</Link>}>
      <ResourceTable
        name="waves"
        route="console.waves"
        input={() => ({ params: { shopId } })}
        rowKey={(row) => row.id}
        columns={columns()}
        onRow={(row) => void navigate(row.id)}
        actions={(row) =>
          may('orders.ship')
            ? [
                ...(row.state === 'awaiting'
                  ? [
                      {
                        key: 'start',
                        label: t('wave.start'),
                        main: true,
                        run: () => void start.mutateAsync({ params: { shopId, waveId: row.id } }).catch(failed),
                      },
                    ]
                  : []),
                ...(['picking', 'slip', 'label'] as const).map((kind) => ({
                  key: kind,
                  label: t(`print.${kind}`),
                  main: kind === 'picking',
                  run: () => void navigate(`/s/${shop.slug}/print?kind=${kind}&wave=${row.id}`),
                })),
              ]
            : []
        }
        empty={{ title: t('wave.none'), hint: t('wave.noneHint') }}
      />
    </Page>
  )
}
