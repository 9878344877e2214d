import { formatMoney, type MerchantOrder, type RefundUnitsOptions, ROUTES } from '@zhanggui/contract'
import { formatYuan } from '@zhanggui/contract/money'
import { Alert, Form, Input, InputNumber, Modal, Select } from 'antd'
import { useShop } from '../../app/session.tsx'
import { t } from '../../i18n/index.ts'
import { useRead, useWrite } from '../../kit/api.ts'
import { type EvidenceFile, EvidenceInput, fileIdsOf } from '../../kit/evidence-input.tsx'
import { Loaded, useFeedback } from '../../kit/feedback.tsx'
import { FormDialog } from '../../kit/form-dialog.tsx'
import { MoneyInput } from '../../kit/money.tsx'
import { ORDER_STALE } from '../orders/ship-dialog.tsx'
import { CASE_STALE } from './columns.tsx'

interface Props {
  order: MerchantOrder
  onClose: () => void
}

/** Money for some units of an order, or a part of it, without being asked. */
export function RefundUnitsDialog({ order, onClose }: Props) {
  const { shopId } = useShop()
  const read = useRead('console.refundUnitsOptions', { params: { shopId, orderId: order.id } })
  if (read.data) return <RefundUnitsForm order={order} options={read.data} onClose={onClose} />
  return (
    <Modal open title={t('refundUnits.title')} footer={null} onCancel={onClose}>
      <Loaded query={read}>{() => null}</Loaded>
    </Modal>
  )
}

/** Units that can still be chosen of a line: those with the buyer, else those that have not left. */
const roomOf = ({ shipped, unshipped }: RefundUnitsOptions['lines'][number]) => Math.max(shipped, unshipped)

function RefundUnitsForm({ order, options, onClose }: Props & { options: RefundUnitsOptions }) {
  const { shopId } = useShop()
  const { done } = useFeedback()
  const refund = useWrite('console.refundUnits', [...CASE_STALE, ...ORDER_STALE])
  const lines = options.lines.filter((line) => roomOf(line) > 0)
  return (
    <FormDialog
      title={t('refundUnits.title')}
      schema={ROUTES['console.refundUnits'].body}
      initial={{
        counts: lines.map((_line, at) => (at === 0 && lines.length === 1 ? 1 : 0)),
        reasonCode: options.reasons.find(({ code }) => code === 'price')?.code ?? options.reasons[0]?.code ?? '',
        amountFen: null as number | null,
        note: '',
        files: [] as EvidenceFile[],
      }}
      toInput={({ counts, reasonCode, amountFen, note, files }) => ({
        ...{ reasonCode, note, lines: chosen(lines, counts), evidenceFileIds: fileIdsOf(files) },
        ...(amountFen === null ? {} : { amountFen }),
      })}
      submit={(body, idempotencyKey) =>
        refund.mutateAsync({ params: { shopId, orderId: order.id }, body, idempotencyKey })
      }
      onDone={() => done(t('order.refundStarted'))}
      onClose={onClose}
      okText={t('refundUnits.ok')}
      danger
    >
      <p className="faint">{t('refundUnits.hint', { amount: formatMoney(options.leftFen) })}</p>
      <Form.Item name="lines" label={t('refundUnits.lines')}>
        <div className="stack-s">
          {lines.map((line, at) => (
            <div key={line.line} className="stock-line">
              <span className="cell-text">
                <span className="cell-title">{line.title}</span>
                <span className="faint">{line.options}</span>
              </span>
              <Form.Item name={['counts', at]} noStyle>
                <InputNumber
                  aria-label={`${t('order.quantity')} ${line.title}`}
                  min={0}
                  max={roomOf(line)}
                  precision={0}
                  suffix={`/ ${roomOf(line)}`}
                />
              </Form.Item>
            </div>
          ))}
        </div>
      </Form.Item>
      <Form.Item name="reasonCode" label={t('aftersale.reason')}>
        <Select options={options.reasons.map(({ code, label }) => ({ value: code, label }))} />
      </Form.Item>
      <Form.Item dependencies={['counts', 'reasonCode']} noStyle>
        {({ getFieldValue }) => (
          <AmountField
            orderId={order.id}
            lines={chosen(lines, (getFieldValue('counts') as number[] | undefined) ?? [])}
            reasonCode={(getFieldValue('reasonCode') as string | undefined) ?? ''}
          />
        )}
      </Form.Item>
      <Form.Item name="note" label={t('refundUnits.note')}>
        <Input maxLength={200} />
      </Form.Item>
      <Form.Item name="files" label={t('aftersale.evidence')}>
        <EvidenceInput route="console.uploadAftersale" label={t('aftersale.addEvidence')} />
      </Form.Item>
    </FormDialog>
  )
}

const chosen = (lines: RefundUnitsOptions['lines'], counts: readonly (number | null)[]) =>
  lines.flatMap(({ line }, at) => (counts[at] ? [{ line, quantity: counts[at] }] : []))

interface AmountProps {
  orderId: string
  lines: { line: number; quantity: number }[]
  reasonCode: string
}

/** The amount; left empty it is all that the chosen units have left. */
function AmountField({ orderId, lines, reasonCode }: AmountProps) {
  const { shopId } = useShop()
  const quote = useRead(
    'console.quoteRefundUnits',
    { params: { shopId, orderId }, body: { lines, reasonCode } },
    { enabled: lines.length > 0 && reasonCode !== '' },
  )
  const most = lines.length > 0 ? quote.data?.ceilingFen : undefined
  return (
    <>
      <Form.Item
        name="amountFen"
        label={t('refundUnits.amount')}
        extra={most === undefined ? undefined : t('refundUnits.amountHint', { amount: formatMoney(most) })}
      >
        <MoneyInput {...(most === undefined ? {} : { placeholder: formatYuan(most) })} />
      </Form.Item>
      {quote.error && lines.length > 0 && (
        <Alert className="gap-bottom" type="warning" showIcon title={String(quote.error.message)} />
      )}
    </>
  )
}
