import { type JSX, useRef, useState } from '@hooks'
import { Button, Empty, Input, NavBar, Screen, Text, View } from '@kit'
import { amountTrouble, feeOf } from '@model/earnings.ts'
import { fenOf } from '@model/yuan.ts'
import { newKey, redirect, toast } from '@platform'
import type { WithdrawalLimits } from '@zhanggui/contract'
import { formatMoney, formatYuan } from '@zhanggui/contract/money'
import { useApp } from '../../app.ts'
import { definePage, type ViewProps } from '../../page.ts'
import '../../parts/earnings.css'
import { SumRow } from '../../parts/order-line.tsx'
import { useAct } from '../../parts/use-act.ts'

type Limits = WithdrawalLimits & { partyName: string; shopName: string }

function WithdrawView({ data, params }: ViewProps<'withdraw', Limits>): JSX.Element {
  return (
    <View>
      <NavBar title="提现到微信" back="earnings" />
      <Screen className="zg-screen-narrow">
        {data.mostFen > 0 ? (
          <Form limits={data} at={{ shopId: params.shopId, partyId: params.party }} />
        ) : (
          <Empty icon="clock" title="现在不能提现" text={whyNot(data)} />
        )}
      </Screen>
    </View>
  )
}

function whyNot({ owedFen, availableFen, minFen, dayFen, usedTodayFen }: Limits): string {
  if (owedFen > 0) return `有 ${formatMoney(owedFen)} 欠款，之后的收益会先抵扣`
  if (availableFen < minFen) return `可提现 ${formatMoney(availableFen)}，每笔最少 ${formatMoney(minFen)}`
  return `今天已提 ${formatMoney(usedTodayFen)}，每天最多 ${formatMoney(dayFen)}，明天再来`
}

/** The amount, with its limits and fee said before it is sent. (PAY-05) */
function Form({ limits, at }: { limits: Limits; at: { shopId: string; partyId: string } }): JSX.Element {
  const { api } = useApp()
  const { isBusy, act } = useAct()
  const [text, setText] = useState('')
  const key = useRef('')
  const amountFen = fenOf(text)
  const trouble = amountTrouble(amountFen, limits)
  const fee = trouble === undefined ? feeOf(amountFen!, limits.feeBp) : undefined
  const change = (value: string) => {
    // another amount is another withdrawal
    key.current = ''
    setText(value)
  }
  const send = () => {
    if (trouble !== undefined) return
    act(async () => {
      key.current ||= newKey()
      await api('buyer.withdrawShare', { params: at, idempotencyKey: key.current, body: { amountFen: amountFen! } })
      toast('已提交，请确认收款', 'good')
      redirect('earnings', {})
    })
  }
  return (
    <View>
      <View className="zg-panel zg-payout">
        <Text className="zg-small zg-muted">
          {limits.shopName} · {limits.partyName}
        </Text>
        <Text as="p">可提现</Text>
        <Text className="zg-earn-main">{formatMoney(limits.availableFen)}</Text>
        <Input
          label="提现金额（元）"
          value={text}
          onInput={change}
          onConfirm={send}
          maxLength={12}
          placeholder={`最多 ${formatYuan(limits.mostFen)}`}
          {...(text !== '' && trouble !== undefined && { error: trouble })}
          testId="amount"
        />
        <Button kind="soft" size="small" onTap={() => change(formatYuan(limits.mostFen))} testId="all">
          全部提现
        </Button>
      </View>
      <View className="zg-panel">
        <SumRow name="手续费" {...(limits.feeBp > 0 && { note: `${limits.feeBp / 100}%` })}>
          {limits.feeBp === 0 ? '免费' : fee === undefined ? '—' : formatMoney(fee)}
        </SumRow>
        <SumRow name="到账微信零钱" isStrong>
          {fee === undefined ? '—' : formatMoney(amountFen! - fee)}
        </SumRow>
        <Text as="p" className="zg-small zg-muted">
          每笔 {formatMoney(limits.minFen)} 到 {formatMoney(limits.maxFen)}，每天最多 {formatMoney(limits.dayFen)}
          。提交后需在微信里确认收款。
        </Text>
      </View>
      <Button
        kind="primary"
        size="large"
        isBlock
        isBusy={isBusy}
        isDisabled={trouble !== undefined}
        onTap={send}
        testId="send"
      >
        提现
      </Button>
    </View>
  )
}

export default definePage<'withdraw', Limits>({
  name: 'withdraw',
  access: 'buyer',
  load: ({ api, params }) => api('buyer.partyWithdrawal', { params: { shopId: params.shopId, partyId: params.party } }),
  head: () => ({ title: '提现到微信' }),
  View: WithdrawView,
})
