import { INVOICE_TITLE_KINDS, INVOICE_TYPES, type InvoiceDetail, type InvoiceRow, ROUTES } from '@zhanggui/contract'
import { formatMoney, formatYuan } from '@zhanggui/contract/money'
import { Alert, DatePicker, Descriptions, Form, Input, Modal, Skeleton, Typography } from 'antd'
import dayjs from 'dayjs'
import { useShop } from '../../app/session.tsx'
import { say, t } from '../../i18n/index.ts'
import { useRead, useWrite } from '../../kit/api.ts'
import { type EvidenceFile, EvidenceInput, fileIdsOf } from '../../kit/evidence-input.tsx'
import { useFeedback } from '../../kit/feedback.tsx'
import { FormDialog } from '../../kit/form-dialog.tsx'
import { Money } from '../../kit/money.tsx'

const STALE = ['console.invoices', 'console.invoice', 'console.todo'] as const

interface Props {
  row: InvoiceRow
  onClose: () => void
}

const Copied = ({ text, shown = text }: { text: string; shown?: string }) => (
  <Typography.Text copyable={{ text, tooltips: false }} className="num">
    {shown}
  </Typography.Text>
)

/** What to type into the tax bureau's form, each to be copied; then what came out of it. */
export function IssueDialog({ row, onClose }: Props) {
  const { shopId } = useShop()
  const { data } = useRead('console.invoice', { params: { shopId, invoiceId: row.id } })
  if (!data)
    return (
      <Modal open title={t('invoice.issueTitle', { orderNo: row.orderNo })} footer={null} onCancel={onClose}>
        <Skeleton active />
      </Modal>
    )
  return <IssueForm detail={data} onClose={onClose} />
}

function IssueForm({ detail, onClose }: { detail: InvoiceDetail; onClose: () => void }) {
  const { shopId } = useShop()
  const { done } = useFeedback()
  const issue = useWrite('console.issueInvoice', STALE)
  return (
    <FormDialog
      title={t('invoice.issueTitle', { orderNo: detail.orderNo })}
      schema={ROUTES['console.issueInvoice'].body}
      initial={{ number: '', issuedOn: dayjs(), link: '', files: [] as EvidenceFile[] }}
      toInput={({ files, issuedOn, ...values }) => ({
        ...values,
        ...{ issuedOn: issuedOn?.format('YYYY-MM-DD'), amountFen: detail.amountFen, fileIds: fileIdsOf(files) },
      })}
      submit={(body) => issue.mutateAsync({ params: { shopId, invoiceId: detail.id }, body })}
      onDone={() => done(t('invoice.issued'))}
      onClose={onClose}
      okText={t('invoice.issue')}
      width={640}
    >
      <WhatToIssue detail={detail} />
      <div className="pair">
        <Form.Item name="number" label={t('invoice.number')}>
          <Input maxLength={20} autoComplete="off" className="num" inputMode="numeric" autoFocus />
        </Form.Item>
        <Form.Item name="issuedOn" label={t('invoice.issuedOn')}>
          <DatePicker className="wide" maxDate={dayjs()} allowClear={false} />
        </Form.Item>
      </div>
      <Form.Item name="link" label={t('invoice.link')} extra={t('invoice.linkHint')}>
        <Input maxLength={500} autoComplete="off" placeholder="https://" />
      </Form.Item>
      <Form.Item name="files" label={t('invoice.pictures')}>
        <EvidenceInput route="console.uploadInvoice" label={t('personal.addPicture')} most={3} picturesOnly />
      </Form.Item>
    </FormDialog>
  )
}

function WhatToIssue({ detail }: { detail: InvoiceDetail }) {
  return (
    <div className="gap-bottom">
      <Descriptions
        size="small"
        column={1}
        bordered
        items={[
          {
            key: 'type',
            label: t('invoice.type'),
            children: `${say(INVOICE_TYPES[detail.type])} · ${say(INVOICE_TITLE_KINDS[detail.kind])}`,
          },
          { key: 'title', label: t('invoice.title'), children: <Copied text={detail.title} /> },
          ...(detail.taxNo === ''
            ? []
            : [{ key: 'taxNo', label: t('invoice.taxNo'), children: <Copied text={detail.taxNo} /> }]),
          {
            key: 'amount',
            label: t('invoice.amount'),
            children: <Copied text={formatYuan(detail.amountFen)} shown={formatMoney(detail.amountFen)} />,
          },
          ...detail.lines.map((line) => ({
            key: `rate-${line.rateBp}`,
            label: t('invoice.rate', { rate: line.rateBp / 100 }),
            children: (
              <span className="cell-text">
                <span>
                  <Money fen={line.netFen} strong />{' '}
                  <span className="faint">{t('invoice.ofWhichTax', { tax: formatMoney(line.taxFen) })}</span>
                </span>
                {line.goods.map((good) => (
                  <span className="faint" key={`${good.title}${good.options}`}>
                    {[good.title, good.options].filter(Boolean).join(' ')} ×{good.quantity}
                  </span>
                ))}
              </span>
            ),
          })),
        ]}
      />
    </div>
  )
}

export function RefuseInvoiceDialog({ row, onClose }: Props) {
  const { shopId } = useShop()
  const { done } = useFeedback()
  const refuse = useWrite('console.refuseInvoice', STALE)
  return (
    <FormDialog
      title={t('invoice.refuseTitle', { orderNo: row.orderNo })}
      schema={ROUTES['console.refuseInvoice'].body}
      initial={{ reason: '' }}
      submit={(body) => refuse.mutateAsync({ params: { shopId, invoiceId: row.id }, body })}
      onDone={() => done(t('invoice.refused'))}
      onClose={onClose}
      okText={t('invoice.refuse')}
      danger
    >
      <Form.Item name="reason" label={t('personal.refuseReason')}>
        <Input maxLength={100} autoFocus placeholder={t('invoice.reasonExample')} />
      </Form.Item>
    </FormDialog>
  )
}

/** A red invoice was issued at the tax bureau; it is written down here. */
export function ReverseDialog({ row, onClose }: Props) {
  const { shopId } = useShop()
  const { done } = useFeedback()
  const reverse = useWrite('console.reverseInvoice', STALE)
  return (
    <FormDialog
      title={t('invoice.reverseTitle', { number: row.number ?? '' })}
      schema={ROUTES['console.reverseInvoice'].body}
      initial={{ number: '', reason: '' }}
      submit={(body) => reverse.mutateAsync({ params: { shopId, invoiceId: row.id }, body })}
      onDone={() => done(t('invoice.reversed'))}
      onClose={onClose}
      okText={t('invoice.reverse')}
      danger
    >
      <Alert
        className="gap-bottom"
        type="warning"
        showIcon
        title={t('invoice.reverseHint', { amount: formatMoney(row.amountFen) })}
      />
      <Form.Item name="number" label={t('invoice.redNumber')}>
        <Input maxLength={20} autoComplete="off" className="num" inputMode="numeric" autoFocus />
      </Form.Item>
      <Form.Item name="reason" label={t('invoice.reverseReason')}>
        <Input maxLength={100} placeholder={row.mustReverse ? t('invoice.becauseRefund') : ''} />
      </Form.Item>
    </FormDialog>
  )
}
