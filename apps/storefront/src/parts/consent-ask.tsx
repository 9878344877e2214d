import { type JSX, useEffect, useState } from '@hooks'
import { Button, Link, Sheet, Text, View } from '@kit'
import { confirm, forgetSession, toast } from '@platform'
import type { ConsentAsked } from '@zhanggui/contract'
import { useApp } from '../app.ts'
import { isCode, messageOf } from './use-act.ts'
import './consent-ask.css'

/** Shops whose texts are agreed to as they are now: not asked for again until the page is opened anew. */
const settled = new Set<string>()

/** Somebody else may sign in: the question is asked again. */
export const forgetConsents = (): void => settled.clear()

/**
 * Asks who has just signed in, or signed in before a text changed, to agree. Whoever does not is signed out; looking
 * around needs no consent. (GOV-08)
 */
export function ConsentAsk({ onSignedOut }: { onSignedOut: () => void }): JSX.Element | null {
  const { api, shop, cartCount } = useApp()
  const params = { shopId: shop.id }
  const [asked, setAsked] = useState<readonly ConsentAsked[]>([])
  const [isBusy, setBusy] = useState(false)
  const ask = () =>
    api('buyer.consentsAsked', { params }).then(
      ({ items }) => {
        setAsked(items)
        if (items.length === 0) settled.add(shop.id)
      },
      // whoever is not signed in is not asked; a failure is asked for on the next page
      () => undefined,
    )
  useEffect(() => {
    if (!settled.has(shop.id)) void ask()
  }, [shop.id])

  const run = async (work: () => Promise<void>) => {
    if (isBusy) return
    setBusy(true)
    try {
      await work()
    } catch (error) {
      toast(messageOf(error), 'bad')
      // a text has changed while it was being read
      if (isCode(error, 'CONFLICT')) await ask()
    } finally {
      setBusy(false)
    }
  }
  const agree = () =>
    run(async () => {
      const items = asked.map(({ kind, version }) => ({ kind, version }))
      await api('buyer.agreeToAll', { params, body: { items } })
      settled.add(shop.id)
      setAsked([])
    })
  const refuse = () =>
    run(async () => {
      const isSure = await confirm({
        title: '不同意将退出登录',
        content: '退出后仍可浏览商品，下单时需要登录并同意。',
        confirmText: '退出登录',
        cancelText: '再想想',
      })
      if (!isSure) return
      await api('auth.buyerSignOut')
      forgetSession()
      cartCount.set(0)
      setAsked([])
      onSignedOut()
    })
  if (asked.length === 0) return null
  const isChanged = asked.some(({ changed }) => changed)
  return (
    <Sheet
      isOpen
      onClose={refuse}
      title={isChanged ? '协议有更新' : '用户协议与隐私政策'}
      testId="consent"
      footer={
        <View className="zg-consent-keys">
          <Button kind="plain" size="large" testId="consent-refuse" onTap={refuse}>
            不同意
          </Button>
          <Button size="large" isBusy={isBusy} testId="consent-agree" onTap={agree}>
            同意并继续
          </Button>
        </View>
      }
    >
      <Text as="p">
        {isChanged
          ? `${shop.name}更新了下面的协议，请阅读后确认是否同意：`
          : `为了给你下单、发货和售后，${shop.name}需要使用你的微信账号信息、收货信息和订单信息。请先阅读：`}
      </Text>
      <View className="zg-consent-texts">
        {asked.map(({ kind, title }) => (
          <Link key={kind} className="zg-consent-text" to="legal" params={{ kind }} testId={`consent-${kind}`}>
            《{title}》
          </Link>
        ))}
      </View>
      <Text as="p" className="zg-small zg-muted">
        你可以随时在「我的 · 隐私设置」查看同意记录、导出数据或注销账号。
      </Text>
    </Sheet>
  )
}
