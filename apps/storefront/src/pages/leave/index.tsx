import { type JSX, useState } from '@hooks'
import { Button, Check, Icon, NavBar, Screen, Text, TextArea, View } from '@kit'
import { timeText } from '@model/texts.ts'
import { confirm, forgetSession, redirect } from '@platform'
import type { AccountDeletion } from '@zhanggui/contract'
import { useApp } from '../../app.ts'
import { definePage, type ViewProps } from '../../page.ts'
import { forgetConsents } from '../../parts/consent-ask.tsx'
import { useAct } from '../../parts/use-act.ts'
import './leave.css'

const MOST_CHARS = 200

const GONE = [
  '昵称、头像、手机号、生日和微信登录绑定',
  '收货地址、购物车、收藏、浏览足迹和到货提醒',
  '会员等级和店铺给你的消息',
]
const KEPT = [
  '订单、付款和退款记录：依《电子商务法》保存不少于三年，其中的收货人信息会清除',
  '已发布的评价：不再显示你的昵称',
  '你同意协议的记录：不含个人信息，用于证明',
]

/** Deleting the account: what stands in the way, what goes, what stays and why, and how to come back. (GOV-08) */
function LeaveView({ data }: ViewProps<'leave', AccountDeletion>): JSX.Element {
  const { api, cartCount } = useApp()
  const { act, isBusy } = useAct()
  const [state, setState] = useState(data)
  const [reason, setReason] = useState('')
  const [isRead, setRead] = useState(false)
  const { blockers, coolingDays } = state
  const leave = () =>
    act(async () => {
      const isSure = await confirm({
        title: '确定注销账号？',
        content: `提交后会退出所有设备。${coolingDays} 天内重新登录即取消，到期后不能恢复。`,
        confirmText: '确定注销',
        isDanger: true,
      })
      if (!isSure) return
      setState(await api('buyer.requestDeletion', { body: { reason: reason.trim() } }))
      forgetSession()
      forgetConsents()
      cartCount.set(0)
    })
  return (
    <View>
      <NavBar title="注销账号" back="privacy" />
      <Screen className="zg-screen-narrow">
        {state.state === 'waiting' ? (
          <View className="zg-panel" testId="leaving">
            <Text as="h2" className="zg-panel-title">
              已申请注销
            </Text>
            <Text as="p">
              {state.dueAt === null ? '' : timeText(state.dueAt)}{' '}
              之后清除你的个人信息。在此之前重新登录，注销会自动取消。
            </Text>
            <Button kind="soft" isBlock onTap={() => redirect('home', {})}>
              返回首页
            </Button>
          </View>
        ) : (
          <View>
            {blockers.length > 0 && (
              <View className="zg-panel" role="alert" testId="leave-blocked">
                <Text as="h2" className="zg-panel-title">
                  现在还不能注销
                </Text>
                {blockers.map((text) => (
                  <View className="zg-leave-line" key={text}>
                    <Icon name="warn" />
                    <Text className="zg-grow">{text}</Text>
                  </View>
                ))}
              </View>
            )}
            <List title="注销后会清除" items={GONE} />
            <List title="依法需要保留" items={KEPT} />
            {blockers.length === 0 && (
              <View className="zg-panel zg-form">
                <TextArea
                  label="为什么离开（选填）"
                  value={reason}
                  onInput={setReason}
                  maxLength={MOST_CHARS}
                  placeholder="告诉我们哪里做得不好"
                  testId="leave-reason"
                />
                <Check isChecked={isRead} onChange={setRead} label="我已了解注销的后果" testId="leave-read">
                  <Text>我已了解注销的后果</Text>
                </Check>
                <Button kind="danger" isBlock isBusy={isBusy} isDisabled={!isRead} testId="leave" onTap={leave}>
                  申请注销（{coolingDays} 天冷静期）
                </Button>
              </View>
            )}
          </View>
        )}
      </Screen>
    </View>
  )
}

const List = ({ title, items }: { title: string; items: readonly string[] }): JSX.Element => (
  <View className="zg-panel">
    <Text as="h2" className="zg-panel-title">
      {title}
    </Text>
    {items.map((text) => (
      <View className="zg-leave-line" key={text}>
        <Text className="zg-grow">{text}</Text>
      </View>
    ))}
  </View>
)

export default definePage<'leave', AccountDeletion>({
  name: 'leave',
  access: 'buyer',
  load: ({ api }) => api('buyer.deletion'),
  head: () => ({ title: '注销账号' }),
  View: LeaveView,
})
