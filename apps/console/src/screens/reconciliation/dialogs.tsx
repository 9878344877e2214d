import { type Difference, ROUTES } from '@zhanggui/contract'
import { formatMoney } from '@zhanggui/contract/money'
import { Alert, Form, Input } from 'antd'
import { useShop } from '../../app/session.tsx'
import { t } from '../../i18n/index.ts'
import { useWrite } from '../../kit/api.ts'
import { useFeedback } from '../../kit/feedback.tsx'
import { FormDialog } from '../../kit/form-dialog.tsx'

export const DIFFERENCE_STALE = ['console.reconciliationDays', 'console.differences', 'console.difference'] as const

const Reason = ROUTES['console.acceptDifference'].body.pick({ reason: true })

/** Closes a difference with a reason: as it is, or with a posting. */
export function CloseDialog({ row, how, onClose }: { row: Difference; how: 'accept' | 'adjust'; onClose: () => void }) {
  const { shopId } = useShop()
  const { done } = useFeedback()
  const accept = useWrite('console.acceptDifference', DIFFERENCE_STALE)
  const adjust = useWrite('console.adjustDifference', DIFFERENCE_STALE)
  const write = how === 'accept' ? accept : adjust
  const fen = row.adjustFen ?? 0
  return (
    <FormDialog
      title={t(how === 'accept' ? 'reconcile.accept' : 'reconcile.adjust')}
      schema={Reason}
      initial={{ reason: '' }}
      submit={({ reason }) =>
        write.mutateAsync({ params: { shopId, differenceId: row.id }, body: { reason, version: row.version } })
      }
      onDone={() => done(t('action.saved'))}
      onClose={onClose}
    >
      {how === 'adjust' && (
        <Alert
          type="warning"
          showIcon
          title={t(fen > 0 ? 'reconcile.adjustUp' : 'reconcile.adjustDown', { amount: formatMoney(Math.abs(fen)) })}
        />
      )}
      <Form.Item name="reason" label={t('reconcile.reason')} extra={t('reconcile.reasonHint')}>
        <Input.TextArea maxLength={300} rows={3} showCount />
      </Form.Item>
    </FormDialog>
  )
}
