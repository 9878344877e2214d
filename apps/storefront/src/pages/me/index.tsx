import { type JSX, useState } from '@hooks'
import {
  Button,
  Icon,
  Image,
  Input,
  Link,
  NavBar,
  PhoneButton,
  Screen,
  Sheet,
  SignInPrompt,
  TabBar,
  Tap,
  Text,
  View,
} from '@kit'
import { confirm, forgetSession, toast } from '@platform'
import type { Buyer } from '@zhanggui/contract'
import { useApp } from '../../app.ts'
import { definePage, type ViewProps } from '../../page.ts'
import { isCode, useAct } from '../../parts/use-act.ts'
import './me.css'

interface MeData {
  buyer: Buyer | null
}

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
          <Profile buyer={data.buyer} reload={reload} />
        )}
      </Screen>
      <TabBar current="me" />
    </View>
  )
}

const SHORTCUTS = [
  { state: 'awaiting-payment', text: '待付款', icon: 'clock' },
  { state: 'awaiting-shipment', text: '待发货', icon: 'box' },
  { state: 'shipped', text: '待收货', icon: 'truck' },
  { state: undefined, text: '全部订单', icon: 'list' },
] as const

function Profile({ buyer, reload }: { buyer: Buyer; reload: () => Promise<void> }): JSX.Element {
  const { api, cartCount } = useApp()
  const { act, isBusy } = useAct()
  const [isEditing, setEditing] = useState(false)
  const signOut = () =>
    act(async () => {
      if (!(await confirm({ title: '退出登录？', confirmText: '退出' }))) return
      await api('auth.buyerSignOut')
      forgetSession()
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
        <Tap className="zg-icon-key" label="修改昵称" onTap={() => setEditing(true)}>
          <Icon name="edit" />
        </Tap>
      </View>
      <View className="zg-panel zg-me-shortcuts" role="navigation" label="我的订单">
        {SHORTCUTS.map(({ state, text, icon }) => (
          <Link key={text} className="zg-me-shortcut" to="orders" params={{ state }} isTab>
            <Icon name={icon} />
            <Text>{text}</Text>
          </Link>
        ))}
      </View>
      <View className="zg-panel zg-me-list">
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
      <Sheet isOpen={isEditing} onClose={() => setEditing(false)} title="修改昵称">
        <NicknameForm
          nickname={buyer.nickname}
          onSaved={() => {
            setEditing(false)
            toast('昵称已修改', 'good')
            void reload()
          }}
        />
      </Sheet>
    </View>
  )
}

const MOST_CHARS = 30

function NicknameForm({ nickname, onSaved }: { nickname: string; onSaved: () => void }): JSX.Element {
  const { api } = useApp()
  const { act, isBusy } = useAct()
  const [text, setText] = useState(nickname)
  const isEmpty = text.trim() === ''
  const save = () =>
    act(async () => {
      await api('buyer.updateProfile', { body: { nickname: text.trim() } })
      onSaved()
    })
  return (
    <View className="zg-form">
      <Input
        label="昵称"
        value={text}
        onInput={setText}
        maxLength={MOST_CHARS}
        error={isEmpty ? '昵称不能为空' : undefined}
        onConfirm={save}
      />
      <Button isBlock isBusy={isBusy} isDisabled={isEmpty} onTap={save}>
        保存
      </Button>
    </View>
  )
}

export default definePage<'me', MeData>({
  name: 'me',
  access: 'guest',
  load: async ({ api }) => {
    try {
      return { buyer: await api('buyer.me') }
    } catch (error) {
      if (isCode(error, 'SIGN_IN_REQUIRED', 'SESSION_EXPIRED')) return { buyer: null }
      throw error
    }
  },
  head: () => ({ title: '我的' }),
  View: MeView,
})
