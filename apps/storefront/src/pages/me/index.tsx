import type { JSX } from '@hooks'
import { Button, Icon, Image, Link, NavBar, PhoneButton, Screen, SignInPrompt, TabBar, Text, View } from '@kit'
import { timeText } from '@model/texts.ts'
import { confirm, forgetSession, toast } from '@platform'
import type { Buyer } from '@zhanggui/contract'
import { useApp } from '../../app.ts'
import { definePage, type ViewProps } from '../../page.ts'
import { forgetConsents } from '../../parts/consent-ask.tsx'
import { isCode, useAct } from '../../parts/use-act.ts'
import './me.css'

interface Counts {
  awaitingPayment: number
  awaitingShipment: number
  shipped: number
  refunding: number
}

interface MeData {
  buyer: Buyer | null
  counts: Counts
  level: { name: string; since: string } | null
  /** Whether there is money that a shop owes or sends the person. */
  isEarning: boolean
}

const NO_COUNTS: Counts = { awaitingPayment: 0, awaitingShipment: 0, shipped: 0, refunding: 0 }

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

const SHORTCUTS = [
  { state: 'awaiting-payment', count: 'awaitingPayment', text: '待付款', icon: 'clock' },
  { state: 'awaiting-shipment', count: 'awaitingShipment', text: '待发货', icon: 'box' },
  { state: 'shipped', count: 'shipped', text: '待收货', icon: 'truck' },
  { state: 'refunding', count: 'refunding', text: '退款中', icon: 'shield' },
  { state: undefined, count: undefined, text: '全部订单', icon: 'list' },
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
        {SHORTCUTS.map(({ state, count, text, icon }) => (
          <Link key={text} className="zg-me-shortcut" to="orders" params={{ state }} isTab>
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
        {isEarning && (
          <Link className="zg-me-row" to="earnings" params={{}} testId="earnings">
            <Icon name="bag" />
            <Text className="zg-grow">收益与提现</Text>
            <Icon name="chevron" className="zg-me-chevron" />
          </Link>
        )}
        <Link className="zg-me-row" to="aftersales" params={{}} testId="aftersales">
          <Icon name="shield" />
          <Text className="zg-grow">退款/售后</Text>
          <Icon name="chevron" className="zg-me-chevron" />
        </Link>
        <Link className="zg-me-row" to="my-reviews" params={{}} testId="my-reviews">
          <Icon name="edit" />
          <Text className="zg-grow">我的评价</Text>
          <Icon name="chevron" className="zg-me-chevron" />
        </Link>
        <Link className="zg-me-row" to="favourites" params={{}} testId="favourites">
          <Icon name="spark" />
          <Text className="zg-grow">我的收藏</Text>
          <Icon name="chevron" className="zg-me-chevron" />
        </Link>
        <Link className="zg-me-row" to="seen" params={{}} testId="seen">
          <Icon name="clock" />
          <Text className="zg-grow">浏览足迹</Text>
          <Icon name="chevron" className="zg-me-chevron" />
        </Link>
        <Link className="zg-me-row" to="privacy" params={{}} testId="privacy">
          <Icon name="shield" />
          <Text className="zg-grow">隐私设置</Text>
          <Icon name="chevron" className="zg-me-chevron" />
        </Link>
        <Link className="zg-me-row" to="addresses" params={{}} testId="addresses">
          <Icon name="pin" />
          <Text className="zg-grow">收货地址</Text>
          <Icon name="chevron" className="zg-me-chevron" />
        </Link>
        <Link className="zg-me-row" to="cart" params={{}} isTab>
          <Icon name="cart" />
          <Text className="zg-grow">购物车</Text>
          <Icon name="chevron" className="zg-me-chevron" />
        </Link>
      </View>
      <Button kind="plain" isBlock isBusy={isBusy} testId="sign-out" onTap={signOut}>
        退出登录
      </Button>
    </View>
  )
}

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
