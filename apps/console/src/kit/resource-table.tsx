import { EllipsisOutlined, LeftOutlined, RightOutlined } from '@ant-design/icons'
import { Button, Card, Checkbox, Dropdown, Empty, Skeleton, Table } from 'antd'
import { type ReactNode, useState } from 'react'
import { t } from '../i18n/index.ts'
import type { Input } from './api.ts'
import { type Column, ColumnSettings, useColumns } from './columns.tsx'
import { Failure, useFeedback } from './feedback.tsx'
import { type Filter, Filters } from './filters.tsx'
import { useIsPhone } from './media.ts'
import { type List, type PageRoute, type RowOf, useFilters, useList } from './use-list.ts'

export type { Column } from './columns.tsx'

export interface RowAction {
  key: string
  label: string
  danger?: boolean
  /** Shown as a link in the row; the others go into a menu. */
  main?: boolean
  run: () => void
}

export interface BulkAction<Row> {
  key: string
  label: string
  danger?: boolean
  /** The question asked first; without one the action begins at once (and opens a dialog of its own). */
  confirm?: (rows: Row[]) => string
  run: (rows: Row[]) => unknown
}

export interface ResourceTableProps<Id extends PageRoute> {
  /** Names the table for tests and for the remembered columns. */
  name: string
  route: Id
  /** Params of the route, and a query made from the filters in the address. */
  input: (filters: Record<string, string>) => Input<Id>
  rowKey: (row: RowOf<Id>) => string
  columns: readonly Column<RowOf<Id>>[]
  filters?: readonly Filter[]
  actions?: (row: RowOf<Id>) => RowAction[]
  bulk?: readonly BulkAction<RowOf<Id>>[]
  /** What to say, and to do, when there is nothing yet. */
  empty: { title: string; hint?: string; action?: ReactNode }
  onRow?: (row: RowOf<Id>) => void
  /** Beside the filters, on the right. */
  extra?: ReactNode
  /** More about a row, below it; null where there is nothing more. */
  expand?: (row: RowOf<Id>) => ReactNode
  limit?: number
}

/**
 * A list of the server with filters, paging, row and bulk actions. The address keeps the filters. Below
 * 640 px each row is a card.
 */
export function ResourceTable<Id extends PageRoute>(props: ResourceTableProps<Id>) {
  type Row = RowOf<Id>
  const { filters, setFilter, clear } = useFilters()
  const list = useList(props.route, props.input(filters), props.limit ?? 20)
  const columns = useColumns(props.name, props.columns)
  const phone = useIsPhone()
  const [selected, setSelected] = useState<string[]>([])
  const rows = list.rows as Row[] | undefined
  const visible = rows?.filter((row) => selected.includes(props.rowKey(row))) ?? []
  const filtered = (props.filters ?? []).some((filter) => filters[filter.name] !== undefined)
  const view = { ...props, rows: rows ?? [], shown: columns.shown, selected, setSelected, refreshing: list.refreshing }
  return (
    <section className="resource" data-testid={`table-${props.name}`} aria-busy={list.loading || list.refreshing}>
      <div className="resource-bar">
        {props.filters && <Filters filters={props.filters} values={filters} set={setFilter} />}
        <span className="spring" />
        {props.extra}
        {!phone && <ColumnSettings columns={props.columns} isShown={columns.isShown} toggle={columns.toggle} />}
      </div>
      {visible.length > 0 && props.bulk && <BulkBar bulk={props.bulk} rows={visible} clear={() => setSelected([])} />}
      {list.error && !rows ? (
        <Failure error={list.error} retry={list.retry} />
      ) : list.loading ? (
        <Skeleton active title={false} paragraph={{ rows: 8, width: '100%' }} className="resource-skeleton" />
      ) : rows?.length === 0 ? (
        <Nothing empty={props.empty} filtered={filtered} clear={clear} />
      ) : phone ? (
        <Cards {...view} />
      ) : (
        <Rows {...view} />
      )}
      <Pager list={list} />
    </section>
  )
}

interface ViewProps<Row> extends Pick<ResourceTableProps<PageRoute>, 'name'> {
  rows: Row[]
  shown: readonly Column<Row>[]
  rowKey: (row: Row) => string
  actions?: (row: Row) => RowAction[]
  bulk?: readonly BulkAction<Row>[]
  selected: string[]
  setSelected: (keys: string[]) => void
  onRow?: (row: Row) => void
  expand?: (row: Row) => ReactNode
  refreshing: boolean
}

function Rows<Row>(props: ViewProps<Row>) {
  const { actions, bulk, onRow, expand } = props
  const columns = props.shown.map((column) => ({
    key: column.key,
    title: column.title,
    align: column.align ?? ('left' as const),
    ...(column.width === undefined ? {} : { width: column.width }),
    render: (_: unknown, row: Row) => column.render(row),
  }))
  if (actions)
    columns.push({
      key: 'actions',
      title: '',
      align: 'right',
      render: (_: unknown, row: Row) => <Actions actions={actions(row)} />,
    })
  return (
    <Table<Row & object>
      className={props.refreshing ? 'refreshing' : ''}
      rowKey={(row) => props.rowKey(row)}
      dataSource={props.rows as (Row & object)[]}
      columns={columns}
      pagination={false}
      scroll={{ x: 'max-content' }}
      {...(bulk
        ? {
            rowSelection: {
              selectedRowKeys: props.selected,
              onChange: (keys) => props.setSelected(keys.map(String)),
              columnWidth: 44,
            },
          }
        : {})}
      {...(expand
        ? {
            expandable: {
              expandedRowRender: (row: Row) => expand(row),
              rowExpandable: (row: Row) => expand(row) !== null,
            },
          }
        : {})}
      onRow={(row) => ({
        'data-row': props.rowKey(row),
        ...(onRow
          ? {
              className: 'clickable',
              onClick: (event) =>
                (event.target as HTMLElement).closest('a, button, input, label, .ant-table-selection-column') ||
                onRow(row),
            }
          : {}),
      })}
    />
  )
}

function Cards<Row>(props: ViewProps<Row>) {
  const title = props.shown.find((column) => column.role === 'title') ?? props.shown[0]!
  const toggle = (key: string, on: boolean) =>
    props.setSelected(on ? [...props.selected, key] : props.selected.filter((each) => each !== key))
  return (
    <div className={`cards${props.refreshing ? ' refreshing' : ''}`}>
      {props.rows.map((row) => {
        const key = props.rowKey(row)
        return (
          <Card key={key} size="small" data-row={key} className="row-card">
            <div className="row-card-head">
              {props.bulk && (
                <Checkbox
                  aria-label={t('list.select')}
                  checked={props.selected.includes(key)}
                  onChange={(event) => toggle(key, event.target.checked)}
                />
              )}
              <div className="row-card-title">{title.render(row)}</div>
            </div>
            <dl>
              {props.shown
                .filter((column) => column !== title)
                .map((column) => (
                  <div key={column.key}>
                    <dt>{column.title}</dt>
                    <dd>{column.render(row)}</dd>
                  </div>
                ))}
            </dl>
            {props.expand?.(row)}
            <div className="row-card-foot">
              {props.onRow && (
                <Button size="small" onClick={() => props.onRow?.(row)}>
                  {t('action.open')}
                </Button>
              )}
              {props.actions && <Actions actions={props.actions(row)} />}
            </div>
          </Card>
        )
      })}
    </div>
  )
}

function Actions({ actions }: { actions: RowAction[] }) {
  const main = actions.filter((action) => action.main)
  const more = actions.filter((action) => !action.main)
  return (
    <span className="row-actions">
      {main.map((action) => (
        <Button key={action.key} type="link" size="small" danger={action.danger ?? false} onClick={action.run}>
          {action.label}
        </Button>
      ))}
      {more.length > 0 && (
        <Dropdown
          trigger={['click']}
          menu={{
            items: more.map((action) => ({
              key: action.key,
              label: action.label,
              danger: action.danger ?? false,
              onClick: action.run,
            })),
          }}
        >
          <Button type="text" size="small" icon={<EllipsisOutlined />} aria-label={t('list.more')} />
        </Dropdown>
      )}
    </span>
  )
}

function BulkBar<Row>({ bulk, rows, clear }: { bulk: readonly BulkAction<Row>[]; rows: Row[]; clear: () => void }) {
  const { confirm } = useFeedback()
  const ask = (action: BulkAction<Row>) => {
    if (!action.confirm) return void action.run(rows)
    const run = async () => {
      await action.run(rows)
      clear()
    }
    confirm({ title: action.confirm(rows), okText: action.label, danger: action.danger ?? false, run })
  }
  return (
    <div className="bulk-bar" role="toolbar" aria-label={t('list.bulk')}>
      <span>{t('list.selected', { count: rows.length })}</span>
      {bulk.map((action) => (
        <Button key={action.key} size="small" danger={action.danger ?? false} onClick={() => ask(action)}>
          {action.label}
        </Button>
      ))}
      <Button size="small" type="text" onClick={clear}>
        {t('list.clearSelection')}
      </Button>
    </div>
  )
}

function Nothing({
  empty,
  filtered,
  clear,
}: {
  empty: ResourceTableProps<PageRoute>['empty']
  filtered: boolean
  clear: () => void
}) {
  const text = filtered ? { title: t('list.noMatch'), hint: t('list.noMatchHint') } : empty
  return (
    <Empty
      className="nothing"
      image={Empty.PRESENTED_IMAGE_SIMPLE}
      description={
        <>
          <div className="strong">{text.title}</div>
          {text.hint && <div className="soft">{text.hint}</div>}
        </>
      }
    >
      {filtered ? <Button onClick={clear}>{t('list.clearFilters')}</Button> : empty.action}
    </Empty>
  )
}

function Pager<Row>({ list }: { list: List<Row> }) {
  if (!list.next && !list.previous) return null
  return (
    <nav className="pager" aria-label={t('list.pages')}>
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
