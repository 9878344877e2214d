import {
  ACCOUNT_ACTIONS,
  ACCOUNT_KINDS,
  type AccountAction,
  type ChannelAccount,
  MAX_PILLARS,
  ROUTES,
} from '@zhanggui/contract'
import { Alert, Checkbox, Form, Input, InputNumber, Modal, Radio, Select } from 'antd'
import { useRef, useState } from 'react'
import { useShop } from '../../app/session.tsx'
import { t } from '../../i18n/index.ts'
import { ApiError, api, errorText, keyOf, queryClient, useRead } from '../../kit/api.ts'
import { useFeedback } from '../../kit/feedback.tsx'
import { FormDialog } from '../../kit/form-dialog.tsx'
import { MoneyInput } from '../../kit/money.tsx'

const refresh = () => {
  for (const id of ['console.channelAccounts', 'console.channelGroups', 'console.matrixReport'] as const)
    void queryClient.invalidateQueries({ queryKey: keyOf(id) })
}

/** Adding an account, or changing one; the kind stays. */
export function AccountDialog({ account, onClose }: { account: ChannelAccount | undefined; onClose: () => void }) {
  const { shopId } = useShop()
  const { done } = useFeedback()
  const groups = useRead('console.channelGroups', { params: { shopId } })
  const common = {
    onClose,
    onDone: () => {
      done(t('action.saved'))
      refresh()
    },
  }
  const fields = (
    <>
      <Form.Item name="name" label={t('accounts.name')}>
        <Input maxLength={40} autoFocus />
      </Form.Item>
      <Form.Item name="positioning" label={t('accounts.positioning')} extra={t('accounts.positioningHint')}>
        <Input.TextArea maxLength={200} autoSize={{ minRows: 2 }} />
      </Form.Item>
      <Form.Item name="groupId" label={t('matrix.belongs')}>
        <Select
          allowClear
          placeholder={t('matrix.noneChosen')}
          options={(groups.data?.items ?? []).map((group) => ({ value: group.id, label: group.name }))}
        />
      </Form.Item>
      <div className="pair">
        <Form.Item name="track" label={t('matrix.track')}>
          <Input maxLength={30} placeholder={t('matrix.trackExample')} />
        </Form.Item>
        <Form.Item name="tone" label={t('matrix.tone')}>
          <Input maxLength={30} placeholder={t('matrix.toneExample')} />
        </Form.Item>
      </div>
      <Form.Item name="audience" label={t('matrix.audience')}>
        <Input maxLength={60} placeholder={t('matrix.audienceExample')} />
      </Form.Item>
      <Form.Item name="pillars" label={t('matrix.pillars')} extra={t('matrix.pillarsHint', { most: MAX_PILLARS })}>
        <Select
          mode="tags"
          maxCount={MAX_PILLARS}
          tokenSeparators={['，', ',', '、', ' ']}
          open={false}
          suffixIcon={null}
        />
      </Form.Item>
      <Form.Item name="wechatId" label={t('accounts.wechatId')}>
        <Input maxLength={64} />
      </Form.Item>
      <Form.Item name="keeper" label={t('accounts.keeper')}>
        <Input maxLength={30} />
      </Form.Item>
      <Form.Item name="friends" label={t('accounts.friends')}>
        <InputNumber className="num" min={0} max={1_000_000} precision={0} />
      </Form.Item>
      <Form.Item name="state" label={t('accounts.state')}>
        <Radio.Group
          options={[
            { value: 'active', label: t('accounts.active') },
            { value: 'paused', label: t('accounts.paused') },
          ]}
        />
      </Form.Item>
    </>
  )
  if (account) {
    const { name, wechatId, positioning, keeper, friends, state, version, groupId, track, audience, tone, pillars } =
      account
    return (
      <FormDialog
        {...common}
        title={t('accounts.edit', { name })}
        schema={ROUTES['console.updateChannelAccount'].body}
        initial={{ name, wechatId, positioning, keeper, friends, state, groupId, track, audience, tone, pillars }}
        toInput={(values) => ({ ...values, groupId: values.groupId ?? null, version })}
        submit={(body) => api('console.updateChannelAccount', { params: { shopId, accountId: account.id }, body })}
      >
        {fields}
      </FormDialog>
    )
  }
  return (
    <FormDialog
      {...common}
      title={t('accounts.add')}
      schema={ROUTES['console.createChannelAccount'].body}
      initial={{
        ...{ kind: 'personal', name: '', wechatId: '', positioning: '', keeper: '', friends: 0, state: 'active' },
        ...{ groupId: null as string | null, track: '', audience: '', tone: '', pillars: [] as string[] },
      }}
      toInput={(values) => ({ ...values, groupId: values.groupId ?? null })}
      submit={(body) => api('console.createChannelAccount', { params: { shopId }, body })}
    >
      <Form.Item name="kind" label={t('accounts.kind')}>
        <Select options={ACCOUNT_KINDS.map((value) => ({ value, label: t(`accounts.kind.${value}`) }))} />
      </Form.Item>
      {fields}
    </FormDialog>
  )
}

/** Counting what a personal number did today; crossing a limit is asked back. */
export function ActionDialog({ account, onClose }: { account: ChannelAccount; onClose: () => void }) {
  const { shopId } = useShop()
  const { done } = useFeedback()
  const [action, setAction] = useState<AccountAction>('friend-add')
  const [amount, setAmount] = useState<number | null>(null)
  const [acknowledged, setAcknowledged] = useState(false)
  const [problem, setProblem] = useState<unknown>()
  const [busy, setBusy] = useState(false)
  const key = useRef(crypto.randomUUID())
  const isLimit = problem instanceof ApiError && problem.code === 'ACCOUNT_LIMIT'
  const mayAcknowledge = isLimit && (problem.body?.data as { canAcknowledge?: boolean } | undefined)?.canAcknowledge
  const change = (next: { action?: AccountAction; amount?: number | null }) => {
    if (next.action) setAction(next.action)
    if ('amount' in next) setAmount(next.amount ?? null)
    setProblem(undefined)
    setAcknowledged(false)
    key.current = crypto.randomUUID()
  }
  const valid = amount !== null && Number.isInteger(amount) && amount > 0
  const submit = async () => {
    if (!valid || busy) return
    setBusy(true)
    try {
      await api('console.recordAccountAction', {
        params: { shopId, accountId: account.id },
        idempotencyKey: key.current,
        body: { action, amount, acknowledged },
      })
      done(t('accounts.counted'))
      refresh()
      onClose()
    } catch (error) {
      setProblem(error)
      key.current = crypto.randomUUID()
    } finally {
      setBusy(false)
    }
  }
  return (
    <Modal
      open
      title={t('accounts.countTitle', { name: account.name })}
      okText={t('accounts.count')}
      cancelText={t('action.cancel')}
      okButtonProps={{ disabled: !valid || (isLimit && !acknowledged), loading: busy }}
      onOk={() => void submit()}
      onCancel={onClose}
    >
      {problem !== undefined && <Alert type="warning" showIcon title={errorText(problem)} />}
      <Form.Item layout="vertical" label={t('accounts.action')}>
        <Radio.Group
          value={action}
          onChange={(event) => change({ action: event.target.value as AccountAction, amount: null })}
          options={ACCOUNT_ACTIONS.map((value) => ({ value, label: t(`accounts.what.${value}`) }))}
        />
      </Form.Item>
      <Form.Item layout="vertical" label={t('accounts.amount')} htmlFor="account-amount">
        {action === 'receipt' ? (
          <MoneyInput id="account-amount" value={amount} onChange={(fen) => change({ amount: fen })} />
        ) : (
          <InputNumber
            id="account-amount"
            className="num"
            min={1}
            max={100_000}
            precision={0}
            value={amount}
            onChange={(value) => change({ amount: value })}
          />
        )}
      </Form.Item>
      {mayAcknowledge && (
        <Checkbox checked={acknowledged} onChange={(event) => setAcknowledged(event.target.checked)}>
          {t('accounts.acknowledge')}
        </Checkbox>
      )}
    </Modal>
  )
}
