import { MOVEMENT_REASONS, ROUTES, type StockRow } from '@zhanggui/contract'
import { Form, Input, Select } from 'antd'
import { useShop } from '../../app/session.tsx'
import { say, t } from '../../i18n/index.ts'
import { useRead, useWrite } from '../../kit/api.ts'
import { useFeedback } from '../../kit/feedback.tsx'
import { FormDialog } from '../../kit/form-dialog.tsx'
import { type StockLine, StockLines } from './lines.tsx'
import { ADJUST_REASONS, type AdjustReason, adjustQuantity, entryBounds, entryOf } from './quantities.ts'

interface Props {
  rows: StockRow[]
  onClose: () => void
}

const toLines = (rows: StockRow[]): StockLine[] => rows.map((row) => ({ row, quantity: null }))
const STALE = [
  'console.stock',
  'console.movements',
  'console.warehouses',
  'console.products',
  'console.overview',
] as const

function useWarehouseOptions() {
  const { shopId } = useShop()
  const read = useRead('console.warehouses', { params: { shopId } })
  return (read.data?.items ?? []).filter((each) => each.active).map((each) => ({ value: each.id, label: each.name }))
}

/** Receiving, issuing, counting, writing off: several SKUs in one warehouse, all or none. */
export function AdjustDialog({ rows, onClose }: Props) {
  const { shopId } = useShop()
  const { done } = useFeedback()
  const warehouses = useWarehouseOptions()
  const adjust = useWrite('console.adjustStock', STALE)
  const initial = {
    warehouseId: undefined as string | undefined,
    reason: 'purchase' as AdjustReason,
    note: '',
    lines: toLines(rows),
  }
  return (
    <FormDialog
      title={t('stock.adjust')}
      width={640}
      schema={ROUTES['console.adjustStock'].body}
      initial={initial}
      toInput={(values) => ({
        ...values,
        warehouseId: values.warehouseId ?? warehouses[0]?.value,
        lines: values.lines.map((line) => ({
          skuId: line.row.skuId,
          quantity: line.quantity === null ? undefined : adjustQuantity(values.reason, line.quantity),
        })),
      })}
      submit={(body, idempotencyKey) => adjust.mutateAsync({ params: { shopId }, body, idempotencyKey })}
      onDone={() => done(t('stock.adjusted'))}
      onClose={onClose}
    >
      <div className="pair">
        <WarehouseField name="warehouseId" label={t('stock.warehouse')} options={warehouses} />
        <Form.Item name="reason" label={t('stock.reason')}>
          <Select options={ADJUST_REASONS.map((value) => ({ value, label: say(MOVEMENT_REASONS[value]) }))} />
        </Form.Item>
      </div>
      <Form.Item noStyle dependencies={['reason', 'warehouseId']}>
        {({ getFieldValue }) => {
          const reason = getFieldValue('reason') as AdjustReason
          return (
            <Form.Item name="lines" label={t(`stock.entry.${entryOf(reason)}`)}>
              <StockLines
                warehouseId={getFieldValue('warehouseId') ?? warehouses[0]?.value}
                bounds={entryBounds(reason)}
                quantityLabel={t('stock.quantity')}
              />
            </Form.Item>
          )
        }}
      </Form.Item>
      <NoteField />
    </FormDialog>
  )
}

/** Moving stock from one warehouse to another. */
export function TransferDialog({ rows, onClose }: Props) {
  const { shopId } = useShop()
  const { done } = useFeedback()
  const warehouses = useWarehouseOptions()
  const transfer = useWrite('console.transferStock', STALE)
  return (
    <FormDialog
      title={t('stock.transfer')}
      width={640}
      schema={ROUTES['console.transferStock'].body}
      initial={{
        fromWarehouseId: undefined as string | undefined,
        toWarehouseId: undefined as string | undefined,
        note: '',
        lines: toLines(rows),
      }}
      toInput={(values) => ({
        ...values,
        fromWarehouseId: values.fromWarehouseId ?? warehouses[0]?.value,
        lines: values.lines.map((line) => ({ skuId: line.row.skuId, quantity: line.quantity ?? undefined })),
      })}
      submit={(body, idempotencyKey) => transfer.mutateAsync({ params: { shopId }, body, idempotencyKey })}
      onDone={() => done(t('stock.transferred'))}
      onClose={onClose}
    >
      <div className="pair">
        <WarehouseField name="fromWarehouseId" label={t('stock.from')} options={warehouses} />
        <Form.Item noStyle dependencies={['fromWarehouseId']}>
          {({ getFieldValue }) => {
            const from = getFieldValue('fromWarehouseId') ?? warehouses[0]?.value
            return (
              <Form.Item name="toWarehouseId" label={t('stock.to')}>
                <Select options={warehouses.filter((each) => each.value !== from)} />
              </Form.Item>
            )
          }}
        </Form.Item>
      </div>
      <Form.Item noStyle dependencies={['fromWarehouseId']}>
        {({ getFieldValue }) => (
          <Form.Item name="lines" label={t('stock.lines')}>
            <StockLines
              warehouseId={getFieldValue('fromWarehouseId') ?? warehouses[0]?.value}
              bounds={{ min: 1, max: 1_000_000 }}
              quantityLabel={t('stock.quantity')}
            />
          </Form.Item>
        )}
      </Form.Item>
      <NoteField />
    </FormDialog>
  )
}

const NoteField = () => (
  <Form.Item name="note" label={t('stock.note')}>
    <Input maxLength={200} />
  </Form.Item>
)

/** The first warehouse stands until another is chosen. */
function WarehouseField({
  name,
  label,
  options,
}: {
  name: string
  label: string
  options: { value: string; label: string }[]
}) {
  return (
    <Form.Item
      name={name}
      label={label}
      getValueProps={(value: string | undefined) => ({ value: value ?? options[0]?.value })}
    >
      <Select options={options} />
    </Form.Item>
  )
}
