import type { DeletedProduct } from '@zhanggui/contract'
import { Page } from '../../app/page.tsx'
import { useShop } from '../../app/session.tsx'
import { t } from '../../i18n/index.ts'
import { useWrite } from '../../kit/api.ts'
import { useFeedback } from '../../kit/feedback.tsx'
import { InstantText } from '../../kit/instant.tsx'
import { MoneyRange } from '../../kit/money.tsx'
import { Thumb } from '../../kit/picture.tsx'
import { type BulkAction, type Column, ResourceTable } from '../../kit/resource-table.tsx'

const AT_ONCE = 200
const STALE = ['console.deletedProducts', 'console.products'] as const

const columns = (): Column<DeletedProduct>[] => [
  {
    key: 'title',
    title: t('product.title'),
    role: 'title',
    render: (row) => (
      <span className="cell-media">
        <Thumb picture={row.picture} />
        <span className="cell-text">
          <span className="cell-title">{row.title}</span>
          <span className="faint">{t('product.skuCount', { count: row.skuCount })}</span>
        </span>
      </span>
    ),
  },
  {
    key: 'price',
    field: 'minPriceFen',
    title: t('product.price'),
    align: 'right',
    render: (row) => <MoneyRange min={row.minPriceFen} max={row.maxPriceFen} />,
  },
  { key: 'by', field: 'deletedBy', title: t('recycle.by'), render: (row) => row.deletedBy },
  {
    key: 'at',
    field: 'deletedAt',
    title: t('recycle.at'),
    width: 150,
    render: (row) => <InstantText at={row.deletedAt} />,
  },
  {
    key: 'until',
    field: 'removedAt',
    title: t('recycle.until'),
    width: 150,
    render: (row) => <InstantText at={row.removedAt} />,
  },
]

function useBinActions() {
  const { shopId } = useShop()
  const { done } = useFeedback()
  const restore = useWrite('console.restoreProducts', STALE)
  const purge = useWrite('console.purgeProducts', STALE)
  const idsOf = (rows: DeletedProduct[]) => ({ productIds: rows.map(({ id }) => id) })
  const bulk: BulkAction<DeletedProduct>[] = [
    {
      key: 'restore',
      chunk: AT_ONCE,
      label: t('recycle.restore'),
      run: async (rows) => {
        const { changed } = await restore.mutateAsync({ params: { shopId }, body: idsOf(rows) })
        done(t('recycle.restored', { count: changed.length }))
      },
    },
    {
      key: 'purge',
      chunk: AT_ONCE,
      danger: true,
      label: t('recycle.purge'),
      confirm: (rows) => t('recycle.purgeAsk', { count: rows.length }),
      run: async (rows) => {
        const { removed, hidden } = await purge.mutateAsync({ params: { shopId }, body: idsOf(rows) })
        done(t('recycle.purged', { removed: removed.length, hidden: hidden.length }))
      },
    },
  ]
  return bulk
}

/** Deleted products: restored, or removed for good. */
export default function RecycleBinPage() {
  const { shopId, may } = useShop()
  const { confirm, failed } = useFeedback()
  const bulk = useBinActions()
  const writable = may('catalog.write')
  const runOne = (action: BulkAction<DeletedProduct>, row: DeletedProduct) => {
    const run = async () => void (await action.run([row]))
    if (!action.confirm) return void run().catch(failed)
    confirm({ title: action.confirm([row]), okText: action.label, danger: true, run })
  }
  return (
    <Page title={t('nav.recycle')} hint={t('recycle.noneHint')}>
      <ResourceTable
        name="recycle-bin"
        route="console.deletedProducts"
        input={({ q }) => ({ params: { shopId }, query: { q } })}
        rowKey={(row) => row.id}
        columns={columns()}
        filters={[{ kind: 'search', name: 'q', label: t('product.title') }]}
        {...(writable
          ? {
              bulk,
              actions: (row: DeletedProduct) =>
                bulk.map((action) => ({
                  key: action.key,
                  label: action.label,
                  danger: action.danger ?? false,
                  main: true,
                  run: () => runOne(action, row),
                })),
            }
          : {})}
        empty={{ title: t('recycle.none'), hint: t('recycle.noneHint') }}
      />
    </Page>
  )
}
