import { SettingOutlined } from '@ant-design/icons'
import { Button, Checkbox, Popover } from 'antd'
import { type ReactNode, useState } from 'react'
import { t } from '../i18n/index.ts'

export interface Column<Row> {
  key: string
  title: string
  render: (row: Row) => ReactNode
  width?: number
  align?: 'left' | 'right' | 'center'
  /** `title` heads the card on a phone and cannot be hidden; `hidden` is off until somebody asks for it. */
  role?: 'title' | 'hidden'
}

const storageKey = (table: string) => `zg.columns.${table}`

/** Which columns are shown; the choice stays in this browser. */
export function useColumns<Row>(table: string, columns: readonly Column<Row>[]) {
  const [chosen, setChosen] = useState<Record<string, boolean>>(() => readChoice(table))
  const isShown = (column: Column<Row>) => column.role === 'title' || (chosen[column.key] ?? column.role !== 'hidden')
  const toggle = (key: string, shown: boolean) => {
    const next = { ...chosen, [key]: shown }
    setChosen(next)
    localStorage.setItem(storageKey(table), JSON.stringify(next))
  }
  return { shown: columns.filter(isShown), isShown, toggle }
}

function readChoice(table: string): Record<string, boolean> {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(storageKey(table)) ?? '{}')
    return typeof kept === 'object' && kept !== null ? (kept as Record<string, boolean>) : {}
  } catch {
    return {}
  }
}

export function ColumnSettings<Row>(props: {
  columns: readonly Column<Row>[]
  isShown: (column: Column<Row>) => boolean
  toggle: (key: string, shown: boolean) => void
}) {
  const list = (
    <div className="stack-s">
      {props.columns
        .filter((column) => column.role !== 'title')
        .map((column) => (
          <Checkbox
            key={column.key}
            checked={props.isShown(column)}
            onChange={(event) => props.toggle(column.key, event.target.checked)}
          >
            {column.title}
          </Checkbox>
        ))}
    </div>
  )
  return (
    <Popover trigger="click" placement="bottomRight" content={list} title={t('list.columns')}>
      <Button type="text" icon={<SettingOutlined />} aria-label={t('list.columns')} />
    </Popover>
  )
}
