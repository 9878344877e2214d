import { type JSX, useEffect, useRef, useState } from '@hooks'
import { Button, Icon, Tag, Text, View } from '@kit'
import { isMoving, PAYOUT_TEXTS, payoutTagKind } from '@model/earnings.ts'
import { timeText } from '@model/texts.ts'
import { receiveTransfer, toast, useOnShow } from '@platform'
import type { Payout } from '@zhanggui/contract'
import { formatMoney } from '@zhanggui/contract/money'
import { useApp } from '../app.ts'
import './earnings.css'
import { useAct } from './use-act.ts'

const POLL_MS = 3_000
/** A transfer that takes longer is looked at again when the person comes back. */
const MOST_POLLS = 20

const ELSEWHERE = '请在微信里打开本店小程序：我的 → 收益与提现，点「确认收款」'

/** Money on its way to the person's WeChat: how it stands, and the confirmation that WeChat asks of them. (PAY-05) */
export function PayoutCard({ payout: given }: { payout: Payout }): JSX.Element {
  const { api } = useApp()
  const { isBusy, act } = useAct()
  const [payout, setPayout] = useState(given)
  const [hint, setHint] = useState<string | undefined>(undefined)
  // asked for only as long as something can still happen by itself
  const [polls, setPolls] = useState(isMoving(given) ? MOST_POLLS : 0)
  const refresh = async () =>
    setPayout(await api('buyer.refreshPayout', { params: { withdrawalId: payout.id } }).catch(() => payout))
  const isOpen = isMoving(payout) || payout.state === 'waiting'
  useEffect(() => {
    if (polls === 0 || !isOpen) return
    const timer = setTimeout(() => void refresh().then(() => setPolls(polls - 1)), POLL_MS)
    return () => clearTimeout(timer)
  }, [polls, isOpen])
  const onShow = useRef(() => {})
  onShow.current = () => isOpen && void refresh()
  useOnShow(useRef(() => onShow.current()).current)
  const confirm = () =>
    act(async () => {
      const outcome = await receiveTransfer(payout.client!)
      if (outcome === 'elsewhere') setHint(ELSEWHERE)
      if (outcome === 'cancelled') toast('没有确认，钱为你保留到期限')
      await refresh()
      setPolls(MOST_POLLS)
    })
  return (
    <View className="zg-panel zg-payout" role="listitem" testId="payout">
      <View className="zg-row">
        <Text as="strong" className="zg-payout-sum">
          {formatMoney(payout.amountFen - payout.feeFen)}
        </Text>
        <Tag kind={payoutTagKind(payout)}>{PAYOUT_TEXTS[payout.state]}</Tag>
      </View>
      <Text as="p" className="zg-small zg-muted">
        {payout.shopName} · {timeText(payout.createdAt)}
        {payout.feeFen > 0 && ` · 提现 ${formatMoney(payout.amountFen)}，手续费 ${formatMoney(payout.feeFen)}`}
      </Text>
      {payout.state === 'waiting' && payout.confirmBefore !== null && (
        <Text as="p" className="zg-small">
          请在 {timeText(payout.confirmBefore)} 前确认，过期自动退回
        </Text>
      )}
      {payout.state === 'failed' && payout.lastError !== null && (
        <Text as="p" className="zg-small zg-muted">
          原因：{payout.lastError}
        </Text>
      )}
      {hint !== undefined && isOpen && (
        <View className="zg-note" role="alert" testId="payout-hint">
          <Icon name="warn" />
          <Text>{hint}</Text>
        </View>
      )}
      {payout.state === 'waiting' && payout.client !== null && (
        <Button kind="trust" isBlock isBusy={isBusy} onTap={confirm} testId="receive">
          确认收款
        </Button>
      )}
    </View>
  )
}
