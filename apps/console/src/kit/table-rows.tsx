import { EllipsisOutlined, RightOutlined } from '@ant-design/icons'
import { Button, Card, Checkbox, Dropdown, Table } from 'antd'
import type { ReactNode } from 'react'
import { t } from '../i18n/index.ts'
import type { Column } from './columns.tsx'
import type { Selection } from './selection.ts'
import { nextSorting, sortingFrom } from './sorting.ts'

export interface RowAction {
  key: string
  label: string
  danger?: boolean
  /** Shown as a link in the row; the others go into a menu. */
  main?: boolean
  run: () => void
}

export interface RowsProps<Row> {
  rows: Row[]
  shown: readonly Column<Row>[]
  rowKey: (row: Row) => string
  actions?: ((row: Row) => RowAction[]) | undefined
  /** None where nothing can be done with several rows. */
  selection: Selection<Row> | undefined
  onRow?: ((row: Row) => void) | undefined
  expand?: ((row: Row) => ReactNode) | undefined
  /** A row that stands below the others. */
  sums?: Row | undefined
  refreshing: boolean
  dense: boolean
  sort: string | undefined
  setSort: (next: string | undefined) => void
  /** The row the keyboard is on. */
  active: number
}

/** The height of the bar on top, below which the head of a table stays. */
const TOPBAR_PX = 56

/** A list as a table: the head and the first column stay in sight. */
export function Rows<Row>(props: RowsProps<Row>) {
  const { actions, selection, onRow, expand } = props
  const columns = tableColumns(props)
  if (actions)
    columns.push({
      key: 'actions',
      title: <span className="sr-only">{t('list.actions')}</span>,
      align: 'right',
      // In sight however wide the table is: what can be done must not be scrolled for.
      fixed: 'right',
      render: (_: unknown, row: Row) => <Actions actions={actions(row)} />,
    })
  return (
    <Table<Row & object>
      className={props.refreshing ? 'refreshing' : ''}
      size={props.dense ? 'small' : 'large'}
      rowKey={(row) => props.rowKey(row)}
      dataSource={props.rows as (Row & object)[]}
      columns={columns}
      pagination={false}
      scroll={{ x: 'max-content' }}
      sticky={{ offsetHeader: TOPBAR_PX }}
      {...(props.sums === undefined ? {} : { summary: () => <Sums shown={props.shown} row={props.sums!} /> })}
      {...(selection
        ? {
            rowSelection: {
              selectedRowKeys: selection.keys,
              onChange: (keys) => selection.setPage(keys.map(String)),
              columnWidth: 44,
              fixed: true,
              getTitleCheckboxProps: () => ({ 'aria-label': t('list.selectPage') }),
              getCheckboxProps: () => ({ 'aria-label': t('list.select') }),
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
      onRow={(row, index) => ({
        'data-row': props.rowKey(row),
        className: [onRow ? 'clickable' : '', index === props.active ? 'active-row' : ''].join(' ').trim(),
        'aria-current': index === props.active ? 'true' : undefined,
        ...(onRow
          ? {
              onClick: (event) =>
                (event.target as HTMLElement).closest('a, button, input, label, .ant-table-selection-column') ||
                onRow(row),
            }
          : {}),
      })}
    />
  )
}

function Sums<Row>({ shown, row }: { shown: readonly Column<Row>[]; row: Row }) {
  return (
    <Table.Summary.Row className="sums-row">
      {shown.map((column, index) => (
        <Table.Summary.Cell key={column.key} index={index} align={column.align ?? 'left'}>
          {column.render(row)}
        </Table.Summary.Cell>
      ))}
    </Table.Summary.Row>
  )
}

function tableColumns<Row>({ shown, sort, setSort }: RowsProps<Row>) {
  const sorting = sortingFrom(sort)
  return shown.map((column, index) => ({
    key: column.key,
    title: column.title as ReactNode,
    align: column.align ?? ('left' as const),
    ...(column.width === undefined ? {} : { width: column.width }),
    ...(index === 0 ? { fixed: 'left' as 'left' | 'right' } : {}),
    ...(column.sort === undefined
      ? {}
      : {
          sorter: true,
          sortOrder:
            sorting?.by === column.sort ? (sorting.descending ? ('descend' as const) : ('ascend' as const)) : null,
          onHeaderCell: () => ({ onClick: () => setSort(nextSorting(sort, column.sort!)) }),
        }),
    render: (_: unknown, row: Row) => column.render(row),
  }))
}

const onCard = <Row,>(column: Column<Row>, row: Row): ReactNode => (column.onCard ?? column.render)(row)

/** A list as cards, on a phone. */
export function Cards<Row>(props: RowsProps<Row>) {
  const { selection } = props
  const title = props.shown.find((column) => column.role === 'title') ?? props.shown[0]!
  return (
    <div className={`cards${props.refreshing ? ' refreshing' : ''}`}>
      {[...props.rows, ...(props.sums === undefined ? [] : [props.sums])].map((row) => {
        const key = props.rowKey(row)
        return (
          <Card key={key} size="small" data-row={key} className="row-card">
            <div className="row-card-head">
              {selection && (
                <Checkbox
                  aria-label={t('list.select')}
                  checked={selection.has(key)}
                  onChange={(event) => selection.set(row, event.target.checked)}
                />
              )}
              <div className="row-card-title">{onCard(title, row)}</div>
              {props.onRow && (
                <Button
                  type="text"
                  size="small"
                  icon={<RightOutlined />}
                  aria-label={t('action.open')}
                  onClick={() => props.onRow?.(row)}
                />
              )}
            </div>
            <dl>
              {props.shown
                .filter((column) => column !== title)
                .map((column) => (
                  <div key={column.key}>
                    <dt>{column.title}</dt>
                    <dd>{onCard(column, row)}</dd>
                  </div>
                ))}
            </dl>
            {props.expand?.(row)}
            {props.actions && (
              <div className="row-card-foot">
                <Actions actions={props.actions(row)} />
              </div>
            )}
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
