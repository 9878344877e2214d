import { LeftOutlined, RightOutlined } from '@ant-design/icons'
import { Button, Skeleton } from 'antd'
import type { ReactNode } from 'react'
import { t } from '../i18n/index.ts'
import type { Input } from './api.ts'
import { type BulkAction, BulkBar } from './bulk-bar.tsx'
import { type Column, ColumnSettings, useColumns } from './columns.tsx'
import { exportColumns } from './export-columns.ts'
import { ExportMenu } from './export-menu.tsx'
import { Failure } from './feedback.tsx'
import { type Filter, Filters } from './filters.tsx'
import { useIsPhone } from './media.ts'
import { Nothing } from './nothing.tsx'
import { useRowKeys } from './row-keys.ts'
import { collectAll, useSelection } from './selection.ts'
import { Cards, type RowAction, Rows } from './table-rows.tsx'
import { type List, type PageRoute, type RowOf, useFilters, useList } from './use-list.ts'
import { ViewsMenu } from './views.tsx'

export type { BulkAction } from './bulk-bar.tsx'
export type { Column } from './columns.tsx'
export type { RowAction } from './table-rows.tsx'

export interface ResourceTableProps<Id extends PageRoute> {
  /** Names the table for tests, remembered columns and saved views. */
  name: string
  route: Id
  /** Params of the route, and a query made from the filters in the address; `sort` is among them. */
  input: (filters: Record<string, string>) => Input<Id>
  rowKey: (row: RowOf<Id>) => string
  columns: readonly Column<RowOf<Id>>[]
  filters?: readonly Filter[]
  actions?: (row: RowOf<Id>) => RowAction[]
  bulk?: readonly BulkAction<RowOf<Id>>[]
  /** What to say, and to do, when there is nothing yet. */
  empty: { title: string; hint?: ReactNode; action?: ReactNode }
  onRow?: (row: RowOf<Id>) => void
  /** Beside the filters, on the right. */
  extra?: ReactNode
  /** More about a row, below it; null where there is nothing more. */
  expand?: (row: RowOf<Id>) => ReactNode
  limit?: number
  /** The sums of all rows, below them: as a row of its own. */
  sums?: RowOf<Id> | undefined
  /** What an export asks for beside what the list shows. */
  exportQuery?: object
  /** Whether the list can be taken away as a spreadsheet; true unless told. */
  exportable?: boolean
}

const LIMIT = 20

/**
 * A list of the server with filters, sorting, paging, row and bulk actions. The address keeps filters and sorting.
 * Below 640 px each row is a card.
 */
export function ResourceTable<Id extends PageRoute>(props: ResourceTableProps<Id>) {
  type Row = RowOf<Id>
  const { filters, setFilter, clear } = useFilters()
  const limit = props.limit ?? LIMIT
  const input = props.input(filters)
  const list = useList(props.route, input, limit)
  const columns = useColumns<Row>(props.name, props.columns)
  const phone = useIsPhone()
  const rows: Row[] = list.rows ?? []
  const selection = useSelection<Row>(JSON.stringify(filters), rows, props.rowKey)
  const active = useRowKeys(rows.length, {
    open: props.onRow && ((index) => props.onRow?.(rows[index]!)),
    toggle: props.bulk && ((index) => selection.set(rows[index]!, !selection.has(props.rowKey(rows[index]!)))),
  })
  const filtered = (props.filters ?? []).some((filter) => filters[filter.name] !== undefined)
  const isAllSelected = rows.every((row) => selection.has(props.rowKey(row))) && !list.next && !list.previous
  const view = {
    ...props,
    rows,
    shown: columns.shown,
    selection: props.bulk && selection,
    refreshing: list.refreshing,
    dense: columns.look.dense,
    sort: filters.sort,
    setSort: (next: string | undefined) => setFilter('sort', next),
    active,
  }
  return (
    <section className="resource" data-testid={`table-${props.name}`} aria-busy={list.loading || list.refreshing}>
      <div className="resource-bar">
        {props.filters && <Filters filters={props.filters} values={filters} set={setFilter} folded={phone} />}
        <div className="resource-tools">
          {props.extra}
          <ViewsMenu list={props.name} look={columns.look} setLook={columns.setLook} />
          {props.exportable !== false && (
            <ExportMenu
              route={props.route}
              input={{ ...input, query: { ...(input as { query?: object }).query, ...props.exportQuery } }}
              columns={exportColumns(columns.shown, props.filters ?? [], rows)}
              title={document.title.split(' · ')[0] ?? props.name}
            />
          )}
          <ColumnSettings columns={columns} />
        </div>
      </div>
      {selection.rows.length > 0 && props.bulk && (
        <BulkBar
          bulk={props.bulk}
          selection={selection}
          selectAll={isAllSelected || !(list.next || list.previous) ? undefined : () => collectAll(props.route, input)}
        />
      )}
      {list.error && !list.rows ? (
        <Failure error={list.error} retry={list.retry} />
      ) : list.loading ? (
        <Skeleton active title={false} paragraph={{ rows: 8, width: '100%' }} className="resource-skeleton" />
      ) : rows.length === 0 ? (
        <Nothing
          {...(filtered
            ? {
                title: t('list.noMatch'),
                hint: t('list.noMatchHint'),
                action: <Button onClick={clear}>{t('list.clearFilters')}</Button>,
              }
            : props.empty)}
        />
      ) : phone ? (
        <Cards {...view} />
      ) : (
        <Rows {...view} />
      )}
      <Pager list={list} count={rows.length} limit={limit} />
    </section>
  )
}

/** Which rows these are; how many there are at all is known where the list ends. */
function Pager<Row>({ list, count, limit }: { list: List<Row>; count: number; limit: number }) {
  if (count === 0 && !list.previous) return null
  const before = (list.pageNumber - 1) * limit
  if (!list.next && !list.previous) return <p className="list-count">{t('list.total', { count })}</p>
  return (
    <nav className="pager" aria-label={t('list.pages')}>
      <span className="num soft list-range">
        {list.next
          ? t('list.range', { from: before + 1, to: before + count })
          : t('list.total', { count: before + count })}
      </span>
      <Button icon={<LeftOutlined />} disabled={!list.previous} onClick={list.previous}>
        {t('list.previous')}
      </Button>
      <span className="num soft">{t('list.page', { page: list.pageNumber })}</span>
      <Button icon={<RightOutlined />} iconPlacement="end" disabled={!list.next} onClick={list.next}>
        {t('list.next')}
      </Button>
    </nav>
  )
}
