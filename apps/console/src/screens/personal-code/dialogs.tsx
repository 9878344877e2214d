import { type PersonalPaymentRow, type PersonalRefundRow, ROUTES } from '@zhanggui/contract'
import { formatMoney } from '@zhanggui/contract/money'
import { Alert, Checkbox, Form, Input } from 'antd'
import { useShop } from '../../app/session.tsx'
import { t } from '../../i18n/index.ts'
import { useWrite } from '../../kit/api.ts'
import { type EvidenceFile, EvidenceInput, fileIdsOf } from '../../kit/evidence-input.tsx'
import { useFeedback } from '../../kit/feedback.tsx'
import { FormDialog } from '../../kit/form-dialog.tsx'
import { InstantInput } from '../../kit/instant-input.tsx'
import { MoneyInput } from '../../kit/money.tsx'
import { PictureStrip } from '../../kit/picture-strip.tsx'

const STALE = [
  'console.personalPayments',
  'console.personalRefunds',
  'console.personalDays',
  'console.personalCodes',
  'console.order',
  'console.orders',
] as const

interface Props<Row> {
  row: Row
  onClose: () => void
}

const EvidenceField = ({ label }: { label: string }) => (
  <Form.Item name="files" label={label}>
    <EvidenceInput route="console.uploadPersonalCode" label={t('personal.addPicture')} picturesOnly />
  </Form.Item>
)

/** What the buyer shows, beside what staff saw in WeChat. */
export function ConfirmDialog({ row, onClose }: Props<PersonalPaymentRow>) {
  const { shopId } = useShop()
  const { done } = useFeedback()
  const confirm = useWrite('console.confirmPersonalPayment', STALE)
  return (
    <FormDialog
      title={t('personal.confirmTitle', { orderNo: row.orderNo })}
      schema={ROUTES['console.confirmPersonalPayment'].body}
      initial={{
        receivedFen: row.amountFen as number | null,
        receivedAt: (row.claimedAt ?? row.openedAt) as string | null,
        ...{ transactionNo: '', files: [] as EvidenceFile[], giveBack: false },
      }}
      toInput={({ files, ...values }) => ({ ...values, fileIds: fileIdsOf(files) })}
      submit={(body) => confirm.mutateAsync({ params: { shopId, personalPaymentId: row.id }, body })}
      onDone={() => done(t('personal.confirmed'))}
      onClose={onClose}
      okText={t('personal.confirm')}
    >
      <Alert
        className="gap-bottom"
        type="warning"
        showIcon
        title={t('personal.confirmHint', { amount: formatMoney(row.amountFen), code: row.codeLabel })}
      />
      {(row.evidence.length > 0 || row.note !== '') && (
        <div className="stack-s gap-bottom">
          {row.note !== '' && <span>{t('personal.buyerSays', { note: row.note })}</span>}
          <PictureStrip files={row.evidence} alt={t('personal.evidence')} size={120} />
        </div>
      )}
      <div className="pair">
        <Form.Item name="receivedFen" label={t('personal.receivedFen')}>
          <MoneyInput />
        </Form.Item>
        <Form.Item name="receivedAt" label={t('personal.receivedAt')}>
          <InstantInput />
        </Form.Item>
      </div>
      <Form.Item name="transactionNo" label={t('personal.transactionNo')} extra={t('personal.transactionHint')}>
        <Input maxLength={40} autoComplete="off" className="num" autoFocus />
      </Form.Item>
      <EvidenceField label={t('personal.staffEvidence')} />
      <Form.Item name="giveBack" valuePropName="checked" extra={t('personal.giveBackHint')}>
        <Checkbox>{t('personal.giveBack')}</Checkbox>
      </Form.Item>
    </FormDialog>
  )
}

export function RefuseDialog({ row, onClose }: Props<PersonalPaymentRow>) {
  const { shopId } = useShop()
  const { done } = useFeedback()
  const refuse = useWrite('console.refusePersonalPayment', STALE)
  return (
    <FormDialog
      title={t('personal.refuse')}
      schema={ROUTES['console.refusePersonalPayment'].body}
      initial={{ reason: '' }}
      submit={(body) => refuse.mutateAsync({ params: { shopId, personalPaymentId: row.id }, body })}
      onDone={() => done(t('personal.refused'))}
      onClose={onClose}
      okText={t('personal.refuse')}
      danger
    >
      <Form.Item name="reason" label={t('personal.refuseReason')}>
        <Input maxLength={100} autoFocus />
      </Form.Item>
    </FormDialog>
  )
}

/** The money was sent back by hand: by which transfer, when, and the proof. */
export function RecordDialog({ row, onClose }: Props<PersonalRefundRow>) {
  const { shopId } = useShop()
  const { done } = useFeedback()
  const record = useWrite('console.recordPersonalRefund', STALE)
  const amount = formatMoney(row.amountFen)
  return (
    <FormDialog
      title={t('personal.recordTitle', { amount })}
      schema={ROUTES['console.recordPersonalRefund'].body}
      initial={{ transactionNo: '', paidAt: new Date().toISOString() as string | null, files: [] as EvidenceFile[] }}
      toInput={({ files, ...values }) => ({ ...values, fileIds: fileIdsOf(files) })}
      submit={(body) => record.mutateAsync({ params: { shopId, personalRefundId: row.id }, body })}
      onDone={() => done(t('personal.recordDone'))}
      onClose={onClose}
      okText={t('personal.record')}
    >
      <Alert
        className="gap-bottom"
        type="warning"
        showIcon
        title={t('personal.recordHint', { amount, buyer: row.buyerNickname })}
      />
      <Form.Item name="transactionNo" label={t('personal.transactionNo')} extra={t('personal.transactionHint')}>
        <Input maxLength={40} autoComplete="off" className="num" autoFocus />
      </Form.Item>
      <Form.Item name="paidAt" label={t('personal.paidAt')}>
        <InstantInput />
      </Form.Item>
      <EvidenceField label={t('personal.refundEvidence')} />
      <Form.Item name="fileIds" noStyle>
        <span />
      </Form.Item>
    </FormDialog>
  )
}
