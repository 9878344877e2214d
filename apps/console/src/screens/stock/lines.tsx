import { DeleteOutlined } from '@ant-design/icons'
import type { StockRow } from '@zhanggui/contract'
import { Button, InputNumber, Select } from 'antd'
import { useState } from 'react'
import { useShop } from '../../app/session.tsx'
import { t } from '../../i18n/index.ts'
import { useRead } from '../../kit/api.ts'

/** A SKU in a stock dialog, with the quantity as typed. */
export interface StockLine {
  row: StockRow
  quantity: number | null
}

interface Props {
  id?: string
  value?: StockLine[]
  onChange?: (lines: StockLine[]) => void
  /** Whose stock is shown beside each line. */
  warehouseId: string | undefined
  bounds: { min: number; max: number }
  quantityLabel: string
}

/** SKUs and quantities; more SKUs are found by words. */
export function StockLines({ value = [], onChange, warehouseId, bounds, quantityLabel }: Props) {
  const set = (index: number, quantity: number | null) =>
    onChange?.(value.map((line, at) => (at === index ? { ...line, quantity } : line)))
  return (
    <div className="stack-s">
      {value.map((line, index) => (
        <div key={line.row.skuId} className="stock-line">
          <span className="cell-text">
            <span className="cell-title">{line.row.title}</span>
            <span className="faint">
              {line.row.skuCode} {line.row.options} ·{' '}
              {t('stock.nowAvailable', { count: availableIn(line.row, warehouseId) })}
            </span>
          </span>
          <InputNumber
            aria-label={`${quantityLabel} ${line.row.skuCode}`}
            placeholder={quantityLabel}
            min={bounds.min}
            max={bounds.max}
            precision={0}
            value={line.quantity}
            onChange={(quantity) => set(index, quantity)}
          />
          <Button
            type="text"
            icon={<DeleteOutlined />}
            aria-label={t('action.remove')}
            onClick={() => onChange?.(value.filter((_, at) => at !== index))}
          />
        </div>
      ))}
      <SkuPicker
        taken={value.map((line) => line.row.skuId)}
        onPick={(row) => onChange?.([...value, { row, quantity: null }])}
      />
    </div>
  )
}

/** What a warehouse has for sale of a SKU. */
export const availableIn = (row: StockRow, warehouseId: string | undefined): number =>
  row.byWarehouse.find((each) => each.warehouseId === warehouseId)?.available ?? 0

function SkuPicker({ taken, onPick }: { taken: string[]; onPick: (row: StockRow) => void }) {
  const { shopId } = useShop()
  const [q, setQ] = useState('')
  const found = useRead(
    'console.stock',
    { params: { shopId }, query: { q: q === '' ? undefined : q, limit: 20 } },
    { keepPrevious: true },
  )
  const rows = (found.data?.items ?? []).filter((row) => !taken.includes(row.skuId))
  return (
    <Select
      className="wide"
      showSearch={{ filterOption: false, onSearch: setQ }}
      placeholder={t('stock.addSku')}
      aria-label={t('stock.addSku')}
      value={null}
      loading={found.isFetching}
      options={rows.map((row) => ({ value: row.skuId, label: `${row.skuCode} · ${row.title} ${row.options}` }))}
      onChange={(skuId: string | null) => {
        const row = rows.find((each) => each.skuId === skuId)
        if (row) onPick(row)
      }}
    />
  )
}
