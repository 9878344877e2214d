import { ArrowDownOutlined, ArrowUpOutlined, DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import type { ReactNode } from 'react'
import { t } from '../../../i18n/index.ts'
import { moveItem } from '../../../kit/move-item.ts'
import { useEditing } from '../fields.tsx'

interface Props<T> {
  rows: readonly T[]
  onChange: (rows: T[]) => void
  /** What one of them is called, such as 海报. */
  name: string
  max: number
  fresh: () => T
  render: (row: T, set: (fields: object) => void, index: number) => ReactNode
}

/** A list inside of a block, such as the pictures of a banner: added to, ordered, shortened. */
export function RowsField<T extends object>({ rows, onChange, name, max, fresh, render }: Props<T>) {
  const { isWritable } = useEditing()
  const called = (index: number) => t('design.rowName', { name, number: index + 1 })
  return (
    <div className="stack-s">
      {rows.map((row, index) => (
        // Rows have no id of their own; they are told apart by their place.
        // biome-ignore lint/suspicious/noArrayIndexKey: see above
        <fieldset className="design-row" key={index}>
          <legend className="sr-only">{called(index)}</legend>
          <div className="design-row-head">
            <span className="strong small" aria-hidden>
              {called(index)}
            </span>
            {isWritable && (
              <span>
                <Button
                  size="small"
                  type="text"
                  icon={<ArrowUpOutlined />}
                  disabled={index === 0}
                  aria-label={t('design.rowUp', { name: called(index) })}
                  onClick={() => onChange(moveItem([...rows], index, index - 1))}
                />
                <Button
                  size="small"
                  type="text"
                  icon={<ArrowDownOutlined />}
                  disabled={index === rows.length - 1}
                  aria-label={t('design.rowDown', { name: called(index) })}
                  onClick={() => onChange(moveItem([...rows], index, index + 1))}
                />
                <Button
                  size="small"
                  type="text"
                  icon={<DeleteOutlined />}
                  aria-label={t('design.rowRemove', { name: called(index) })}
                  onClick={() => onChange(rows.filter((_, at) => at !== index))}
                />
              </span>
            )}
          </div>
          {render(
            row,
            (fields) => onChange(rows.map((each, at) => (at === index ? { ...each, ...fields } : each))),
            index,
          )}
        </fieldset>
      ))}
      {isWritable && (
        <Button
          block
          type="dashed"
          icon={<PlusOutlined />}
          disabled={rows.length >= max}
          onClick={() => onChange([...rows, fresh()])}
        >
          {t('design.rowAdd', { name, count: rows.length, max })}
        </Button>
      )}
    </div>
  )
}
