import { type PayoutAccount, ROUTES, type WithdrawalLimits } from '@zhanggui/contract'
import { formatMoney } from '@zhanggui/contract/money'
import { Alert, Form, Input } from 'antd'
import { useShop } from '../../app/session.tsx'
import { t } from '../../i18n/index.ts'
import { useWrite } from '../../kit/api.ts'
import { useFeedback } from '../../kit/feedback.tsx'
import { FormDialog } from '../../kit/form-dialog.tsx'
import { MoneyInput } from '../../kit/money.tsx'
import { BuyerPicker } from '../members/buyer-picker.tsx'

export const MONEY_STALE = [
  'console.balances',
  'console.payoutAccount',
  'console.withdrawals',
  'console.withdrawal',
  'console.deposits',
] as const

export function WithdrawDialog({ limits, onClose }: { limits: WithdrawalLimits; onClose: () => void }) {
  const { shopId } = useShop()
  const { done } = useFeedback()
  const write = useWrite('console.withdraw', MONEY_STALE)
  return (
    <FormDialog
      title={t('settle.withdraw')}
      schema={ROUTES['console.withdraw'].body}
      initial={{ amountFen: limits.mostFen as number }}
      submit={(body, idempotencyKey) => write.mutateAsync({ params: { shopId }, body, idempotencyKey })}
      onDone={() => done(t('settle.withdrawAsked'))}
      onClose={onClose}
      okText={t('settle.withdraw')}
    >
      <Form.Item
        name="amountFen"
        label={t('settle.amount')}
        extra={t('settle.between', { min: formatMoney(limits.minFen), max: formatMoney(limits.mostFen) })}
      >
        <MoneyInput />
      </Form.Item>
      <Alert type="info" showIcon title={t('settle.confirmHint')} />
    </FormDialog>
  )
}

export function AccountDialog({ account, onClose }: { account: PayoutAccount | null; onClose: () => void }) {
  const { shopId } = useShop()
  const { done } = useFeedback()
  const write = useWrite('console.setPayoutAccount', MONEY_STALE)
  return (
    <FormDialog
      title={t('settle.account')}
      schema={ROUTES['console.setPayoutAccount'].body}
      initial={{ buyerId: account?.buyerId ?? '', realName: '', version: account?.version ?? 0 }}
      toInput={(values) => ({ ...values, version: account?.version ?? 0 })}
      submit={(body) => write.mutateAsync({ params: { shopId }, body })}
      onDone={() => done(t('action.saved'))}
      onClose={onClose}
    >
      <Form.Item name="buyerId" label={t('settle.receiver')} extra={t('settle.receiverHint')}>
        <BuyerPicker />
      </Form.Item>
      <Form.Item name="realName" label={t('settle.realName')} extra={t('settle.realNameHint')}>
        <Input maxLength={30} autoComplete="off" />
      </Form.Item>
      {account && <Alert type="warning" showIcon title={t('settle.accountChangeHint')} />}
    </FormDialog>
  )
}
