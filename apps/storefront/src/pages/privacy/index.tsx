import { type JSX, useState } from '@hooks'
import { Icon, Link, NavBar, Screen, Switch, Text, View } from '@kit'
import { timeText } from '@model/texts.ts'
import { confirm, toast } from '@platform'
import type { AccountDeletion, Consent, LegalKind, OwnDataCopy, PrivacyChoices } from '@zhanggui/contract'
import { useApp } from '../../app.ts'
import { definePage, type ViewProps } from '../../page.ts'
import { OwnData } from '../../parts/own-data.tsx'
import { useAct } from '../../parts/use-act.ts'
import './privacy.css'

interface PrivacyData {
  choices: PrivacyChoices
  consents: Consent[]
  copies: OwnDataCopy[]
  deletion: AccountDeletion
}

const SWITCHES: { key: keyof PrivacyChoices; title: string; text: string }[] = [
  { key: 'marketing', title: '接收营销消息', text: '上新、优惠、活动消息；订单和物流通知不受影响' },
  { key: 'personalised', title: '个性化推荐', text: '按你看过、买过的商品推荐；关闭后只看热门' },
  { key: 'keepsHistory', title: '保留浏览足迹', text: '关闭会立即删除全部足迹，之后不再记录' },
]

const TEXTS: { kind: LegalKind; title: string }[] = [
  { kind: 'privacy', title: '隐私政策' },
  { kind: 'agreement', title: '用户协议' },
  { kind: 'after-sale', title: '售后规则' },
  { kind: 'shipping', title: '配送说明' },
  { kind: 'licence', title: '资质证照' },
]

function PrivacyView({ data }: ViewProps<'privacy', PrivacyData>): JSX.Element {
  const { api } = useApp()
  const { act } = useAct()
  const [choices, setChoices] = useState(data.choices)
  const change = (key: keyof PrivacyChoices, isOn: boolean) =>
    act(async () => {
      const isLoss = key === 'keepsHistory' && !isOn
      if (isLoss && !(await confirm({ title: '关闭并删除全部足迹？', confirmText: '关闭并删除', isDanger: true })))
        return
      setChoices(await api('buyer.setPrivacy', { body: { ...choices, [key]: isOn } }))
      toast('已保存', 'good')
    })
  const agreed = (kind: LegalKind) => data.consents.find((consent) => consent.kind === kind)
  return (
    <View>
      <NavBar title="隐私设置" back="me" />
      <Screen className="zg-screen-narrow">
        {data.deletion.state === 'cancelled' && data.deletion.cancelledAt !== null && (
          <View className="zg-panel" role="status" testId="leave-cancelled">
            <Text>你在 {timeText(data.deletion.cancelledAt)} 重新登录，之前的注销申请已取消。</Text>
          </View>
        )}
        <View className="zg-panel">
          {SWITCHES.map(({ key, title, text }) => (
            <View className="zg-row zg-privacy-row" key={key}>
              <View className="zg-grow">
                <Text>{title}</Text>
                <Text as="p" className="zg-small zg-muted">
                  {text}
                </Text>
              </View>
              <Switch
                isOn={choices[key]}
                label={title}
                testId={`privacy-${key}`}
                onChange={(isOn) => change(key, isOn)}
              />
            </View>
          ))}
        </View>
        <View className="zg-panel">
          <Text as="h2" className="zg-panel-title">
            我们保存了什么
          </Text>
          <Text as="p" className="zg-small zg-muted">
            微信账号信息、昵称和头像；你绑定的手机号、填写的生日和收货地址（加密保存）；订单、付款和售后记录；评价、收藏和浏览足迹。
          </Text>
        </View>
        <View className="zg-panel">
          <Text as="h2" className="zg-panel-title">
            协议与政策
          </Text>
          {TEXTS.map(({ kind, title }) => {
            const consent = agreed(kind)
            return (
              <Link className="zg-privacy-text" key={kind} to="legal" params={{ kind }}>
                <View>
                  <Text>{title}</Text>
                  {consent && (
                    <Text as="p" className="zg-small zg-muted">
                      {timeText(consent.agreedAt)} 已同意{consent.version > 0 && `第 ${consent.version} 版`}
                    </Text>
                  )}
                </View>
                <Icon name="chevron" className="zg-me-chevron" />
              </Link>
            )
          })}
        </View>
        <OwnData copies={data.copies} />
        <View className="zg-panel">
          <Link className="zg-privacy-text" to="leave" params={{}} testId="leave-link">
            <Text>注销账号</Text>
            <Icon name="chevron" className="zg-me-chevron" />
          </Link>
        </View>
      </Screen>
    </View>
  )
}

export default definePage<'privacy', PrivacyData>({
  name: 'privacy',
  access: 'buyer',
  load: async ({ api, shop }) => {
    const [choices, consents, copies, deletion] = await Promise.all([
      api('buyer.privacy'),
      api('buyer.consents', { params: { shopId: shop.id } }),
      api('buyer.ownDataCopies'),
      api('buyer.deletion'),
    ])
    return { choices, consents: consents.items, copies: copies.items, deletion }
  },
  head: () => ({ title: '隐私设置' }),
  View: PrivacyView,
})
