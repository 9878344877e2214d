import { CARRIERS, type CarrierCode, type MerchantOrder, ROUTES } from '@zhanggui/contract'
import { Form, Input, InputNumber, Modal, Select } from 'antd'
import { useShop } from '../../app/session.tsx'
import { t } from '../../i18n/index.ts'
import { useRead, useWrite } from '../../kit/api.ts'
import { Loaded, useFeedback } from '../../kit/feedback.tsx'
import { FormDialog } from '../../kit/form-dialog.tsx'
import { type OpenLine, openLines, shipmentLines } from './ship-lines.ts'

const LAST_CARRIER = 'zg.carrier'
/** What a change of an order makes stale. */
export const ORDER_STALE = ['console.order', 'console.orders', 'console.shipments', 'console.overview'] as const

/** Shipping an order: loads what is left of it, then asks for carrier and tracking number. */
export function ShipDialog({ orderId, onClose }: { orderId: string; onClose: () => void }) {
  const { shopId } = useShop()
  const read = useRead('console.order', { params: { shopId, orderId } })
  if (read.data) return <ShipForm order={read.data} onClose={onClose} />
  return (
    <Modal open title={t('order.ship')} footer={null} onCancel={onClose}>
      <Loaded query={read}>{() => null}</Loaded>
    </Modal>
  )
}

function ShipForm({ order, onClose }: { order: MerchantOrder; onClose: () => void }) {
  const { shopId } = useShop()
  const { done } = useFeedback()
  const ship = useWrite('console.shipOrder', ORDER_STALE)
  const open = openLines(order)
  const carrier = (localStorage.getItem(LAST_CARRIER) ?? 'SF') as CarrierCode
  const carriers = Object.entries(CARRIERS).map(([value, label]) => ({ value, label }))
  return (
    <FormDialog
      title={t('order.shipNo', { orderNo: order.orderNo })}
      schema={ROUTES['console.shipOrder'].body}
      initial={{
        carrierCode: carrier in CARRIERS ? carrier : 'SF',
        trackingNo: '',
        lines: {} as Record<string, number>,
      }}
      toInput={({ carrierCode, trackingNo, lines }) => ({ carrierCode, trackingNo, lines: shipmentLines(open, lines) })}
      submit={async (body, idempotencyKey) => {
        await ship.mutateAsync({ params: { shopId, orderId: order.id }, body, idempotencyKey })
        localStorage.setItem(LAST_CARRIER, body.carrierCode)
      }}
      onDone={() => done(t('order.shipped'))}
      onClose={onClose}
      okText={t('order.shipConfirm')}
    >
      <div className="pair">
        <Form.Item name="carrierCode" label={t('order.carrier')}>
          <Select options={carriers} showSearch={{ optionFilterProp: 'label' }} />
        </Form.Item>
        <Form.Item name="trackingNo" label={t('order.trackingNo')}>
          <Input maxLength={40} autoFocus autoComplete="off" className="num" />
        </Form.Item>
      </div>
      <Form.Item name="lines" label={t('order.shipLines')}>
        <LinesField open={open} />
      </Form.Item>
    </FormDialog>
  )
}

interface LinesProps {
  id?: string
  open: OpenLine[]
  value?: Record<string, number>
  onChange?: (chosen: Record<string, number>) => void
}

function LinesField({ open, value = {}, onChange }: LinesProps) {
  return (
    <div className="stack-s">
      {open.map((line) => (
        <div key={line.skuId} className="stock-line">
          <span className="cell-text">
            <span className="cell-title">{line.title}</span>
            <span className="faint">{line.options}</span>
          </span>
          <InputNumber
            aria-label={`${t('order.quantity')} ${line.title}`}
            min={0}
            max={line.left}
            precision={0}
            value={value[line.skuId] ?? line.left}
            onChange={(count) => onChange?.({ ...value, [line.skuId]: count ?? 0 })}
            suffix={`/ ${line.left}`}
          />
        </div>
      ))}
    </div>
  )
}
