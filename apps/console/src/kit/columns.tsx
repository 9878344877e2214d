import { ArrowDownOutlined, ArrowUpOutlined, SettingOutlined } from '@ant-design/icons'
import type { ExportColumn } from '@zhanggui/contract'
import { Button, Checkbox, Popover, Segmented } from 'antd'
import { type ReactNode, useState } from 'react'
import { t } from '../i18n/index.ts'
import { moveItem } from './move-item.ts'

/** A cell of an export: where a row has it, e.g. `totalFen` or `address.city`, and what its column is called. */
export type ExportedField = Pick<ExportColumn, 'field' | 'title' | 'where' | 'labels'>

type PlainKey<Row> = {
  [Key in keyof Row & string]: Row[Key] extends string | number | boolean | null | undefined ? Key : never
}[keyof Row & string]

/**
 * What an export has of a column: the plain value under its key, or what `field` names: one place, several with titles
 * of their own, or `false` for nothing. A column that shows more than one plain value has to say.
 */
type Exported<Row> = { key: PlainKey<Row>; field?: FieldOf<Row> } | { key: string; field: FieldOf<Row> }

type FieldOf<Row> = PathIn<Row> | false | readonly (ExportedField & { field: PathIn<Row> })[]

/** Names of what a row has, three deep, with a dot between them; a list on the way stands for each of its items. */
type PathIn<Value, Depth extends 0 | 1 | 2 = 2> = Value extends readonly (infer Item)[]
  ? PathIn<Item, Depth>
  : Value extends object
    ? {
        [Key in keyof Value & string]:
          | Key
          | (Depth extends 0 ? never : `${Key}.${PathIn<NonNullable<Value[Key]>, Depth extends 2 ? 1 : 0>}`)
      }[keyof Value & string]
    : never

export type Column<Row> = Exported<Row> & {
  title: string
  render: (row: Row) => ReactNode
  /** What a card shows instead, on a phone; nothing leaves the column out of it. */
  onCard?: (row: Row) => ReactNode
  width?: number
  align?: 'left' | 'right' | 'center'
  /** `title` heads the card on a phone and cannot be hidden; `hidden` is off until somebody asks for it. */
  role?: 'title' | 'hidden'
  /** The name by which the route sorts by this column; a minus before it in the address turns the order round. */
  sort?: string
  /** What the values of the field are called, for exports. */
  labels?: Record<string, string>
}

/** How a table is laid out: which columns, in which order, how close. */
export interface TableLook {
  order: string[]
  shown: Record<string, boolean>
  dense: boolean
}

export const PLAIN_LOOK: TableLook = { order: [], shown: {}, dense: false }

const storageKey = (table: string) => `zg.table.${table}`

/** Reads a look that was kept as JSON; whatever does not fit is left out. */
export function lookFrom(kept: unknown): TableLook {
  if (typeof kept !== 'object' || kept === null) return PLAIN_LOOK
  const { order, shown, dense } = kept as Record<string, unknown>
  return {
    order: Array.isArray(order) ? order.filter((each): each is string => typeof each === 'string') : [],
    shown:
      typeof shown === 'object' && shown !== null
        ? Object.fromEntries(
            Object.entries(shown).filter((each): each is [string, boolean] => typeof each[1] === 'boolean'),
          )
        : {},
    dense: dense === true,
  }
}

/** Columns in the chosen order; those the choice does not know keep their place behind their neighbour. */
export function inOrder<C extends { key: string }>(columns: readonly C[], order: readonly string[]): C[] {
  const place = new Map(order.map((key, index) => [key, index]))
  let last = -1
  const ranked = columns.map((column) => {
    last = place.get(column.key) ?? last + 0.001
    return { column, rank: last }
  })
  return ranked.sort((a, b) => a.rank - b.rank).map(({ column }) => column)
}

export interface Columns<Row> {
  all: Column<Row>[]
  shown: Column<Row>[]
  isShown: (column: Column<Row>) => boolean
  look: TableLook
  setLook: (next: TableLook) => void
}

/** Which columns are shown and how; the choice stays in this browser until a saved view takes over. */
export function useColumns<Row>(table: string, columns: readonly Column<Row>[]): Columns<Row> {
  const [look, setState] = useState<TableLook>(() => readLook(table))
  const setLook = (next: TableLook) => {
    setState(next)
    localStorage.setItem(storageKey(table), JSON.stringify(next))
  }
  const isShown = (column: Column<Row>) =>
    column.role === 'title' || (look.shown[column.key] ?? column.role !== 'hidden')
  const all = inOrder(columns, look.order)
  return { all, shown: all.filter(isShown), isShown, look, setLook }
}

function readLook(table: string): TableLook {
  try {
    return lookFrom(JSON.parse(localStorage.getItem(storageKey(table)) ?? 'null'))
  } catch {
    return PLAIN_LOOK
  }
}

/** Columns on and off, their order, and how close the rows stand. */
export function ColumnSettings<Row>({ columns }: { columns: Columns<Row> }) {
  const { all, isShown, look, setLook } = columns
  const move = (index: number, by: number) =>
    setLook({ ...look, order: moveItem(all, index, index + by).map((column) => column.key) })
  const list = (
    <div className="stack-s">
      <Segmented
        block
        value={look.dense ? 'dense' : 'roomy'}
        options={[
          { value: 'roomy', label: t('list.roomy') },
          { value: 'dense', label: t('list.dense') },
        ]}
        onChange={(value) => setLook({ ...look, dense: value === 'dense' })}
      />
      {all.map((column, index) => (
        <div key={column.key} className="column-choice">
          <Checkbox
            checked={isShown(column)}
            disabled={column.role === 'title'}
            onChange={(event) => setLook({ ...look, shown: { ...look.shown, [column.key]: event.target.checked } })}
          >
            {column.title}
          </Checkbox>
          <Button
            type="text"
            size="small"
            icon={<ArrowUpOutlined />}
            disabled={index === 0}
            aria-label={t('list.columnEarlier', { column: column.title })}
            onClick={() => move(index, -1)}
          />
          <Button
            type="text"
            size="small"
            icon={<ArrowDownOutlined />}
            disabled={index === all.length - 1}
            aria-label={t('list.columnLater', { column: column.title })}
            onClick={() => move(index, 1)}
          />
        </div>
      ))}
      <Button size="small" type="text" onClick={() => setLook(PLAIN_LOOK)}>
        {t('list.columnsReset')}
      </Button>
    </div>
  )
  return (
    <Popover trigger="click" placement="bottomRight" content={list} title={t('list.columns')}>
      <Button type="text" icon={<SettingOutlined />} aria-label={t('list.columns')} title={t('list.columns')} />
    </Popover>
  )
}
