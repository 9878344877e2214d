import {
  CARRIERS,
  type CarrierCode,
  type MerchantAftersale,
  ROUTES,
  RULING_OUTCOMES,
  RulingOutcome,
} from '@zhanggui/contract'
import { formatMoney, formatYuan } from '@zhanggui/contract/money'
import { Alert, Checkbox, Form, Input, InputNumber, Radio, Select } from 'antd'
import { z } from 'zod'
import { useShop } from '../../app/session.tsx'
import { say, t } from '../../i18n/index.ts'
import { useRead, useWrite } from '../../kit/api.ts'
import { type EvidenceFile, EvidenceInput, fileIdsOf } from '../../kit/evidence-input.tsx'
import { useFeedback } from '../../kit/feedback.tsx'
import { FormDialog } from '../../kit/form-dialog.tsx'
import { MoneyInput } from '../../kit/money.tsx'
import { CASE_STALE } from './columns.tsx'

interface Props {
  row: MerchantAftersale
  onClose: () => void
}

const ApproveInput = z.object({ addressId: z.uuid().optional(), note: z.string().trim().max(200) })

/** Agreeing: money leaves at once, or the buyer is told where to send the goods. */
export function ApproveDialog({ row, onClose }: Props) {
  const { shopId } = useShop()
  const { done, warn } = useFeedback()
  const policy = useRead('console.aftersalePolicy', { params: { shopId } })
  const approve = useWrite('console.approveAftersales', CASE_STALE)
  const amount = formatMoney(row.amountFen)
  const isRefund = row.type === 'refund'
  const title = {
    refund: t('aftersale.approveRefund', { amount }),
    return: t('aftersale.approveReturn'),
    exchange: t('aftersale.approveExchange'),
  }[row.type]
  return (
    <FormDialog
      title={title}
      schema={ApproveInput}
      initial={{ addressId: undefined as string | undefined, note: '' }}
      submit={async (input) => {
        const { refused } = await approve.mutateAsync({ params: { shopId }, body: { ...input, caseIds: [row.id] } })
        if (refused.length > 0) warn(refused[0]!.reason)
        else done(t('aftersale.approved', { count: 1 }))
      }}
      onClose={onClose}
      okText={title}
      danger={isRefund}
    >
      {isRefund && (
        <Alert className="gap-bottom" type="warning" showIcon title={t('aftersale.approveHint', { amount })} />
      )}
      {!isRefund && (
        <Form.Item name="addressId" label={t('aftersale.address')}>
          <Select
            allowClear
            placeholder={t('aftersale.defaultAddress')}
            options={(policy.data?.addresses ?? []).map((each) => ({
              value: each.id,
              label: `${each.name} ${each.province}${each.city}${each.district}${each.detail}`,
            }))}
          />
        </Form.Item>
      )}
      <Form.Item name="note" label={t('aftersale.note')}>
        <Input maxLength={200} />
      </Form.Item>
    </FormDialog>
  )
}

/** What the shop shows for its words; the buyer sees it in the timeline. */
const EvidenceField = () => (
  <Form.Item name="files" label={t('aftersale.evidence')} extra={t('aftersale.evidenceHint')}>
    <EvidenceInput route="console.uploadAftersale" label={t('aftersale.addEvidence')} />
  </Form.Item>
)

export function RejectDialog({ row, onClose }: Props) {
  const { shopId } = useShop()
  const { done } = useFeedback()
  const reject = useWrite('console.rejectAftersale', CASE_STALE)
  return (
    <FormDialog
      title={t('aftersale.reject')}
      schema={ROUTES['console.rejectAftersale'].body}
      initial={{ reason: '', files: [] as EvidenceFile[] }}
      toInput={({ reason, files }) => ({ reason, fileIds: fileIdsOf(files) })}
      submit={(body) => reject.mutateAsync({ params: { shopId, caseId: row.id }, body })}
      onDone={() => done(t('aftersale.rejected'))}
      onClose={onClose}
      okText={t('aftersale.reject')}
      danger
    >
      <Form.Item name="reason" label={t('aftersale.rejectReason')}>
        <Input.TextArea rows={3} maxLength={200} autoFocus />
      </Form.Item>
      <EvidenceField />
    </FormDialog>
  )
}

const countOf = (row: MerchantAftersale) => ({
  warehouseId: row.warehouses[0]?.id ?? '',
  lines: row.lines.map(({ line, quantity }) => ({ line, restock: quantity, scrap: 0 })),
  note: '',
})

const counted = (row: MerchantAftersale, values: ReturnType<typeof countOf>) => ({
  ...values,
  lines: values.lines.map((each, at) => ({ ...each, line: row.lines[at]!.line })),
})

/** How much of what came back is good, and how much is not. */
const CountFields = ({ row }: { row: MerchantAftersale }) => (
  <>
    <Form.Item name="warehouseId" label={t('aftersale.warehouse')}>
      <Select options={row.warehouses.map(({ id, name }) => ({ value: id, label: name }))} />
    </Form.Item>
    {row.lines.map((line, at) => (
      <div key={line.line}>
        <div>{t('aftersale.returnedOf', { title: `${line.title} ${line.options}`.trim(), count: line.quantity })}</div>
        <div className="pair">
          <Form.Item name={['lines', at, 'restock']} label={t('aftersale.restock')}>
            <InputNumber min={0} max={line.quantity} precision={0} />
          </Form.Item>
          <Form.Item name={['lines', at, 'scrap']} label={t('aftersale.scrap')}>
            <InputNumber min={0} max={line.quantity} precision={0} />
          </Form.Item>
        </div>
      </div>
    ))}
    <Form.Item name="note" label={t('aftersale.note')}>
      <Input maxLength={200} />
    </Form.Item>
  </>
)

/** Goods whose money was decided without a look: into stock, written off, or never come. */
export function CountDialog({ row, onClose }: Props) {
  const { shopId } = useShop()
  const { done } = useFeedback()
  const count = useWrite('console.countReturned', [...CASE_STALE, 'console.stock', 'console.movements'])
  return (
    <FormDialog
      title={t('aftersale.count')}
      schema={ROUTES['console.countReturned'].body}
      initial={countOf(row)}
      toInput={(values) => counted(row, values)}
      submit={(body) => count.mutateAsync({ params: { shopId, caseId: row.id }, body })}
      onDone={() => done(t('aftersale.countDone'))}
      onClose={onClose}
      okText={t('aftersale.count')}
    >
      <p className="faint">{t('aftersale.countHint')}</p>
      <CountFields row={row} />
    </FormDialog>
  )
}

/** What came back: into stock, or written off; then the money or the replacement. */
export function InspectDialog({ row, onClose }: Props) {
  const { shopId } = useShop()
  const { done } = useFeedback()
  const inspect = useWrite('console.inspectAftersale', [...CASE_STALE, 'console.stock', 'console.movements'])
  return (
    <FormDialog
      title={t('aftersale.inspect')}
      schema={ROUTES['console.inspectAftersale'].body}
      initial={{ ...countOf(row), files: [] as EvidenceFile[] }}
      toInput={({ files, ...values }) => ({ ...counted(row, values), fileIds: fileIdsOf(files) })}
      submit={(body) => inspect.mutateAsync({ params: { shopId, caseId: row.id }, body })}
      onDone={() => done(t('aftersale.inspected'))}
      onClose={onClose}
      okText={t('aftersale.inspect')}
    >
      <p className="faint">{t('aftersale.inspectHint')}</p>
      <CountFields row={row} />
      <EvidenceField />
    </FormDialog>
  )
}

export function ResendDialog({ row, onClose }: Props) {
  const { shopId } = useShop()
  const { done } = useFeedback()
  const resend = useWrite('console.resendAftersale', [...CASE_STALE, 'console.stock', 'console.movements'])
  return (
    <FormDialog
      title={t('aftersale.resend')}
      schema={ROUTES['console.resendAftersale'].body}
      initial={{ carrierCode: 'SF' as CarrierCode, trackingNo: '' }}
      submit={(body) => resend.mutateAsync({ params: { shopId, caseId: row.id }, body })}
      onDone={() => done(t('aftersale.resent'))}
      onClose={onClose}
      okText={t('aftersale.resend')}
    >
      <Form.Item name="carrierCode" label={t('aftersale.carrier')}>
        <Select
          options={Object.entries(CARRIERS).map(([value, label]) => ({ value, label }))}
          showSearch={{ optionFilterProp: 'label' }}
        />
      </Form.Item>
      <Form.Item name="trackingNo" label={t('aftersale.trackingNo')}>
        <Input maxLength={40} autoFocus />
      </Form.Item>
    </FormDialog>
  )
}

export function MessageDialog({ row, onClose }: Props) {
  const { shopId } = useShop()
  const write = useWrite('console.messageAftersale', CASE_STALE)
  return (
    <FormDialog
      title={t('aftersale.message')}
      schema={ROUTES['console.messageAftersale'].body}
      initial={{ text: '', internal: false, files: [] as EvidenceFile[] }}
      toInput={({ text, internal, files }) => ({ text, internal, fileIds: fileIdsOf(files) })}
      submit={(body, idempotencyKey) => write.mutateAsync({ params: { shopId, caseId: row.id }, body, idempotencyKey })}
      onClose={onClose}
      okText={t('aftersale.send')}
    >
      <Form.Item name="text" label={t('aftersale.messageHint')}>
        <Input.TextArea rows={3} maxLength={300} autoFocus />
      </Form.Item>
      <EvidenceField />
      <Form.Item name="internal" valuePropName="checked">
        <Checkbox>{t('aftersale.internal')}</Checkbox>
      </Form.Item>
    </FormDialog>
  )
}

/** The platform decides; an amount only where money goes back at once. */
export function RuleDialog({ row, onClose }: Props) {
  const { done } = useFeedback()
  const rule = useWrite('platform.ruleAftersale', CASE_STALE)
  const mayReturn = row.type !== 'refund' && row.returnParcel === null
  const outcomes = RulingOutcome.options.filter((outcome) => outcome !== 'return' || mayReturn)
  return (
    <FormDialog
      title={t('dispute.rule')}
      schema={ROUTES['platform.ruleAftersale'].body}
      initial={{ outcome: 'refund' as RulingOutcome, amountFen: null as number | null, reason: '' }}
      toInput={({ outcome, amountFen, reason }) => ({
        ...{ outcome, reason },
        ...(outcome === 'refund' && amountFen !== null ? { amountFen } : {}),
      })}
      submit={(body) => rule.mutateAsync({ params: { shopId: row.shopId, caseId: row.id }, body })}
      onDone={() => done(t('dispute.done'))}
      onClose={onClose}
      okText={t('dispute.rule')}
      danger
    >
      <Form.Item name="outcome" label={t('dispute.outcome')}>
        <Radio.Group options={outcomes.map((value) => ({ value, label: say(RULING_OUTCOMES[value]) }))} vertical />
      </Form.Item>
      <Form.Item
        name="amountFen"
        label={t('dispute.amount')}
        extra={t('dispute.amountHint', { amount: formatMoney(row.money.ceilingFen) })}
      >
        <MoneyInput placeholder={formatYuan(row.amountFen)} />
      </Form.Item>
      <Form.Item name="reason" label={t('dispute.reason')}>
        <Input.TextArea rows={3} maxLength={200} />
      </Form.Item>
    </FormDialog>
  )
}
