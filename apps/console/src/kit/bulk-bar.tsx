import { Button } from 'antd'
import { useState } from 'react'
import { t } from '../i18n/index.ts'
import { useFeedback } from './feedback.tsx'
import { MAX_SELECTED, type Selection } from './selection.ts'

export interface BulkAction<Row> {
  key: string
  label: string
  danger?: boolean
  /** The question asked first; without one the action begins at once (and opens a dialog of its own). */
  confirm?: (rows: Row[]) => string
  run: (rows: Row[]) => unknown
  /** The route takes so many at a time: more are handed over in parts, one after the other. */
  chunk?: number
}

interface Props<Row> {
  bulk: readonly BulkAction<Row>[]
  selection: Selection<Row>
  /** Gathers everything the filter finds; absent when this page is all there is, or everything is selected already. */
  selectAll: (() => Promise<{ rows: Row[]; more: boolean }>) | undefined
}

/** What can be done with the rows that are selected. */
export function BulkBar<Row>({ bulk, selection, selectAll }: Props<Row>) {
  const { confirm, failed, warn } = useFeedback()
  const [gathering, setGathering] = useState(false)
  const { rows } = selection
  const ask = (action: BulkAction<Row>) => {
    if (!action.confirm) return void action.run(rows)
    const run = async () => {
      const size = action.chunk ?? rows.length
      for (let start = 0; start < rows.length; start += size) await action.run(rows.slice(start, start + size))
      selection.clear()
    }
    confirm({ title: action.confirm(rows), okText: action.label, danger: action.danger ?? false, run })
  }
  const gather = async () => {
    setGathering(true)
    try {
      const all = await selectAll!()
      selection.replace(all.rows)
      if (all.more) warn(t('list.selectedMost', { count: MAX_SELECTED }))
    } catch (error) {
      failed(error)
    } finally {
      setGathering(false)
    }
  }
  return (
    <div className="bulk-bar" role="toolbar" aria-label={t('list.bulk')}>
      <span aria-live="polite">{t('list.selected', { count: rows.length })}</span>
      {selectAll && (
        <Button size="small" type="link" loading={gathering} onClick={() => void gather()}>
          {t('list.selectAll')}
        </Button>
      )}
      {bulk.map((action) => (
        <Button key={action.key} size="small" danger={action.danger ?? false} onClick={() => ask(action)}>
          {action.label}
        </Button>
      ))}
      <Button size="small" type="text" onClick={selection.clear}>
        {t('list.clearSelection')}
      </Button>
    </div>
  )
}
