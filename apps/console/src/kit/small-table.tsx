import { Table } from 'antd'
import type { ReactNode } from 'react'
import { useIsPhone } from './media.ts'

export interface SmallColumn<Row> {
  title: string
  align?: 'right'
  render: (row: Row) => ReactNode
}

interface Props<Row> {
  rows: readonly Row[]
  rowKey: (row: Row) => string
  columns: readonly SmallColumn<Row>[]
}

/**
 * A few rows inside a card, all of them at once; on a phone each row is a list of names and values, and a name with its
 * amount one line.
 */
export function SmallTable<Row extends object>({ rows, rowKey, columns }: Props<Row>) {
  const phone = useIsPhone()
  const [name, amount, more] = columns
  if (phone && name && amount && !more)
    return (
      <dl className="small-lines">
        {rows.map((row) => (
          <div key={rowKey(row)} data-row>
            <dt>{name.render(row)}</dt>
            <dd>{amount.render(row)}</dd>
          </div>
        ))}
      </dl>
    )
  if (phone)
    return (
      <div className="small-rows">
        {rows.map((row) => (
          <dl key={rowKey(row)} data-row>
            {columns.map(({ title, render }) => (
              <div key={title}>
                <dt>{title}</dt>
                <dd>{render(row)}</dd>
              </div>
            ))}
          </dl>
        ))}
      </div>
    )
  return (
    <Table<Row>
      size="small"
      rowKey={rowKey}
      pagination={false}
      dataSource={rows}
      scroll={{ x: 'max-content' }}
      columns={columns.map(({ title, align, render }) => ({
        title,
        ...(align ? { align } : {}),
        render: (_: unknown, row: Row) => render(row),
      }))}
    />
  )
}
