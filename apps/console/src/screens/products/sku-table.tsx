import type { Product } from '@zhanggui/contract'
import { Button, Input, InputNumber, Popover, Table } from 'antd'
import { memo, useCallback, useRef, useState } from 'react'
import { t } from '../../i18n/index.ts'
import { MoneyInput } from '../../kit/money.tsx'
import { fillSkus, type Option, type SkuDraft } from '../../kit/sku-matrix.ts'

interface Props {
  value?: SkuDraft[]
  onChange?: (skus: SkuDraft[]) => void
  options: Option[]
  /** What the server has of them, for the stock column. */
  stock: Product['skus']
}

const PAGE_SIZE = 50

/** The table in which all SKUs of a product are edited at once. */
export function SkuTable({ value = [], onChange, options, stock }: Props) {
  const available = new Map(stock.map((sku) => [sku.id, sku.available]))
  const latest = useRef({ value, onChange })
  latest.current = { value, onChange }
  const patch = useCallback(
    (index: number, fields: Partial<SkuDraft>) =>
      latest.current.onChange?.(latest.current.value.map((sku, at) => (at === index ? { ...sku, ...fields } : sku))),
    [],
  )
  const rows = value.map((sku, index) => ({ key: sku.id ?? JSON.stringify(sku.optionValues), index, sku }))
  type Row = (typeof rows)[number]
  const cell = (field: keyof SkuDraft & CellField) => (_: unknown, row: Row) => (
    <Cell field={field} index={row.index} sku={row.sku} patch={patch} />
  )
  const columns = [
    ...options.map((option, at) => ({
      title: option.name || `#${at + 1}`,
      key: `option-${at}`,
      render: (_: unknown, row: Row) => row.sku.optionValues[at] ?? '',
    })),
    { title: t('sku.code'), key: 'code', width: 150, render: cell('code') },
    { title: t('sku.price'), key: 'price', width: 120, render: cell('priceFen') },
    { title: t('sku.listPrice'), key: 'listPrice', width: 120, render: cell('listPriceFen') },
    { title: t('sku.cost'), key: 'cost', width: 120, render: cell('costFen') },
    { title: t('sku.weight'), key: 'weight', width: 100, render: cell('weightGrams') },
    { title: t('sku.barcode'), key: 'barcode', width: 150, render: cell('barcode') },
    {
      title: t('sku.available'),
      key: 'available',
      align: 'right' as const,
      width: 70,
      render: (_: unknown, row: Row) => (
        <span className="num">{row.sku.id ? (available.get(row.sku.id) ?? 0) : '—'}</span>
      ),
    },
  ]
  return (
    <div data-testid="sku-table">
      {value.length > 1 && <BatchFill apply={(fields, onlyEmpty) => onChange?.(fillSkus(value, fields, onlyEmpty))} />}
      <Table
        size="small"
        className="sku-table"
        rowKey="key"
        dataSource={rows}
        columns={columns}
        scroll={{ x: 'max-content' }}
        pagination={rows.length > PAGE_SIZE ? { pageSize: PAGE_SIZE, showSizeChanger: false } : false}
      />
    </div>
  )
}

type CellField = 'code' | 'barcode' | 'priceFen' | 'listPriceFen' | 'costFen' | 'weightGrams'

interface CellProps {
  field: CellField
  index: number
  sku: SkuDraft
  patch: (index: number, fields: Partial<SkuDraft>) => void
}

const LABELS = {
  code: 'sku.code',
  barcode: 'sku.barcode',
  priceFen: 'sku.price',
  listPriceFen: 'sku.listPrice',
  costFen: 'sku.cost',
  weightGrams: 'sku.weight',
} as const

/** One input. Drawn again only when its own row changes: there may be two hundred of them. */
const Cell = memo(function Cell({ field, index, sku, patch }: CellProps) {
  const label = `${t(LABELS[field])} ${sku.optionValues.join(' ') || index + 1}`
  if (field === 'code' || field === 'barcode')
    return (
      <Input
        aria-label={label}
        maxLength={field === 'code' ? 64 : 32}
        value={sku[field]}
        onChange={(event) => patch(index, { [field]: event.target.value })}
      />
    )
  if (field === 'weightGrams')
    return (
      <InputNumber
        aria-label={label}
        min={0}
        max={1_000_000}
        precision={0}
        controls={false}
        value={sku.weightGrams ?? null}
        onChange={(grams) => patch(index, { weightGrams: grams ?? undefined })}
      />
    )
  return (
    <MoneyInput
      aria-label={label}
      value={sku[field] ?? null}
      onChange={(fen) => patch(index, { [field]: fen ?? (field === 'priceFen' ? undefined : null) })}
    />
  )
})

function BatchFill({ apply }: { apply: (fields: Partial<SkuDraft>, onlyEmpty: boolean) => void }) {
  const [fields, setFields] = useState<Partial<SkuDraft>>({})
  const usable = Object.fromEntries(Object.entries(fields).filter(([, value]) => !Number.isNaN(value)))
  const money = (name: 'priceFen' | 'listPriceFen' | 'costFen') => (
    <label className="stack-xs" htmlFor={`fill-${name}`}>
      <span className="soft">{t(LABELS[name])}</span>
      <MoneyInput
        id={`fill-${name}`}
        value={fields[name] ?? null}
        onChange={(fen) => setFields({ ...fields, [name]: fen ?? undefined })}
      />
    </label>
  )
  const form = (
    <div className="batch-fill">
      {money('priceFen')}
      {money('listPriceFen')}
      {money('costFen')}
      <label className="stack-xs" htmlFor="fill-weight">
        <span className="soft">{t('sku.weight')}</span>
        <InputNumber
          id="fill-weight"
          min={0}
          max={1_000_000}
          precision={0}
          controls={false}
          value={fields.weightGrams ?? null}
          onChange={(grams) => setFields({ ...fields, weightGrams: grams ?? undefined })}
        />
      </label>
      <div className="row-end">
        <Button onClick={() => apply(usable, true)}>{t('sku.fillEmpty')}</Button>
        <Button type="primary" onClick={() => apply(usable, false)}>
          {t('sku.fillAll')}
        </Button>
      </div>
    </div>
  )
  return (
    <Popover trigger="click" placement="bottomLeft" title={t('sku.batchFill')} content={form}>
      <Button size="small" className="batch-button">
        {t('sku.batchFill')}
      </Button>
    </Popover>
  )
}
