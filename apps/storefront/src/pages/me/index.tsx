import type { JSX } from '@hooks'
import { Button, Icon, Image, Link, NavBar, PhoneButton, Screen, SignInPrompt, TabBar, Text, View } from '@kit'
import { timeText } from '@model/texts.ts'
import { confirm, forgetSession, toast } from '@platform'
import type { Buyer } from '@zhanggui/contract'
import { useApp } from '../../app.ts'
import type { IconName } from '../../kit/types.ts'
import { definePage, type ViewProps } from '../../page.ts'
import { forgetConsents } from '../../parts/consent-ask.tsx'
import { isCode, useAct } from '../../parts/use-act.ts'
import './me.css'

interface Counts {
  awaitingPayment: number
  awaitingShipment: number
  shipped: number
  aftersales: number
}

interface MeData {
  buyer: Buyer | null
  counts: Counts
  level: { name: string; since: string } | null
  /** Whether there is money that a shop owes or sends the person. */
  isEarning: boolean
}

const NO_COUNTS: Counts = { awaitingPayment: 0, awaitingShipment: 0, shipped: 0, aftersales: 0 }

function MeView({ data, reload }: ViewProps<'me', MeData>): JSX.Element {
  return (
    <View>
      <NavBar title="我的" />
      <Screen className="zg-screen-narrow">
        {data.buyer === null ? (
          <View className="zg-panel">
            <SignInPrompt title="登录后查看订单和地址" />
          </View>
        ) : (
          <Profile {...data} buyer={data.buyer} reload={reload} />
        )}
      </Screen>
      <TabBar current="me" />
    </View>
  )
}

const MOST_COUNTED = 99

/** Where the buyer's orders stand; refunds and returns have a list of their own. */
const SHORTCUTS = [
  { to: 'orders', params: { state: 'awaiting-payment' }, count: 'awaitingPayment', text: '待付款', icon: 'clock' },
  { to: 'orders', params: { state: 'awaiting-shipment' }, count: 'awaitingShipment', text: '待发货', icon: 'box' },
  { to: 'orders', params: { state: 'shipped' }, count: 'shipped', text: '待收货', icon: 'truck' },
  { to: 'aftersales', params: {}, count: 'aftersales', text: '退款/售后', icon: 'refund' },
  { to: 'orders', params: {}, count: undefined, text: '全部订单', icon: 'list' },
] as const

const ROWS = [
  { to: 'my-reviews', text: '我的评价', icon: 'star' },
  { to: 'favourites', text: '我的收藏', icon: 'heart' },
  { to: 'seen', text: '浏览足迹', icon: 'eye' },
  { to: 'addresses', text: '收货地址', icon: 'pin' },
  { to: 'privacy', text: '隐私设置', icon: 'shield' },
] as const

interface ProfileProps extends Omit<MeData, 'buyer'> {
  buyer: Buyer
  reload: () => Promise<void>
}

function Profile({ buyer, counts, level, isEarning, reload }: ProfileProps): JSX.Element {
  const { api, cartCount } = useApp()
  const { act, isBusy } = useAct()
  const signOut = () =>
    act(async () => {
      if (!(await confirm({ title: '退出登录？', confirmText: '退出' }))) return
      await api('auth.buyerSignOut')
      forgetSession()
      forgetConsents()
      cartCount.set(0)
      await reload()
    })
  const bindPhone = (code: string) =>
    act(async () => {
      await api('buyer.bindPhone', { body: { code } })
      toast('手机号已绑定', 'good')
      await reload()
    })
  return (
    <View>
      <View className="zg-panel zg-me-head">
        <View className="zg-me-face">
          {buyer.avatarUrl === null ? (
            <Text>{buyer.nickname.slice(0, 1)}</Text>
          ) : (
            <Image picture={{ fileId: buyer.id, url: buyer.avatarUrl, width: 56, height: 56 }} alt="" sizes="56px" />
          )}
        </View>
        <View className="zg-grow">
          <Text as="h2" className="zg-me-name zg-clip" testId="nickname">
            {buyer.nickname}
          </Text>
          <Text className="zg-small zg-muted">{buyer.phoneMasked ?? '未绑定手机号'}</Text>
        </View>
        {buyer.phoneMasked === null && (
          <PhoneButton isBusy={isBusy} testId="bind-phone" onCode={bindPhone}>
            绑定手机号
          </PhoneButton>
        )}
        <Link className="zg-icon-key" label="修改资料" to="profile" params={{}} testId="profile">
          <Icon name="edit" />
        </Link>
      </View>
      {level !== null && (
        <View className="zg-panel zg-me-level" testId="level">
          <Icon name="spark" />
          <View className="zg-grow">
            <Text as="strong">{level.name}</Text>
            <Text as="p" className="zg-small">
              {timeText(level.since).split(' ')[0]} 起享会员价
            </Text>
          </View>
        </View>
      )}
      <View className="zg-panel zg-me-shortcuts" role="navigation" label="我的订单">
        {SHORTCUTS.map(({ to, params, count, text, icon }) => (
          <Link key={text} className="zg-me-shortcut" to={to} params={params} isTab={to === 'orders'} testId={to}>
            <View className="zg-me-icon">
              <Icon name={icon} />
              {count !== undefined && counts[count] > 0 && (
                <Text className="zg-badge" label={`${counts[count]} 笔`}>
                  {counts[count] > MOST_COUNTED ? `${MOST_COUNTED}+` : String(counts[count])}
                </Text>
              )}
            </View>
            <Text>{text}</Text>
          </Link>
        ))}
      </View>
      <View className="zg-panel zg-me-list">
        {isEarning && <Row to="earnings" text="收益与提现" icon="bag" />}
        {ROWS.map((row) => (
          <Row key={row.to} {...row} />
        ))}
      </View>
      <Button kind="plain" isBlock isBusy={isBusy} testId="sign-out" onTap={signOut}>
        退出登录
      </Button>
    </View>
  )
}

interface RowProps {
  to: 'earnings' | (typeof ROWS)[number]['to']
  text: string
  icon: IconName
}

const Row = ({ to, text, icon }: RowProps): JSX.Element => (
  <Link className="zg-me-row" to={to} params={{}} testId={to}>
    <Icon name={icon} />
    <Text className="zg-grow">{text}</Text>
    <Icon name="chevron" className="zg-me-chevron" />
  </Link>
)

export default definePage<'me', MeData>({
  name: 'me',
  access: 'guest',
  load: async ({ api, shop }) => {
    const params = { shopId: shop.id }
    try {
      const [buyer, counts, { level }, earners, payouts] = await Promise.all([
        api('buyer.me'),
        api('orders.counts', { params }),
        api('buyer.membership', { params }),
        api('buyer.earnings'),
        api('buyer.payouts'),
      ])
      return { buyer, counts, level, isEarning: earners.items.length + payouts.items.length > 0 }
    } catch (error) {
      if (isCode(error, 'SIGN_IN_REQUIRED', 'SESSION_EXPIRED')) {
        return { buyer: null, counts: NO_COUNTS, level: null, isEarning: false }
      }
      throw error
    }
  },
  head: () => ({ title: '我的' }),
  View: MeView,
})
