import { DownloadOutlined, EditOutlined, PlusOutlined } from '@ant-design/icons'
import {
  type BulkTarget,
  COMPLETENESS_ITEMS,
  type CompletenessItem,
  PRODUCT_ROLES,
  type ProductRole,
  type ProductRow,
  type TagDimension,
} from '@zhanggui/contract'
import { Button, Dropdown, TreeSelect } from 'antd'
import { useState } from 'react'
import { Link, useNavigate, useSearchParams } from 'react-router'
import { Page } from '../../app/page.tsx'
import { useShop } from '../../app/session.tsx'
import { t } from '../../i18n/index.ts'
import { type Input, routeUrl, useRead, useWrite } from '../../kit/api.ts'
import { useFeedback } from '../../kit/feedback.tsx'
import type { Filter } from '../../kit/filters.tsx'
import { InstantText } from '../../kit/instant.tsx'
import { MoneyRange } from '../../kit/money.tsx'
import { Thumb } from '../../kit/picture.tsx'
import { type BulkAction, type Column, ResourceTable } from '../../kit/resource-table.tsx'
import { BulkDialog } from './bulk-dialog.tsx'
import { type CategoryNode, useCategories } from './categories.ts'
import { type Refused, RefusedDialog } from './refused-dialog.tsx'
import { ScoreMark } from './score-mark.tsx'
import { PRODUCT_STATES, ProductStateTag } from './state-tag.tsx'
import { TagFilter } from './tag-filter.tsx'

const columns = (): Column<ProductRow>[] => [
  { key: 'title', title: t('product.title'), role: 'title', sort: 'title', render: (row) => <ProductCell row={row} /> },
  { key: 'state', title: t('product.state'), width: 90, render: (row) => <ProductStateTag state={row.state} /> },
  {
    key: 'category',
    title: t('product.category'),
    field: 'categoryName',
    render: (row) => <CategoryCell path={row.categoryName} />,
  },
  { key: 'brand', title: t('product.brand'), role: 'hidden', render: (row) => row.brand },
  {
    key: 'price',
    title: t('product.price'),
    sort: 'price',
    field: 'minPriceFen',
    align: 'right',
    render: (row) => <MoneyRange min={row.minPriceFen} max={row.maxPriceFen} />,
  },
  {
    key: 'stock',
    title: t('product.stock'),
    field: 'available',
    align: 'right',
    width: 90,
    render: (row) => <span className={row.available > 0 ? 'num' : 'num red'}>{row.available}</span>,
  },
  {
    key: 'sold',
    title: t('product.sold'),
    sort: 'sold',
    field: 'soldCount',
    align: 'right',
    width: 90,
    render: (row) => <span className="num">{row.soldCount}</span>,
  },
  {
    key: 'score',
    field: 'completeness',
    title: t('score.title'),
    width: 120,
    sort: 'completeness',
    render: (row) => <ScoreMark score={row.completeness} />,
  },
  {
    key: 'role',
    title: t('role.title'),
    width: 90,
    role: 'hidden',
    render: (row) => t(`role.name.${row.role}`),
  },
  {
    key: 'updated',
    title: t('product.updated'),
    sort: 'edited',
    field: 'updatedAt',
    width: 150,
    render: (row) => <InstantText at={row.updatedAt} />,
  },
]

const filters = (tree: CategoryNode[], dimensions: readonly TagDimension[]): Filter[] => [
  { kind: 'search', name: 'q', label: t('product.search') },
  {
    kind: 'choice',
    name: 'state',
    label: t('product.state'),
    options: PRODUCT_STATES.map((value) => ({ value, label: t(`product.state.${value}`) })),
  },
  {
    kind: 'choice',
    name: 'gap',
    label: t('score.gap'),
    options: COMPLETENESS_ITEMS.map((value) => ({ value, label: t(`score.item.${value}`) })),
  },
  {
    kind: 'choice',
    name: 'role',
    label: t('role.title'),
    options: PRODUCT_ROLES.map((value) => ({ value, label: t(`role.name.${value}`) })),
  },
  {
    kind: 'custom',
    name: 'tags',
    render: (value, set) => <TagFilter dimensions={dimensions} value={value} set={set} />,
  },
  {
    kind: 'custom',
    name: 'category',
    render: (value, set) => (
      <TreeSelect
        className="filter-choice"
        allowClear
        treeData={tree}
        value={value ?? null}
        placeholder={t('product.category')}
        aria-label={t('product.category')}
        onChange={(next: string | null) => set(next ?? undefined)}
        popupMatchSelectWidth={240}
      />
    ),
  },
]

/** What the address narrows the list by, as the routes of products take it. */
const filterOf = ({ q, state, category, tags, gap, role }: Record<string, string>) => ({
  q,
  state: state as ProductRow['state'] | undefined,
  categoryId: category,
  tagValues: tags,
  gap: gap as CompletenessItem | undefined,
  role: role as ProductRole | undefined,
})

type ProductSort = NonNullable<Input<'console.products'>['query']>['sort']

/** How many products the route takes together. */
const AT_ONCE = 200

/** Putting products on and off sale together; those that were refused are told with their reasons. */
function useBulkPublish(edit: (rows: ProductRow[]) => void): {
  bulk: BulkAction<ProductRow>[]
  refused: Refused
  forget: () => void
} {
  const { shopId } = useShop()
  const { doneWithUndo } = useFeedback()
  const [refused, setRefused] = useState<Refused>([])
  const publish = useWrite('console.publishProducts', ['console.products', 'console.product'])
  const setOnSale = async (rows: ProductRow[], onSale: boolean) => {
    const body = { productIds: rows.map((row) => row.id), onSale }
    const answer = await publish.mutateAsync({ params: { shopId }, body })
    const count = answer.changed.length
    if (count > 0)
      doneWithUndo(t(onSale ? 'product.published' : 'product.unpublished', { count }), () =>
        publish.mutateAsync({ params: { shopId }, body: { productIds: answer.changed, onSale: !onSale } }),
      )
    setRefused(answer.refused)
  }
  const bin = useWrite('console.deleteProducts', ['console.products', 'console.deletedProducts'])
  const restore = useWrite('console.restoreProducts', ['console.products', 'console.deletedProducts'])
  const remove = async (rows: ProductRow[]) => {
    const { changed } = await bin.mutateAsync({ params: { shopId }, body: { productIds: rows.map(({ id }) => id) } })
    doneWithUndo(t('recycle.deleted', { count: changed.length }), () =>
      restore.mutateAsync({ params: { shopId }, body: { productIds: changed } }),
    )
  }
  const bulk: BulkAction<ProductRow>[] = [
    { key: 'edit', label: t('bulk.edit'), run: edit },
    {
      key: 'publish',
      chunk: AT_ONCE,
      label: t('product.publish'),
      confirm: (rows) => t('product.publishAsk', { count: rows.length }),
      run: (rows) => setOnSale(rows, true),
    },
    {
      key: 'unpublish',
      chunk: AT_ONCE,
      label: t('product.unpublish'),
      danger: true,
      confirm: (rows) => t('product.unpublishAsk', { count: rows.length }),
      run: (rows) => setOnSale(rows, false),
    },
    {
      key: 'delete',
      chunk: AT_ONCE,
      label: t('recycle.delete'),
      danger: true,
      confirm: (rows) => t('recycle.deleteAsk', { count: rows.length }),
      run: remove,
    },
  ]
  return { bulk: [...bulk, ...useBulkRole()], refused, forget: () => setRefused([]) }
}

/** Giving the chosen products a role in the assortment. */
function useBulkRole(): BulkAction<ProductRow>[] {
  const { shopId } = useShop()
  const { done } = useFeedback()
  const assign = useWrite('console.assignRole', ['console.products', 'console.product'])
  return PRODUCT_ROLES.map((role) => ({
    key: `role-${role}`,
    chunk: AT_ONCE,
    label: t('role.assign', { role: t(`role.name.${role}`) }),
    run: async (rows) => {
      const { changed } = await assign.mutateAsync({
        params: { shopId },
        body: { productIds: rows.map((row) => row.id), role },
      })
      done(t('role.assigned', { count: changed, role: t(`role.name.${role}`) }))
    },
  }))
}

/** All products: found by words, state and category; put on and off sale together. */
export default function ProductsPage() {
  const { shopId, may } = useShop()
  const navigate = useNavigate()
  const { tree } = useCategories()
  const dimensions = useRead('console.tagDimensions', { params: { shopId } }).data?.items ?? []
  const [params] = useSearchParams()
  const [edited, setEdited] = useState<BulkTarget>()
  const { bulk, refused, forget } = useBulkPublish((rows) => setEdited({ productIds: rows.map(({ id }) => id) }))
  const writable = may('catalog.write')
  const create = (
    <Link to="new">
      <Button type="primary" icon={<PlusOutlined />} tabIndex={-1}>
        {t('product.create')}
      </Button>
    </Link>
  )
  const actions = (
    <>
      <ExportMenu shopId={shopId} />
      {writable && <BulkMenu edit={() => setEdited({ filter: filterOf(Object.fromEntries(params)) })} />}
      {writable && create}
    </>
  )
  return (
    <Page title={t('nav.products')} actions={actions}>
      <ResourceTable
        name="products"
        route="console.products"
        input={(filters) => ({
          params: { shopId },
          query: { ...filterOf(filters), sort: filters.sort as ProductSort },
        })}
        rowKey={(row) => row.id}
        columns={columns()}
        filters={filters(tree, dimensions)}
        {...(writable ? { bulk } : {})}
        onRow={(row) => void navigate(row.id)}
        empty={{
          title: t('product.none'),
          hint: t('product.noneHint'),
          action: writable ? <Link to="../imports">{t('product.import')}</Link> : undefined,
        }}
      />
      <RefusedDialog refused={refused} onClose={forget} />
      {edited && <BulkDialog target={edited} onClose={() => setEdited(undefined)} />}
    </Page>
  )
}

/** The last part of a category's path; all of it on hover. */
function CategoryCell({ path }: { path: string | null }) {
  if (path === null) return <span className="faint">—</span>
  return <span title={path}>{path.split(' / ').at(-1)}</span>
}

function ProductCell({ row }: { row: ProductRow }) {
  return (
    <span className="cell-media">
      <Thumb picture={row.picture} />
      <span className="cell-text">
        <Link to={row.id} className="cell-title" title={row.title}>
          {row.title}
        </Link>
        <span className="faint">{t('product.skuCount', { count: row.skuCount })}</span>
      </span>
    </span>
  )
}

/** Changing everything that the filter finds, and what was changed so before. */
function BulkMenu({ edit }: { edit: () => void }) {
  const items = [
    { key: 'all', label: t('bulk.all'), onClick: edit },
    { key: 'past', label: <Link to="../bulk-edits">{t('nav.bulkEdits')}</Link> },
  ]
  return (
    <Dropdown menu={{ items }} trigger={['click']}>
      <Button icon={<EditOutlined />}>{t('bulk.edit')}</Button>
    </Dropdown>
  )
}

/** The list as filtered, as a spreadsheet that can be imported again. */
function ExportMenu({ shopId }: { shopId: string }) {
  const [params] = useSearchParams()
  const query = filterOf(Object.fromEntries(params))
  const items = (['xlsx', 'csv', 'csv-gb18030'] as const).map((format) => ({
    key: format,
    label: (
      <a href={routeUrl('console.exportProducts', { params: { shopId }, query: { ...query, format } })} download>
        {t(`product.export.${format}`)}
      </a>
    ),
  }))
  return (
    <Dropdown menu={{ items }} trigger={['click']}>
      <Button icon={<DownloadOutlined />}>{t('product.export')}</Button>
    </Dropdown>
  )
}
